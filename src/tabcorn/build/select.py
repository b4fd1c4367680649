"""From a lock to what Pyodide gets: for each package a wheel, a source to build, or nothing.

Runs on CPython at build time. Decides in packaging.md's order of preference and never takes
another version than the lock's: what cannot run is a failure that names itself, not an older
release. (The lock may have been made for a version of Pyodide's own distribution: adoption.py.)
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import unquote

from packaging.pylock import (
    Package,
    PackageArchive,
    PackageDirectory,
    PackageSdist,
    PackageVcs,
    PackageWheel,
    Pylock,
    PylockSelectError,
    PylockValidationError,
)
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from tabcorn.build.known import COMPILED, LEFT_OUT
from tabcorn.build.target import MARKERS, PYODIDE_VERSION, PYTHON_VERSION, tags
from tabcorn.errors import ResolveError

# pylock entries may also ask for extras and groups; none of them apply to uv's locks.
_ENVIRONMENT = cast("dict[str, str]", MARKERS)

Source = PackageWheel | PackageSdist | PackageArchive | PackageDirectory
Origin = Literal["", "pyodide"]


@dataclass(frozen=True)
class LeftOut:
    """A required package that does not ride along."""

    name: str
    version: str
    reason: str
    """A phrase that completes '<name> <version> was left out: '."""


@dataclass(frozen=True)
class Choice:
    """What to take of one package; anything but a wheel is built without a compiler."""

    name: str
    version: str
    """Empty for a local folder, whose version is known when it is built."""
    source: Source
    origin: Origin = ""
    """Empty: an index, or wherever the requirement says."""
    index_version: str = ""
    """The version without Pyodide's distribution, where that is another one."""


@dataclass(frozen=True)
class Misfit:
    """A package that nothing can be taken of."""

    name: str
    version: str
    reason: str
    """A sentence without its full stop."""
    from_index: bool = False
    """Whether another version of it could be taken: no URL or repository was asked for."""


@dataclass
class Selection:
    """What became of every package that the lock has for Pyodide."""

    choices: list[Choice] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)


def select(
    lock: str,
    requirers: Mapping[str, tuple[str, ...]],
    exclude: Iterable[str] = (),
    adopted: Mapping[str, Choice] | None = None,
) -> Selection:
    """Decide on every package of a PEP 751 lock. Raises ResolveError for an unusable lock.

    `adopted` are packages of Pyodide's distribution, taken where the lock has their version and no
    wheel that fits.
    """
    selection = Selection()
    excluded = {str(canonicalize_name(name)) for name in exclude}
    for single in for_pyodide(parse_lock(lock)):
        package = single.packages[0]
        version = str(package.version or "")
        source, problem = _source(single)
        if reason := _reason_to_leave_out(package.name, source, requirers, excluded):
            selection.left_out.append(LeftOut(package.name, version, reason))
        elif (theirs := (adopted or {}).get(package.name)) and _replaces(theirs, package, source):
            selection.choices.append(theirs)
        elif source is None:
            from_index = bool(package.wheels or package.sdist)
            selection.misfits.append(Misfit(package.name, version, problem, from_index))
        else:
            selection.choices.append(Choice(package.name, version, source))
    return selection


def _replaces(theirs: Choice, package: Package, source: Source | None) -> bool:
    fits = isinstance(source, PackageWheel | PackageArchive | PackageDirectory)
    same = package.version is not None and package.version == Version(theirs.version)
    return same and not fits


def parse_lock(text: str) -> Pylock:
    """Read a lock of PEP 751. Raises ResolveError."""
    try:
        return Pylock.from_dict(tomllib.loads(text))
    except (PylockValidationError, tomllib.TOMLDecodeError) as error:
        raise ResolveError(
            f"The lock of the app's packages is not valid: {error}.\n"
            "Make it anew with the tool that wrote it."
        ) from error


def for_pyodide(lock: Pylock) -> Iterator[Pylock]:
    """Yield one lock per package whose marker holds in Pyodide.

    One by one, since Pylock.select stops at the first package without a file, and the user
    should be told of all of them at once.
    """
    seen: set[str] = set()
    for package in lock.packages:
        if package.marker and not package.marker.evaluate(_ENVIRONMENT, context="lock_file"):
            continue
        if package.name in seen:
            raise ResolveError(
                f"The lock has more than one {package.name} for Pyodide.\n"
                "Make the markers of its entries exclude each other, or lock again with uv."
            )
        seen.add(package.name)
        yield Pylock(
            lock_version=lock.lock_version,
            requires_python=lock.requires_python,
            created_by=lock.created_by,
            packages=[package],
        )


def _source(single: Pylock) -> tuple[Source | None, str]:
    """Choose one file of the only package: (source, "") or (None, why nothing fits)."""
    package = single.packages[0]
    try:
        ((_, source),) = single.select(environment=MARKERS, tags=tags())
    except PylockSelectError as error:
        if package.wheels:
            return None, f"{_wheels_do_not_fit(package)}, and it has no source distribution"
        return None, str(error)
    if isinstance(source, PackageVcs):
        return None, (
            "it comes from a version control system, which is not supported: build a wheel of it "
            "(`uv build`) and require that file, or its folder by path"
        )
    if isinstance(source, PackageArchive) and not _archive_fits(source):
        return None, f"it is required as one wheel that is not for Pyodide {PYODIDE_VERSION}"
    if isinstance(source, PackageSdist) and package.name in COMPILED:
        return None, f"{_wheels_do_not_fit(package)}, and its source is compiled code"
    return source, ""


def _archive_fits(archive: PackageArchive) -> bool:
    """Check a direct URL's tags, which Pylock.select leaves to the installer."""
    name = unquote(str(archive.path or archive.url)).rsplit("/", 1)[-1].partition("#")[0]
    if not name.endswith(".whl"):
        return True  # a source archive
    try:
        return not parse_wheel_filename(name)[3].isdisjoint(tags())
    except InvalidWheelFilename:
        return False


def _wheels_do_not_fit(package: Package) -> str:
    count = len(package.wheels or ())
    if not count:
        return f"it has no wheel for Python {PYTHON_VERSION}"  # uv locks none for older Pythons
    wheels = "its only wheel is not" if count == 1 else f"none of its {count} wheels is"
    return f"{wheels} for Pyodide {PYODIDE_VERSION} or pure Python"


def _reason_to_leave_out(
    name: str,
    source: Source | None,
    requirers: Mapping[str, tuple[str, ...]],
    excluded: Container[str],
) -> str:
    """Say why a package does not ride along; empty when it has to."""
    if name in excluded:
        return "it was named with --exclude-package"
    rule = LEFT_OUT.get(name)
    if rule is None or (isinstance(source, PackageWheel) and not rule.though_it_fits):
        return ""
    wanted_by = requirers.get(name, ())
    if rule.only_for and not (wanted_by and rule.only_for.issuperset(wanted_by)):
        return ""
    return rule.reason
