"""From requirements to packages, whole: a folder of wheels offline, real packages by network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, resolve_closure
from tabcorn.build.progress import Progress, Silent
from tabcorn.build.resolve import Requirements
from tabcorn.errors import DownloadError, UnavailableError
from tests.build.making import Recorder, make_project, make_wheel


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose packages come from a folder of wheels."""
    root, wheels = make_project(tmp_path)
    make_wheel(wheels, {"pure.py": "X = 1"}, "pure")
    make_wheel(wheels, {"alien.so": ""}, "alien", tag="cp314-cp314-manylinux_2_28_x86_64")
    return root


def test_wheels_of_a_folder(root: Path, cache: Cache) -> None:
    recorder = Recorder()
    closure = resolve_closure(Requirements(root, inline=("pure",)), cache, recorder)
    (package,) = closure.packages
    assert (package.name, package.version, package.how) == ("pure", "1.0", "wheel")
    assert package.files()["pure.py"] == b"X = 1"
    assert list(recorder.steps) == ["Resolve the app's packages", "Download 1 package"]


def test_the_same_again_fetches_nothing(root: Path, cache: Cache) -> None:
    requirements = Requirements(root, inline=("pure",))
    first, recorder = resolve_closure(requirements, cache, Silent()), Recorder()
    assert resolve_closure(requirements, cache, recorder) == first
    assert list(recorder.steps) == ["Resolve the app's packages"]


def test_pinned_hashes_are_compared(root: Path, cache: Cache) -> None:
    file = root / "requirements.txt"
    file.write_text(f"pure==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(DownloadError, match="no --hash of pure"):
        resolve_closure(Requirements(root, files=(file,)), cache, Silent())


def test_what_cannot_run_is_named_with_its_chain(root: Path, cache: Cache) -> None:
    with pytest.raises(UnavailableError) as caught:
        resolve_closure(Requirements(root, inline=("pure", "alien")), cache, Silent())
    message = str(caught.value)
    assert "alien 1.0 (required by the app): its only wheel is not for Pyodide" in message
    assert "pure 1.0" not in message


def test_an_excluded_package_is_left_out(root: Path, cache: Cache) -> None:
    requirements = Requirements(root, inline=("pure", "alien"), exclude=frozenset({"alien"}))
    closure = resolve_closure(requirements, cache, Silent())
    assert [package.name for package in closure.packages] == ["pure"]
    assert [entry.name for entry in closure.left_out] == ["alien"]


def test_what_a_machine_has_comes_along(tmp_path: Path, cache: Cache) -> None:
    root, wheels = make_project(tmp_path)
    make_wheel(wheels, {"django.py": ""}, "django")
    make_wheel(wheels, {"tzdata.py": ""}, "tzdata")
    closure = resolve_closure(Requirements(root, inline=("django",)), cache, Silent())
    assert [package.name for package in closure.packages] == ["django", "tzdata"]
    without = Requirements(root, inline=("django",), exclude=frozenset({"tzdata"}))
    closure = resolve_closure(without, cache, Silent())
    assert [package.name for package in closure.packages] == ["django"]


def test_a_file_that_vanished_is_named(root: Path, cache: Cache, tmp_path: Path) -> None:
    wheel = tmp_path / "wheels" / "pure-1.0-py3-none-any.whl"
    requirement = f"pure @ {wheel.as_uri()}"
    resolve_closure(Requirements(root, inline=(requirement,)), cache, Silent())

    class Vanishing(Silent):
        def step(self, name: str, total: int | None = None):  # type: ignore[no-untyped-def]
            if name.startswith("Download"):
                wheel.unlink()
            return super().step(name, total)

    with pytest.raises(DownloadError, match=r"pure-1\.0-py3-none-any\.whl cannot be read"):
        resolve_closure(
            Requirements(root, inline=(requirement,)), Cache(tmp_path / "other"), Vanishing()
        )


def test_a_local_project_is_built(cache: Cache, tmp_path: Path) -> None:
    """A path dependency; its in-tree backend needs no index."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "mine"\nversion = "3"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (folder / "backend.py").write_text(BACKEND)
    closure = resolve_closure(Requirements(tmp_path, inline=("mine @ ./mine",)), cache, Silent())
    (package,) = closure.packages
    assert (package.name, package.version, package.how) == ("mine", "3", "pure build")
    assert package.files()["mine.py"] == b"Y = 2"


BACKEND = """
import zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "mine-3-py3-none-any.whl"
    info = "mine-3.dist-info"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as archive:
        archive.writestr("mine.py", "Y = 2")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: mine\\nVersion: 3\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return name
"""


def closure_of(*requirements: str, progress: Progress | None = None) -> Closure:
    """Resolve real packages through the user's own cache, so that few runs download."""
    root = Path(__file__).parent
    return resolve_closure(
        Requirements(root, inline=requirements), Cache.default(), progress or Silent()
    )


@pytest.mark.network
def test_fastapi() -> None:
    closure = closure_of("fastapi", "jinja2", "python-multipart")
    how = {package.name: package.how for package in closure.packages}
    assert how["fastapi"] == how["pydantic-core"] == "wheel"
    assert how["markupsafe"] == "pure build"
    files = {path for package in closure.packages for path in package.files()}
    assert "fastapi/__init__.py" in files
    assert not any(path.endswith(("linux-gnu.so", ".pyd")) for path in files)


@pytest.mark.network
def test_datasette_comes_without_installers() -> None:
    closure = closure_of("datasette==1.0a41")
    assert {entry.name for entry in closure.left_out} == {"pip", "setuptools"}
    how = {package.name: package.how for package in closure.packages}
    assert how["pyyaml"] == "pure build"


@pytest.mark.network
def test_packages_with_optional_compiled_parts() -> None:
    closure = closure_of("tornado", "wrapt", "pyyaml", "markupsafe")
    assert not [path for p in closure.packages for path in p.files() if path.endswith(".so")]


@pytest.mark.network
def test_standard_extras_lose_their_server_parts_only() -> None:
    left_out = {entry.name for entry in closure_of("fastapi[standard]").left_out}
    assert {"uvloop", "httptools", "watchfiles"} <= left_out
