"""Pyodide's own distribution: the wheels and shared libraries that it offers, by name.

Runs on CPython at build time. The lock of the npm package `pyodide` says what there is, with a
version and a hash for each file. A distribution that the user names (place.py) may have a lock of
its own, which then decides: a mirror has the same one, other builds of packages have another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from packaging.pylock import PackageArchive, PackageWheel
from packaging.utils import canonicalize_name

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.fetch import Remote, fetch
from tabcorn.build.place import place_of
from tabcorn.build.progress import Progress, Silent
from tabcorn.build.target import DISTRIBUTION_URL, PYODIDE_VERSION
from tabcorn.errors import DownloadError, UnreachableError

LOCK = "pyodide-lock.json"


@dataclass(frozen=True)
class Offer:
    """A file of the distribution. Names are normalized."""

    name: str
    version: str
    file: str
    sha256: str
    depends: tuple[str, ...] = ()
    """What Pyodide loads along with it: packages and shared libraries, without versions."""


@dataclass(frozen=True)
class Distribution:
    """What there is, and where; an empty one offers nothing."""

    packages: Mapping[str, Offer] = field(default_factory=dict)
    libraries: Mapping[str, Offer] = field(default_factory=dict)
    """Shared libraries, which packages load by their file's name: no wheels."""
    place: str = ""
    """URL of a distribution that the user named, with a final slash; empty: the usual one."""
    usual: frozenset[str] = frozenset()
    """Hashes of the files that are also in the usual distribution."""
    root: Path = Path()

    def wheel(self, offer: Offer) -> PackageWheel:
        """Say where a package is, as a lock does."""
        hashes = {"sha256": offer.sha256}
        return PackageWheel(name=offer.file, url=self._url(offer), hashes=hashes)

    def archive(self, offer: Offer) -> PackageArchive:
        """Do so for a shared library."""
        return PackageArchive(url=self._url(offer), hashes={"sha256": offer.sha256})

    def libraries_of(self, names: Iterable[str]) -> tuple[Offer, ...]:
        """List the shared libraries that packages need, and those that these need, by name."""
        found: dict[str, Offer] = {}
        todo = [each for name in names for each in self._depends(name)]
        for name in todo:
            if name in self.libraries and name not in found:
                found[name] = self.libraries[name]
                todo += found[name].depends
        return tuple(found[name] for name in sorted(found))

    def companions(self, name: str) -> frozenset[str]:
        """Name the packages that Pyodide loads along with one of its own."""
        return frozenset(each for each in self._depends(name) if each not in self.libraries)

    def _depends(self, name: str) -> tuple[str, ...]:
        return self.packages[name].depends if name in self.packages else ()

    def _url(self, offer: Offer) -> str:
        """A mirror's address is no business of a lock: the usual one is."""
        is_usual = not self.place or offer.sha256 in self.usual
        return urljoin(DISTRIBUTION_URL if is_usual else self.place, offer.file)


def load_distribution(root: Path, cache: Cache, progress: Progress) -> Distribution:
    """Read what there is. Raises DownloadError when Pyodide itself cannot be had."""
    text = (core_folder(cache, progress) / LOCK).read_bytes()
    usual = parse(text)
    place = place_of(root)
    own = _own_lock(place, cache) if place else None
    files = [*usual.packages.values(), *usual.libraries.values()]
    found = parse(own, place, like=text) if own else usual
    return Distribution(
        found.packages, found.libraries, place, frozenset(each.sha256 for each in files), root
    )


def parse(text: bytes, place: str = "", like: bytes = b"") -> Distribution:
    """Read a pyodide-lock.json; `like` is one of the Pyodide that it has to be for."""
    try:
        data = json.loads(text)
        if like and (wrong := _difference(data["info"], json.loads(like)["info"])):
            raise DownloadError(_other_pyodide(place, wrong))
        entries = [_offer(name, entry) for name, entry in data["packages"].items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DownloadError(
            f"{place}{LOCK} is no lock of Pyodide's: {error!r}.\nName the folder that holds the "
            "files of Pyodide's full distribution."
        ) from error
    wheels = {each.name: each for kind, each in entries if kind == "package"}
    libraries = {each.name: each for kind, each in entries if kind == "shared_library"}
    return Distribution({n: e for n, e in wheels.items() if e.file.endswith(".whl")}, libraries)


def _offer(name: str, entry: Mapping[str, Any]) -> tuple[str, Offer]:
    depends = tuple(str(canonicalize_name(each)) for each in entry.get("depends", []))
    file, sha256 = str(entry["file_name"]), str(entry["sha256"])
    offer = Offer(str(canonicalize_name(name)), str(entry["version"]), file, sha256, depends)
    return str(entry["package_type"]), offer


def _difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    for key in ("python", "abi_version", "arch"):
        if found.get(key) != wanted.get(key):
            return f"its {key} is {found.get(key)}, and {wanted.get(key)} is needed"
    return ""


def _other_pyodide(place: str, wrong: str) -> str:
    return (
        f"The distribution at {place} is not for Pyodide {PYODIDE_VERSION}: {wrong}.\n"
        "Mirror the one of this version, or leave its address away."
    )


def _own_lock(place: str, cache: Cache) -> bytes | None:
    """Fetch the lock of the place; None when it has none. The last one is kept for offline."""
    try:
        (local,) = fetch([Remote(LOCK, urljoin(place, LOCK), None)], cache, Silent())
    except UnreachableError as error:
        return None if error.status == 404 else cache.entry("distributions", place)
    content = local.path.read_bytes()
    cache.add_entry("distributions", place, content)
    return content
