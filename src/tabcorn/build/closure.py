"""From requirements to the packages that ride along: the packaging steps in order.

Runs on CPython at build time. `resolve_closure` is the only function that the rest of the
builder needs; it either returns everything the app requires or raises one BuildError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.pylock import PackageDirectory, PackageWheel
from packaging.utils import parse_wheel_filename

from tabcorn.build.cache import Cache
from tabcorn.build.credentials import credentials_of
from tabcorn.build.fetch import Local, fetch
from tabcorn.build.hashes import check_hashes, pinned_hashes
from tabcorn.build.misfits import refuse
from tabcorn.build.origins import exact, remote_of
from tabcorn.build.plan import Plan, make_plan
from tabcorn.build.processes import end_all
from tabcorn.build.progress import Progress, Step
from tabcorn.build.pure import build_pure
from tabcorn.build.requirements import Requirements
from tabcorn.build.select import Choice, LeftOut, Misfit, Source
from tabcorn.build.wheels import unpack, unpack_library
from tabcorn.errors import PureBuildError, UnavailableError

How = Literal["wheel", "pyodide", "pure build"]

PARALLEL_BUILDS = 4


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
    source: Source
    """Where it came from, with the sha256 and size that the file was found to have."""
    index_version: str = ""
    """As in Choice."""

    def files(self) -> Mapping[str, bytes]:
        """Unpack: paths relative to site-packages ('/' between parts, sorted) -> contents.

        Tests, type stubs and RECORD are left out (see wheels.py). Raises WheelError.
        """
        return unpack(self.wheel)


@dataclass(frozen=True)
class Library:
    """A shared library of Pyodide's distribution: an archive in the cache, its hash checked."""

    name: str
    version: str
    archive: Path
    source: Source

    def files(self) -> Mapping[str, bytes]:
        """Unpack: paths relative to the folder of shared libraries -> contents."""
        return unpack_library(self.archive)


@dataclass(frozen=True)
class Closure:
    """All that the app's requirements came to."""

    packages: tuple[Package, ...]
    """Sorted by name."""
    left_out: tuple[LeftOut, ...] = ()
    """Required, but not taken along; each with its reason, to be told to the user."""
    notes: tuple[str, ...] = ()
    """Sentences that the user has to read, such as: the last known versions were used."""
    libraries: tuple[Library, ...] = ()
    """Sorted by name."""


def resolve_closure(requirements: Requirements, cache: Cache, progress: Progress) -> Closure:
    """Resolve, select, fetch and build whatever `requirements` ask for.

    Raises BuildError (ResolveError, UnavailableError, DownloadError, ...) with one message that
    names every package in the way. Nothing is written outside of the cache.
    """
    return provide(make_plan(requirements, cache, progress), requirements, cache, progress)


def provide(plan: Plan, requirements: Requirements, cache: Cache, progress: Progress) -> Closure:
    """Fetch and build what a plan names. Raises BuildError as `resolve_closure` does."""
    locals_ = _fetch((*plan.choices, *plan.libraries), requirements, cache, progress)
    check_hashes(locals_, pinned_hashes(requirements.files))
    builder = _Builder(requirements.root, cache)
    packages = builder.packages(plan.choices, locals_, progress)
    if builder.misfits:
        refuse(builder.misfits, plan.requirers, plan.refused)
    root = requirements.root
    libraries = tuple(_library(choice, locals_[choice.name], root) for choice in plan.libraries)
    return Closure(packages, plan.left_out, plan.notes, libraries)


def _fetch(
    choices: Sequence[Choice], requirements: Requirements, cache: Cache, progress: Progress
) -> dict[str, Local | Path]:
    """Have every choice on disk: a cached file with its hash, or the user's own folder."""
    root = requirements.root
    logins = credentials_of(root, requirements.files, requirements.inline)
    remotes = {c.name: remote_of(c, root, logins) for c in choices if not _is_folder(c)}
    fetched = fetch(list(remotes.values()), cache, progress)
    found: dict[str, Local | Path] = dict(zip(remotes, fetched, strict=True))
    for choice in choices:
        if isinstance(choice.source, PackageDirectory):
            folder = root / choice.source.path / (choice.source.subdirectory or "")
            found[choice.name] = folder
    return found


def _is_folder(choice: Choice) -> bool:
    return isinstance(choice.source, PackageDirectory)


class _Builder:
    """Turns what was fetched into wheels, and collects what does not build."""

    def __init__(self, root: Path, cache: Cache) -> None:
        self._root = root
        self._cache = cache
        self.misfits: list[Misfit] = []

    def packages(
        self, choices: Sequence[Choice], found: dict[str, Local | Path], progress: Progress
    ) -> tuple[Package, ...]:
        """Return the packages sorted by name, those of `misfits` missing."""
        wheels = [c for c in choices if _is_wheel(c, found[c.name])]
        others = [c for c in choices if c not in wheels]
        packages = [_ready(choice, found[choice.name], self._root) for choice in wheels]
        if others:
            with (
                progress.step("Build packages that have no wheel", len(others)) as step,
                ThreadPoolExecutor(PARALLEL_BUILDS) as pool,
            ):
                try:
                    built = pool.map(lambda c: self._built(c, found[c.name], step), others)
                    packages += [package for package in built if package]
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    end_all()  # nobody waits for the others
                    raise
        return tuple(sorted(packages, key=lambda package: package.name))

    def _built(self, choice: Choice, source: Local | Path, step: Step) -> Package | None:
        path, sha256 = (source, None) if isinstance(source, Path) else (source.path, source.sha256)
        try:
            wheel = build_pure(path, sha256, self._cache, self._root)
        except PureBuildError as error:
            if isinstance(source, Path):
                raise _not_built(choice.name, source, error) from error
            self.misfits.append(Misfit(choice.name, choice.version, str(error)))
            return None
        step.advance(1)
        version = str(parse_wheel_filename(wheel.path.name)[1])
        return Package(
            choice.name,
            version,
            wheel.path,
            wheel.sha256,
            "pure build",
            exact(choice, source, self._root),
            choice.index_version,
        )


def _not_built(name: str, folder: Path, error: PureBuildError) -> UnavailableError:
    """A folder is the user's own: neither another version nor its authors will help."""
    message = f"{name}, which is required from {folder}, cannot be built: {error}"
    return UnavailableError(
        f"{message}\nCorrect it there (`uv build --wheel {folder}` does the same build), or leave "
        f"it out with --exclude-package {name}.",
        ((name, f"{name}: {error}"),),
    )


def _is_wheel(choice: Choice, local: Local | Path) -> bool:
    # An archive by URL may be either; its name tells.
    named = isinstance(local, Local) and local.path.suffix == ".whl"
    return isinstance(choice.source, PackageWheel) or named


def _ready(choice: Choice, local: Local | Path, root: Path) -> Package:
    assert isinstance(local, Local)
    version = choice.version or str(parse_wheel_filename(local.path.name)[1])
    how: How = choice.origin or "wheel"
    source = exact(choice, local, root)
    return Package(
        choice.name, version, local.path, local.sha256, how, source, choice.index_version
    )


def _library(choice: Choice, local: Local | Path, root: Path) -> Library:
    assert isinstance(local, Local)
    return Library(choice.name, choice.version, local.path, exact(choice, local, root))
