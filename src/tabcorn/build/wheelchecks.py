"""What makes a wheel one that is not to be trusted, or that cannot be what its name says.

Runs on CPython at build time, before anything of the wheel is read but its metadata.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable
from email.parser import HeaderParser
from pathlib import PurePosixPath

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from tabcorn.errors import WheelError

MAX_UNPACKED = 1_000_000_000
"""Bytes. No tab has room for more; small files that unpack to more are made to do harm."""

_REMEDY = "Such a wheel is broken or hostile; leave the package out or use another version."


def check_wheel(archive: zipfile.ZipFile, wheel: str) -> None:
    """Raise WheelError unless the wheel named `wheel` can be unpacked into a folder of its own."""
    check_members(archive, wheel)
    _require_named(archive, wheel)


def check_members(archive: zipfile.ZipFile, wheel: str) -> None:
    """Do so for an archive that is no wheel, and has no metadata."""
    members = archive.infolist()
    for info in members:
        _require_safe(info, wheel)
    _require_unambiguous(members, wheel)
    _require_bounded(members, wheel)


def _require_safe(info: zipfile.ZipInfo, wheel: str) -> None:
    name = info.filename
    path = PurePosixPath(name)
    climbs = path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name
    # A colon would name a drive or a stream on Windows.
    odd = not path.parts or ":" in path.parts[0]
    if climbs or odd or stat.S_ISLNK(info.external_attr >> 16):
        raise WheelError(
            f"The wheel {wheel} holds {name!r}, which would land outside of its folder.\n{_REMEDY}"
        )


def _require_unambiguous(members: Iterable[zipfile.ZipInfo], wheel: str) -> None:
    """Refuse two files of one name: readers differ about which of them counts."""
    files: dict[PurePosixPath, tuple[int, int]] = {}
    folders: set[PurePosixPath] = set()
    for info in members:
        path, content = PurePosixPath(info.filename), (info.CRC, info.file_size)
        folders.update([path] if info.is_dir() else [], path.parents)
        if not info.is_dir() and files.setdefault(path, content) != content:
            raise WheelError(f"The wheel {wheel} holds two files {str(path)!r}.\n{_REMEDY}")
    if both := sorted(files.keys() & folders):
        name = str(both[0])
        raise WheelError(f"The wheel {wheel} holds {name!r} as a file and as a folder.\n{_REMEDY}")


def _require_bounded(members: Iterable[zipfile.ZipInfo], wheel: str) -> None:
    size = sum(info.file_size for info in members)
    if size > MAX_UNPACKED:
        raise WheelError(
            f"The wheel {wheel} unpacks to {size // 1_000_000} MB, which is too much for a "
            "browser tab.\nLeave the package out with --exclude-package."
        )


def _require_named(archive: zipfile.ZipFile, wheel: str) -> None:
    """Compare the wheel's name with what its METADATA says, as installers do."""
    try:
        name, version, _, _ = parse_wheel_filename(wheel)
        found_name, found_version = _metadata(archive)
        same = canonicalize_name(found_name) == name and Version(found_version) == version
    except (InvalidWheelFilename, InvalidVersion, KeyError) as error:
        raise WheelError(
            f"The wheel {wheel} does not say what it is: {_words(error)}.\n{_REMEDY}"
        ) from error
    if not same:
        raise WheelError(
            f"The wheel {wheel} is {found_name} {found_version} by its own METADATA.\n"
            "Somebody gave it another name; get the right file, or leave the package out."
        )


def _metadata(archive: zipfile.ZipFile) -> tuple[str, str]:
    """Give Name and Version. Raises KeyError."""
    names = (PurePosixPath(name) for name in archive.namelist())
    infos = [path for path in names if path.match("*.dist-info/METADATA") and len(path.parts) == 2]
    if len(infos) != 1:
        raise KeyError(f"it has {len(infos)} METADATA files instead of one")
    text = archive.read(str(infos[0])).decode("utf-8", "replace")
    headers = HeaderParser().parsestr(text)
    if not (headers["Name"] and headers["Version"]):
        raise KeyError("its METADATA lacks Name or Version")
    return headers["Name"], headers["Version"]


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else str(error)
