"""Unpack a wheel into the files of site-packages, and leave out what no tab needs.

Runs on CPython at build time. A wheel is foreign data: its paths may neither climb out of
the tree nor be links, and nothing of it is written to disk here.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tabcorn.build.wheelchecks import check_members, check_wheel
from tabcorn.errors import WheelError

# What is left out. Anything else stays, since a package may read any of its files when it runs.
LEFT_OUT_FOLDERS = frozenset({"__pycache__"})  # bytecode of another interpreter
LEFT_OUT_SUFFIXES = (".pyi",)  # for type checkers
LEFT_OUT_METADATA = (
    "RECORD",
    "RECORD.jws",
    "RECORD.p7s",
    "INSTALLER",
    "REQUESTED",
    "direct_url.json",
)
# A folder of tests inside a package, unless a module of the package imports it. Only this name:
# `test` and `testing` are API in django, numpy, sqlalchemy and others.
TESTS_FOLDER = "tests"
_IMPORTS_TESTS = re.compile(rb"^[ \t]*(?:from|import)\b[^\n#]*\btests\b", re.MULTILINE)


def unpack(wheel: Path) -> dict[str, bytes]:
    """Read a wheel: path in site-packages -> contents, sorted by path. Raises WheelError."""
    return dict(sorted(_without_tests(_files(wheel, check_wheel, _of_wheel)).items()))


def unpack_library(archive: Path) -> dict[str, bytes]:
    """Read an archive of shared libraries, all of it. Raises WheelError."""
    return dict(sorted(_files(archive, check_members, lambda path: path).items()))


_Check = Callable[[zipfile.ZipFile, str], None]
_Place = Callable[[PurePosixPath], PurePosixPath | None]


def _files(wheel: Path, check: _Check, place: _Place) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            check(archive, wheel.name)
            return _read(archive, place)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError) as error:
        raise WheelError(
            f"The wheel {wheel.name} is damaged: {error}.\n"
            f"Delete {wheel} and build again; if it stays so, report it to the package's authors."
        ) from error


def _read(archive: zipfile.ZipFile, place: _Place) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for info in archive.infolist():
        path = None if info.is_dir() else place(PurePosixPath(info.filename))
        if path is not None:
            files[str(path)] = archive.read(info)
    return files


def _of_wheel(path: PurePosixPath) -> PurePosixPath | None:
    installed = _installed_path(path)
    return installed if installed and _is_needed(installed) else None


def _installed_path(path: PurePosixPath) -> PurePosixPath | None:
    """Map the wheel's `*.data` folder: libraries move up, scripts, headers and data stay out."""
    if not path.parts[0].endswith(".data"):
        return path
    if len(path.parts) > 2 and path.parts[1] in ("purelib", "platlib"):
        return PurePosixPath(*path.parts[2:])
    return None


def _is_needed(path: PurePosixPath) -> bool:
    if LEFT_OUT_FOLDERS.intersection(path.parts[:-1]) or path.name.endswith(LEFT_OUT_SUFFIXES):
        return False
    in_metadata = len(path.parts) == 2 and path.parts[0].endswith(".dist-info")
    return not (in_metadata and path.name in LEFT_OUT_METADATA)


def _without_tests(files: dict[str, bytes]) -> dict[str, bytes]:
    kept = {path: content for path, content in files.items() if not _is_test(path)}
    for path, content in kept.items():
        if path.endswith(".py") and _IMPORTS_TESTS.search(content):
            return files  # something that stays imports tests: be careful, keep them all
    return kept


def _is_test(path: str) -> bool:
    return TESTS_FOLDER in path.split("/")[1:-1]
