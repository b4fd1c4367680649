"""What a first visit downloads, by part and by package, for the report of a build.

Runs on CPython at build time. Packages share one compressed archive: what is one's own is its part
of the archive, by the size that each has when it is compressed alone.
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
        """Bytes in an archive of its own, about."""
        return compressed(self.files)

    @property
    def unpacked(self) -> int:
        """Bytes in the tab's memory."""
        return sum(map(len, self.files.values()))


@dataclass(frozen=True)
class Share:
    """Bytes of one package: what a first visit downloads, and what that unpacks to."""

    name: str
    version: str
    download: int
    unpacked: int


@dataclass(frozen=True)
class Chance:
    """A way to a smaller site: bytes of a download, what they are, how to leave them out."""

    saves: int
    what: str
    how: str


@dataclass(frozen=True)
class Weight:
    """The report of a build. `parts` are bytes that a first visit downloads."""

    parts: Mapping[str, int]
    packages: tuple[Share, ...] = ()
    """The biggest first; together they are the part of that name."""
    unpacked: int = 0
    """Bytes of all that after decompression."""
    chances: tuple[Chance, ...] = ()
    """The biggest first."""

    @property
    def download(self) -> int:
        """Bytes in all."""
        return sum(self.parts.values())


def compressed(files: Mapping[str, bytes]) -> int:
    """Estimate how many bytes files take in an archive."""
    squeezer = zlib.compressobj(1)
    sizes = [len(squeezer.compress(data)) for data in files.values()]
    return sum(sizes) + len(squeezer.flush())


def scale_of(packages: Sequence[Laid], stored: int) -> float:
    """Say what an archive of `stored` bytes makes of the bytes that packages have alone."""
    return stored / (sum(each.compressed for each in packages) or 1)


def shares(packages: Sequence[Laid], stored: int) -> tuple[Share, ...]:
    """Split the `stored` bytes of the packages' archive among them, the biggest share first."""
    scale = scale_of(packages, stored)
    found = [
        Share(each.name, each.version, round(scale * each.compressed), each.unpacked)
        for each in packages
    ]
    return tuple(sorted(found, key=lambda share: (-share.download, share.name)))
