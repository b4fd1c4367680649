"""Wheels built without a compiler. The index is used for setuptools only."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from tabcorn.build.cache import Cache, sha256_of
from tabcorn.build.pure import build_pure
from tabcorn.errors import PureBuildError

pytestmark = pytest.mark.network

# An in-tree backend needs nothing from the index, and setuptools is what most sdists use.
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
EXTENSION = """
from setuptools import Extension, setup
setup(
    name="thing",
    version="1.0",
    py_modules=["thing"],
    ext_modules=[Extension("_speed", ["speed.c"], optional={optional})],
)
"""


def make_sdist(folder: Path, setup: str, **files: str) -> Path:
    path = folder / "thing-1.0.tar.gz"
    contents = {"setup.py": setup, "pyproject.toml": SETUPTOOLS, "thing.py": "X = 1\n", **files}
    with tarfile.open(path, "w:gz") as archive:
        for name, text in contents.items():
            info = tarfile.TarInfo(f"thing-1.0/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_an_optional_extension_is_done_without(tmp_path: Path, cache: Cache) -> None:
    sdist = make_sdist(tmp_path, EXTENSION.format(optional=True), **{"speed.c": "int x;"})
    wheel = build_pure(sdist, sha256_of(sdist), cache, tmp_path)
    assert wheel.path.name == "thing-1.0-py3-none-any.whl"
    assert wheel.sha256 == sha256_of(wheel.path)
    with zipfile.ZipFile(wheel.path) as archive:
        description = archive.read("thing-1.0.dist-info/WHEEL").decode()
        assert "thing.py" in archive.namelist()
    assert description.splitlines()[-2:] == ["Root-Is-Purelib: true", "Tag: py3-none-any"]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path, cache: Cache) -> None:
    sdist = make_sdist(tmp_path, EXTENSION.format(optional=True), **{"speed.c": ""})
    first = build_pure(sdist, sha256_of(sdist), cache, tmp_path)
    second = build_pure(sdist, sha256_of(sdist), Cache(tmp_path / "other"), tmp_path)
    assert first.sha256 == second.sha256


def test_a_source_is_built_once(tmp_path: Path, cache: Cache) -> None:
    sdist = make_sdist(tmp_path, EXTENSION.format(optional=True), **{"speed.c": ""})
    sha256 = sha256_of(sdist)
    first = build_pure(sdist, sha256, cache, tmp_path)
    sdist.unlink()
    assert build_pure(sdist, sha256, cache, tmp_path) == first


def test_a_required_extension_fails_and_names_the_cause(tmp_path: Path, cache: Cache) -> None:
    sdist = make_sdist(tmp_path, EXTENSION.format(optional=False), **{"speed.c": ""})
    with pytest.raises(PureBuildError, match="needs a C compiler"):
        build_pure(sdist, sha256_of(sdist), cache, tmp_path)


def test_compiled_code_that_was_shipped_is_found(tmp_path: Path, cache: Cache) -> None:
    setup = (
        "from setuptools import setup\n"
        'setup(name="thing", version="1.0", packages=["p"], package_data={"p": ["*.so"]})'
    )
    sdist = make_sdist(tmp_path, setup, **{"p/__init__.py": "", "p/_fast.so": "ELF"})
    with pytest.raises(PureBuildError, match=r"compiled code all the same \(p/_fast\.so\)"):
        build_pure(sdist, sha256_of(sdist), cache, tmp_path)


def test_a_build_that_breaks_is_quoted(tmp_path: Path, cache: Cache) -> None:
    sdist = make_sdist(tmp_path, "raise SystemExit('the author made a mistake')")
    with pytest.raises(PureBuildError, match=r"its build failed:\n(.*\n)*.*the author made"):
        build_pure(sdist, sha256_of(sdist), cache, tmp_path)


def test_a_folder_is_built_anew_each_time_and_left_as_it_is(tmp_path: Path, cache: Cache) -> None:
    """Nothing of an earlier build gets in, and a read-only folder is no obstacle."""
    folder = tmp_path / "thing"
    (folder / "src/thing").mkdir(parents=True)
    project = '[project]\nname = "thing"\nversion = "1.0"\n'
    texts = {"pyproject.toml": project + SETUPTOOLS, "MANIFEST.in": "include src/thing/*.dat\n"}
    for name in ("src/thing/__init__.py", "src/thing/gone.py", "src/thing/x.dat"):
        texts[name] = ""
    for name, text in texts.items():
        (folder / name).write_text(text)
    assert build_pure(folder, None, cache, folder)
    assert {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} == texts.keys()
    (folder / "src/thing/gone.py").unlink()
    wheel = build_pure(folder, None, cache, folder)
    with zipfile.ZipFile(wheel.path) as archive:
        names = {name for name in archive.namelist() if "dist-info" not in name}
    assert names == {"thing/__init__.py", "thing/x.dat"}


def test_a_folder_is_built_with_the_users_environment(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that comes from version control can be given in a variable instead."""
    monkeypatch.setenv("THE_VERSION", "7.1")
    setup = 'import os\nfrom setuptools import setup\nsetup(name="thing", version='
    (tmp_path / "setup.py").write_text(f"{setup}os.environ['THE_VERSION'])\n")
    assert build_pure(tmp_path, None, cache, tmp_path).path.name == "thing-7.1-py3-none-any.whl"
