"""Which files a first visit waits for, and which come when the app is up.

Runs on CPython at build time. What the rehearsal opened until the front page was shown comes
first, in packs of its own; the rest is cut into packs small enough to be fetched for one file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tabcorn.build.bytecode import pyc_path
from tabcorn.build.contents import LIBRARIES, SITE_PACKAGES, Contents
from tabcorn.build.packs import Files, Pack, Part, make_pack
from tabcorn.build.project import CWD
from tabcorn.build.weight import Laid

LARGE = 100_000
"""Bytes. The app's own files come first, unless they are larger than this and were not opened."""
SLICE = 1_000_000
"""Bytes, unpacked, of a pack that is needed later; a larger file has one of its own."""

_SERVER = f"/{SITE_PACKAGES}/tabcorn/"


@dataclass(frozen=True)
class NamedPack:
    """A pack of a site."""

    name: str
    part: Part
    later: bool
    pack: Pack


def split(parts: Mapping[Part, Files], opened: Collection[str] | None) -> list[NamedPack]:
    """Make the packs. `opened` are absolute paths, None when the app was not tried."""
    return [pack for part, files in parts.items() for pack in _packs(part, files, opened)]


def _packs(part: Part, files: Files, opened: Collection[str] | None) -> Iterator[NamedPack]:
    in_order = {path: files[path] for path in sorted(files, key=_order)}
    first = {path: d for path, d in in_order.items() if is_first(part, path, files, opened)}
    pack = make_pack(first, [CWD] if part == "app" else ())
    yield NamedPack(part, part, False, pack)
    later = {path: data for path, data in in_order.items() if path not in first}
    for n, slice_ in enumerate(_slices(later)):
        yield NamedPack(f"{part}-later-{n}", part, True, make_pack(slice_))


def is_first(part: Part, path: str, files: Files, opened: Collection[str] | None) -> bool:
    """Tell whether a first visit waits for a file."""
    if part == "app":
        return len(files[path]) <= LARGE or opened is None or path in opened
    if _is_source(path, files):
        return opened is not None and path in opened
    return opened is None or path in opened or path.startswith(_SERVER)


def _is_source(path: str, files: Files) -> bool:
    """Tell sources that are there for tracebacks: their bytecode is what runs."""
    return path.endswith(".py") and pyc_path(path) in files


def _order(path: str) -> tuple[bool, bool, str]:
    """Put like beside like, which compresses better: bytecode, sources, data."""
    return (not path.endswith(".pyc"), not path.endswith(".py"), path)


def _slices(files: Files) -> Iterator[dict[str, bytes]]:
    current: dict[str, bytes] = {}
    size = 0
    for path, data in files.items():
        if current and size + len(data) > SLICE:
            yield current
            current, size = {}, 0
        current[path] = data
        size += len(data)
    if current:
        yield current


def parted(contents: Contents, opened: Collection[str] | None) -> tuple[list[Laid], list[Laid]]:
    """Give each package's files that come first, and its others."""
    files = contents.parts["packages"]
    placed = [(f"/{SITE_PACKAGES}", each) for each in contents.packages]
    placed += [(LIBRARIES, each) for each in contents.libraries]
    first, later = [], []
    for at, each in placed:
        comes = {p for p in each.files if is_first("packages", f"{at}/{p}", files, opened)}
        first.append(_only(each, comes))
        later.append(_only(each, each.files.keys() - comes))
    return first, later


def _only(package: Laid, paths: Collection[str]) -> Laid:
    files = {path: data for path, data in package.files.items() if path in paths}
    return Laid(package.name, package.version, files)
