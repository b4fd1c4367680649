"""Unpack a wheel into the files of site-packages, and leave out what no tab needs.

Runs on CPython at build time. A wheel is foreign data: its paths may neither climb out of
the tree nor be links, and nothing of it is written to disk here.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tabcorn.build.needless import is_needed, without_needless
from tabcorn.build.wheelchecks import check_members, check_wheel
from tabcorn.errors import WheelError

# About the file itself or its installation, of which there is none.
LEFT_OUT_METADATA = (
    "RECORD",
    "RECORD.jws",
    "RECORD.p7s",
    "INSTALLER",
    "REQUESTED",
    "direct_url.json",
)


def unpack(wheel: Path) -> dict[str, bytes]:
    """Read a wheel: path in site-packages -> contents, sorted by path. Raises WheelError."""
    return dict(sorted(without_needless(_files(wheel, check_wheel, _of_wheel)).items()))


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
    in_metadata = len(path.parts) == 2 and path.parts[0].endswith(".dist-info")
    return is_needed(str(path)) and not (in_metadata and path.name in LEFT_OUT_METADATA)
