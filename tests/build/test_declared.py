"""Where an app says what it depends on."""

from pathlib import Path
from typing import Any

import pytest

from tabcorn.build.declared import find_requirements, requirements_in
from tabcorn.build.entry import find_entry
from tabcorn.build.locking import lock_path
from tabcorn.build.options import BuildOptions
from tabcorn.build.requirements import Requirements
from tabcorn.errors import UsageError

HEADER = """\
# /// script
# requires-python = ">=3.12"
# dependencies = [
#   "starlette",
# ]
# ///
app = 1
"""
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["starlette"]\n'


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    (tmp_path / "app/main.py").write_text("app = 1\n")
    return tmp_path / "app"


def found(app_dir: Path, **options: Any) -> Requirements:
    return find_requirements(
        find_entry("main:app", app_dir), BuildOptions(target="main:app", **options)
    )


def test_scripts_of_one_folder_share_no_lock(tmp_path: Path) -> None:
    names = []
    for name in ("main.py", "my.other.py"):
        (tmp_path / name).write_text("# /// script\n# dependencies = []\n# ///\n")
        found = requirements_in(tmp_path, tmp_path / name, (), frozenset())
        names.append(lock_path(found).name)
    assert names == ["pylock.tabcorn-main.toml", "pylock.tabcorn-my-other.toml"]
    assert lock_path(Requirements(tmp_path)).name == "pylock.tabcorn.toml"


def test_nothing_declared(app_dir: Path) -> None:
    assert found(app_dir) == Requirements(app_dir)


def test_files_given_by_hand_win(app_dir: Path) -> None:
    (app_dir / "main.py").write_text(HEADER)
    given = app_dir / "other.txt"
    assert found(app_dir, requirements=(given,)) == Requirements(app_dir, files=(given,))


def test_script_header(app_dir: Path) -> None:
    (app_dir / "main.py").write_text(HEADER)
    (app_dir / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir) == Requirements(
        app_dir, inline=("starlette",), requires_python=">=3.12", script=app_dir / "main.py"
    )


def test_pyproject_before_requirements(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text(PROJECT)
    (app_dir / "requirements.txt").write_text("starlette\n")
    assert found(app_dir) == Requirements(app_dir, pyproject=app_dir / "pyproject.toml")


def test_a_pyproject_for_tools_only_does_not_count(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text("[tool.ruff]\n")
    (app_dir / "requirements.txt").write_text("starlette\n")
    assert found(app_dir) == Requirements(app_dir, files=(app_dir / "requirements.txt",))


def test_a_pyproject_for_poetry_counts(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text('[tool.poetry.dependencies]\nh11 = "*"\n')
    assert found(app_dir).pyproject == app_dir / "pyproject.toml"


def test_the_nearest_declaration_counts(app_dir: Path) -> None:
    (app_dir / "requirements.txt").write_text("starlette\n")
    (app_dir.parent / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir).files == (app_dir / "requirements.txt",)


def test_a_declaration_above_counts_up_to_the_project_root(app_dir: Path) -> None:
    (app_dir.parent / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir).pyproject == app_dir.parent / "pyproject.toml"
    (app_dir / ".git").mkdir()
    assert found(app_dir) == Requirements(app_dir)


def test_excluded_packages_ride_along(app_dir: Path) -> None:
    assert found(app_dir, exclude_packages=frozenset({"uvloop"})).exclude == {"uvloop"}


def test_a_broken_header_is_the_users_to_repair(app_dir: Path) -> None:
    (app_dir / "main.py").write_text("# /// script\n# dependencies = [\n# ///\n")
    with pytest.raises(UsageError, match=r"header of .*main\.py is no valid TOML"):
        found(app_dir)


def test_a_broken_pyproject_is_the_users_to_repair(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text("[project\n")
    with pytest.raises(UsageError, match=r"pyproject\.toml is no valid TOML"):
        found(app_dir)


@pytest.mark.parametrize("content", [b'x = "\xff"', b"project = 3\n"])
def test_a_pyproject_that_makes_no_sense(app_dir: Path, content: bytes) -> None:
    (app_dir / "pyproject.toml").write_bytes(content)
    with pytest.raises(UsageError, match="pyproject"):
        found(app_dir)


def test_dependencies_that_are_no_list(app_dir: Path) -> None:
    (app_dir / "main.py").write_text('# /// script\n# dependencies = "h11"\n# ///\napp = 1\n')
    with pytest.raises(UsageError, match="no list of strings"):
        found(app_dir)


@pytest.mark.parametrize("name", ["setup.py", "setup.cfg"])
def test_a_project_of_setuptools_alone(app_dir: Path, name: str) -> None:
    (app_dir / "setup.cfg").write_text("[flake8]\n")
    assert found(app_dir) == Requirements(app_dir)
    (app_dir / name).write_text("[options]\n# setup(install_requires=[])\n")
    assert found(app_dir) == Requirements(app_dir, files=(app_dir / name,))
    (app_dir / "requirements.txt").write_text("")  # the pins, mostly
    assert found(app_dir).files == (app_dir / "requirements.txt",)


def test_a_pyproject_for_old_flit_counts(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text('[tool.flit.metadata]\nrequires = ["h11"]\n')
    assert found(app_dir).pyproject == app_dir / "pyproject.toml"


def test_a_mark_at_the_beginning_is_no_mistake(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text(PROJECT, encoding="utf-8-sig")
    assert found(app_dir).pyproject == app_dir / "pyproject.toml"


SOURCES = """\
# /// script
# dependencies = ["Some.Lib[fast]>=1 ; sys_platform == 'emscripten'", "h11", "web"]
# [tool.uv.sources]
# some-lib = { path = "../lib", editable = true }
# web = { url = "https://example.org/web-1.0-py3-none-any.whl" }
# ///
app = 1
"""


def test_sources_in_a_script_header_count(app_dir: Path) -> None:
    (app_dir / "main.py").write_text(SOURCES)
    assert found(app_dir).inline == (
        'Some.Lib[fast] @ ../lib ; sys_platform == "emscripten"',
        "h11",
        "web @ https://example.org/web-1.0-py3-none-any.whl",
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("url =", "git =", "a source of web that is neither"),
        ("[tool.uv.sources]", "[[tool.uv.index]]", "'index' under .*Put it into .*uv.toml"),
    ],
)
def test_settings_that_a_script_header_cannot_have(
    app_dir: Path, old: str, new: str, message: str
) -> None:
    (app_dir / "main.py").write_text(SOURCES.replace(old, new))
    with pytest.raises(UsageError, match=message):
        found(app_dir)
