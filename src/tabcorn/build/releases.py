"""The releases in a lock, and which of them are ancient compared with those in another.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from packaging.pylock import Package
from packaging.version import Version

from tabcorn.build.select import for_pyodide, parse_lock

ANCIENT = timedelta(days=365)
"""A package that goes with one of Pyodide's may be older than the newest by less than this."""


@dataclass(frozen=True)
class Release:
    """One version of a package, None for a local folder; `time` is when the index got it."""

    version: Version | None
    time: datetime | None


def releases(lock: str) -> dict[str, Release]:
    """Read the packages that a lock of PEP 751 has for Pyodide."""
    packages = [single.packages[0] for single in for_pyodide(parse_lock(lock))]
    return {package.name: Release(package.version, _time(package)) for package in packages}


def ancient(
    before: Mapping[str, Release], after: Mapping[str, Release], excepted: Container[str]
) -> frozenset[str]:
    """Name the packages that are much older in `after`."""
    names = before.keys() & after.keys()
    return frozenset(
        name for name in names if name not in excepted and _is_much_older(before[name], after[name])
    )


def _is_much_older(before: Release, after: Release) -> bool:
    if not before.version or not after.version or after.version >= before.version:
        return False
    if before.time and after.time:
        return before.time - after.time > ANCIENT
    return after.version.release[:1] != before.version.release[:1]


def _time(package: Package) -> datetime | None:
    times = [wheel.upload_time for wheel in package.wheels or ()]
    times += [package.sdist.upload_time] if package.sdist else []
    return max(filter(None, times), default=None)
