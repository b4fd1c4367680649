"""The app's own project in a site, as if it were installed there; its builds need no index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, resolve_closure
from tabcorn.build.installed import install_own
from tabcorn.build.options import BuildOptions
from tabcorn.build.project import load_project
from tabcorn.build.reporter import Quiet
from tabcorn.errors import BuildError, UsageError

STATIC = '[project]\nname = "mypkg"\nversion = "1.5"\n'
DYNAMIC = """
[project]
name = "mypkg"
dynamic = ["version"]
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# A backend that writes a version file, takes the package from lib/, and knows its version.
BACKEND = """
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    info = "mypkg-2.5.dist-info"
    files = {
        "mypkg/__init__.py": "", "mypkg/_version.py": "V = 2", "mypkg/secret.csv": "",
        "extra.py": "", f"{info}/WHEEL": "Wheel-Version: 1.0\\n", f"{info}/RECORD": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: mypkg\\nVersion: 2.5\\n",
    }
    name = "mypkg-2.5-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""


COUNTING = """
_build = build_wheel
def build_wheel(*arguments, **options):
    with open("../builds.txt", "a") as count, open("src/mypkg/_version.py", "w") as version:
        count.write("1")
        version.write("V = 2")
    return _build(*arguments, **options)
"""


class Made:
    """The app's files and its packages' files, by path."""

    def __init__(self, root: Path, anew: bool = True, **options: object) -> None:
        chosen = BuildOptions("mypkg:app", app_dir=root, **options)  # type: ignore[arg-type]
        project, self.reporter, cache = load_project(chosen), Quiet(), Cache(root.parent / "cache")
        closure = Closure(())
        if project.requirements.files:
            closure = resolve_closure(project.requirements, cache, self.reporter)
        project, closure = install_own(project, closure, cache, self.reporter, anew=anew)
        self.app = set(project.files)
        self.files = project.files
        self.packages = {path for each in closure.packages for path in each.files()}
        self.names = [(each.name, each.version) for each in closure.packages]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src/mypkg").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "src/mypkg/__init__.py").write_text("app = 1\n")
    (root / "backend.py").write_text(BACKEND)
    return root


def test_metadata_comes_along_and_sources_stay_where_they_are(root: Path) -> None:
    (root / "pyproject.toml").write_text(STATIC)
    made = Made(root)
    assert made.names == [("mypkg", "1.5")]
    assert made.packages == {"mypkg-1.5.dist-info/METADATA", "mypkg-1.5.dist-info/WHEEL"}
    assert "src/mypkg/__init__.py" in made.app


def test_of_a_build_only_what_is_missing_is_taken(root: Path) -> None:
    (root / "pyproject.toml").write_text(DYNAMIC)
    made = Made(root, exclude=("*.csv",))
    assert made.names == [("mypkg", "2.5")]
    assert made.app >= {"src/mypkg/__init__.py", "src/mypkg/_version.py"}
    assert made.packages == {
        "extra.py",
        "mypkg-2.5.dist-info/METADATA",
        "mypkg-2.5.dist-info/WHEEL",
    }


def test_a_version_file_of_an_earlier_build_does_not_count(root: Path) -> None:
    (root / "pyproject.toml").write_text(DYNAMIC)
    (root / "src/mypkg/_version.py").write_text("V = 1")
    assert Made(root).files["src/mypkg/_version.py"] == b"V = 2"


def test_a_package_that_only_a_build_puts_in_its_place(root: Path) -> None:
    (root / "pyproject.toml").write_text(DYNAMIC)
    (root / "src").rename(root / "lib")
    assert "mypkg/__init__.py" in Made(root).packages


def test_a_project_that_requires_itself_is_there_once(root: Path) -> None:
    (root / "pyproject.toml").write_text(DYNAMIC)
    (root / "requirements.txt").write_text("mypkg @ .\n")
    made = Made(root, requirements=(root / "requirements.txt",))
    assert made.names == [("mypkg", "2.5")]
    assert "mypkg/__init__.py" not in made.packages


def test_a_build_that_fails_is_remarked_upon(root: Path) -> None:
    (root / "pyproject.toml").write_text(DYNAMIC)
    (root / "backend.py").write_text("def build_wheel(*_, **__): raise ValueError('no tags')")
    made = Made(root)
    (remark,) = made.reporter.remarks
    assert remark.startswith("The site has no metadata of mypkg")
    assert "no tags" in remark
    (root / "src").rename(root / "lib")  # then nothing else has the app
    with pytest.raises(BuildError, match="no tags"):
        Made(root)


def test_while_it_is_developed_it_is_built_when_its_files_change(root: Path) -> None:
    """A build that writes a file among the sources must not bring about another for ever."""
    (root / "pyproject.toml").write_text(DYNAMIC)
    (root / "backend.py").write_text(BACKEND + COUNTING)
    for _ in range(4):
        Made(root, anew=False)
    assert (root.parent / "builds.txt").read_text() == "11"  # and not a third time
    Made(root)
    assert (root.parent / "builds.txt").read_text() == "111"


def test_a_script_is_part_of_no_project(root: Path) -> None:
    (root / "pyproject.toml").write_text(STATIC)
    (root / "src/mypkg/__init__.py").write_text("# /// script\n# dependencies = []\n# ///\napp=1\n")
    assert Made(root).names == []


def test_a_project_that_cannot_be_read(root: Path) -> None:
    (root / "pyproject.toml").write_text(STATIC + 'optional-dependencies = ["x"]\n')
    with pytest.raises(UsageError, match=r"\[project\] in .* is not as it should be"):
        Made(root)
