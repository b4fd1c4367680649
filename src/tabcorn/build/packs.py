"""Packs: files one behind the other, and a listing that says which lies where.

Runs on CPython at build time. runtime/host/files.js makes a tab's file system of them. Nothing of
the build machine gets in: no time, owner or mode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Literal

Files = Mapping[str, bytes]
"""Absolute path in the tab -> contents."""

Part = Literal["python", "packages", "app"]
"""Python's own library; packages with the shared libraries that they need; the app's folder."""


@dataclass(frozen=True)
class Pack:
    """`listing` is what JavaScript calls `Folder[]`: [folder, name, size, name, size, ...]."""

    listing: tuple[tuple[str | int, ...], ...]
    data: bytes = field(repr=False)


def make_pack(files: Files, folders: Iterable[str] = ()) -> Pack:
    """Pack files in their order. `folders` are there even if nothing is in them."""
    listing = [_folder(parent, [*paths], files) for parent, paths in groupby(files, _parent)]
    empty = [(folder,) for folder in folders]
    return Pack((*empty, *listing), b"".join(files.values()))


def _folder(parent: str, paths: list[str], files: Files) -> tuple[str | int, ...]:
    named = [(PurePosixPath(path).name, len(files[path])) for path in paths]
    return (parent, *(each for pair in named for each in pair))


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)


def write_packs(packs: Iterable[Pack], folder: Path, name: str = "pack") -> list[dict[str, object]]:
    """Lay packs out for a script of node/ (`packs` of interpreter.mjs)."""
    laid: list[dict[str, object]] = []
    for n, pack in enumerate(packs):
        path = folder / f"{name}-{n}"
        path.write_bytes(pack.data)
        laid.append({"listing": pack.listing, "data": str(path)})
    return laid
