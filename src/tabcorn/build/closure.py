"""From requirements to the packages that ride along: the packaging steps in order.

Runs on CPython at build time. `resolve_closure` is the only function that the rest of the
builder needs; it either returns everything the app requires or raises one BuildError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tabcorn.build.cache import Cache
from tabcorn.build.progress import Progress
from tabcorn.build.resolve import Requirements
from tabcorn.build.select import LeftOut

How = Literal["wheel", "pure build"]


@dataclass(frozen=True)
class Package:
    """One package of the site: a wheel in the cache, its hash already checked."""

    name: str
    """Normalized name, as in `python-multipart`."""
    version: str
    wheel: Path
    sha256: str
    """Of the wheel file, lower-case hex: the key for whatever is derived from it."""
    how: How

    def files(self) -> Mapping[str, bytes]:
        """Unpack: paths relative to site-packages ('/' between parts, sorted) -> contents."""
        raise NotImplementedError


@dataclass(frozen=True)
class Closure:
    """All that the app's requirements came to."""

    lock: str
    """The text of the PEP 751 lock that was selected from."""
    packages: tuple[Package, ...]
    """Sorted by name."""
    left_out: tuple[LeftOut, ...]
    """Required, but not taken along; each with its reason, to be told to the user."""


def resolve_closure(requirements: Requirements, cache: Cache, progress: Progress) -> Closure:
    """Resolve, select, fetch and build whatever `requirements` ask for.

    Raises BuildError (ResolveError, UnavailableError, DownloadError, ...) with one message that
    names every package in the way. Nothing is written outside of the cache.
    """
    raise NotImplementedError
