"""What a first visit downloads, by part and by package, for the report of a build.

Runs on CPython at build time. Packages share compressed packs: what is one's own is its part of
them, by the size that each has when it is compressed alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Laid:
    """A package as it lies in the site: sources, bytecode and whatever else it has."""

    name: str
    version: str
    files: Mapping[str, bytes] = field(repr=False)
    """Path in site-packages -> contents."""

    @cached_property
    def compressed(self) -> int:
        """Bytes in a pack of its own, about."""
        return compressed(self.files) if self.files else 0

    @property
    def unpacked(self) -> int:
        """Bytes in the tab's memory."""
        return sum(map(len, self.files.values()))


@dataclass(frozen=True)
class Share:
    """Bytes of one package."""

    name: str
    version: str
    download: int
    """Fetched before the page is visible."""
    later: int
    """Fetched when it is."""
    unpacked: int
    """What both come to."""


@dataclass(frozen=True)
class Chance:
    """A way to a smaller site: bytes of a download, what they are, how to leave them out."""

    saves: int
    what: str
    how: str


@dataclass(frozen=True)
class Weight:
    """The report of a build. `parts` are bytes that are downloaded before the page is visible."""

    parts: Mapping[str, int]
    packages: tuple[Share, ...] = ()
    """The biggest first; together they are the part of that name."""
    later: Mapping[str, int] = field(default_factory=dict)
    """By the same names: bytes that are downloaded when the page is visible."""
    unpacked: int = 0
    """Bytes of all that after decompression."""
    chances: tuple[Chance, ...] = ()
    """The biggest first."""

    @property
    def download(self) -> int:
        """Bytes until the page is visible."""
        return sum(self.parts.values())


def compressed(files: Mapping[str, bytes]) -> int:
    """Estimate how many bytes files take in an archive."""
    squeezer = zlib.compressobj(1)
    sizes = [len(squeezer.compress(data)) for data in files.values()]
    return sum(sizes) + len(squeezer.flush())


def scale_of(packages: Sequence[Laid], stored: int) -> float:
    """Say what packs of `stored` bytes make of the bytes that packages have alone."""
    return stored / (sum(each.compressed for each in packages) or 1)


def shares(
    packages: Sequence[Laid], later: Sequence[Laid], stored: int, stored_later: int
) -> tuple[Share, ...]:
    """Split stored bytes among packages, the biggest share first.

    `packages` have the files that come first, `later` in the same order their others.
    """
    scale, scale_later = scale_of(packages, stored), scale_of(later, stored_later)
    found = [
        Share(
            each.name,
            each.version,
            round(scale * each.compressed),
            round(scale_later * rest.compressed),
            each.unpacked + rest.unpacked,
        )
        for each, rest in zip(packages, later, strict=True)
    ]
    return tuple(sorted(found, key=lambda share: (-share.download, -share.later, share.name)))
