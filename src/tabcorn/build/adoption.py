"""Take packages from Pyodide's distribution, where the index has nothing that fits.

Runs on CPython at build time. The distribution has one version of each, so the requirements are
resolved again with it, and again, until nothing more is missing. docs/packaging.md has the order of
preference and what is promised: a version that the requirements do not admit is not taken, and no
other package becomes ancient for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packaging.pylock import PackageSdist
from packaging.utils import canonicalize_name

from tabcorn.build.cache import Cache
from tabcorn.build.distribution import Distribution, Offer
from tabcorn.build.known import COMPILED
from tabcorn.build.ownlock import own_lock
from tabcorn.build.preferences import Preferences
from tabcorn.build.progress import Progress
from tabcorn.build.reach import why_out_of_reach
from tabcorn.build.releases import Release, ancient, releases
from tabcorn.build.requirements import Requirements, uv_lock
from tabcorn.build.resolve import Limits, Resolution, resolve
from tabcorn.build.select import Choice, Selection, select
from tabcorn.build.target import PYODIDE_VERSION
from tabcorn.errors import ConflictError


@dataclass(frozen=True)
class Found:
    """One resolution and what was selected from it."""

    resolution: Resolution
    selection: Selection
    releases: Mapping[str, Release] = field(repr=False)
    """Every package that the lock has for Pyodide."""


@dataclass(frozen=True)
class Adopted:
    """What came of it. `libraries` are shared libraries, which are no packages."""

    found: Found
    libraries: tuple[Choice, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    """Packages that Pyodide has and that were not taken, each with sentences that say why."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Terms:
    """What has been decided: Pyodide's versions, what goes with them, and what stays new."""

    pins: Mapping[str, Offer] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    floors: frozenset[str] = frozenset()


class Adoption:
    """The packages taken so far, and how the requirements come out with them."""

    def __init__(
        self,
        requirements: Requirements,
        distribution: Distribution,
        preferences: Preferences | None,
        cache: Cache,
        progress: Progress,
    ) -> None:
        self._requirements = requirements
        self._distribution = distribution
        self._preferences = preferences
        self._cache = cache
        self._progress = progress
        self._own = uv_lock(requirements) or own_lock(requirements)
        self._first: Mapping[str, Release] = {}
        self._terms = _Terms()
        self._refused: dict[str, str] = {}
        self._notes: list[str] = []
        self._out_of_reach = ""

    def run(self, first: Found) -> Adopted:
        """Adopt whatever is missing. Raises ResolveError, but not for what does not fit."""
        self._first = first.releases
        found = first
        while wanted := self._wanted(found):
            found = self._grow(found, wanted)
        return self._adopted(found)

    def _wanted(self, found: Found) -> list[str]:
        """Name what is missing and Pyodide has, and what Pyodide loads along with its own."""
        done = {*self._terms.pins, *self._refused}
        missing = {each.name for each in found.selection.misfits if each.from_index}
        buildable = set(map(_name, filter(is_buildable, found.selection.choices)))
        theirs = self._distribution.packages.keys() - done
        wanted = (missing & theirs) | self._in_reach(buildable & theirs)
        excluded = {str(canonicalize_name(name)) for name in self._requirements.exclude}
        along = {each for pin in self._terms.pins for each in self._distribution.companions(pin)}
        along -= {*found.releases, *excluded, *self._terms.also}
        return sorted(wanted | (along - done))

    def _in_reach(self, names: set[str]) -> set[str]:
        """Keep what can be had now. The rest is built from source, which is said."""
        offers = [self._distribution.packages[name] for name in sorted(names)]
        if not offers:
            return names
        self._out_of_reach = self._out_of_reach or why_out_of_reach(
            self._distribution, offers, self._cache, self._progress
        )
        if not (why := self._out_of_reach):
            return names
        self._refused |= {name: self._has(name, f"which cannot be had: {why}.") for name in names}
        self._notes.append(
            f"From source, as pure Python: {', '.join(sorted(names))}. Pyodide's own could not be "
            f"had: {why}."
        )
        return set()

    def _grow(self, found: Found, wanted: list[str]) -> Found:
        """Take all that is wanted, or else each that is not in the way of what is there."""
        try:
            return self._attempt(found, wanted)
        except ConflictError as error:
            if len(wanted) == 1:
                self._refused[wanted[0]] = self._excluded(wanted[0], error.explanation)
                return found
        for name in wanted:
            found = self._grow(found, [name])
        return found

    def _excluded(self, name: str, explanation: str) -> str:
        offer = self._distribution.packages.get(name)
        if offer is None:  # it only comes along
            return explanation
        remedy = f"Require {name}=={offer.version}, and of the others what goes with it."
        return self._has(name, f"which the requirements do not admit:\n{explanation}\n{remedy}")

    def _has(self, name: str, and_what: str) -> str:
        offer = self._distribution.packages[name]
        return f"Pyodide {PYODIDE_VERSION} has {name} {offer.version}, {and_what}"

    def _attempt(self, found: Found, wanted: list[str]) -> Found:
        offers, old = self._distribution.packages, self._terms
        pins = {name: offers[name] for name in wanted if name in found.releases}
        terms = replace(old, pins={**old.pins, **pins}, also=old.also | (set(wanted) - pins.keys()))
        attempt = self._resolve(found, terms)
        while lost := ancient(self._first, attempt.releases, terms.pins) - terms.floors:
            terms = replace(terms, floors=terms.floors | lost)
            attempt = self._resolve(found, terms)
        self._terms = terms
        return attempt

    def _resolve(self, found: Found, terms: _Terms) -> Found:
        resolution = found.resolution
        if terms.also != self._terms.also or terms.floors or not _is_at(found, terms.pins):
            limits = Limits((*_exactly(terms.pins), *self._at_least(terms)), (*sorted(terms.also),))
            with self._progress.step("Resolve again, with Pyodide's own packages"):
                resolution = resolve(self._requirements, self._cache, self._near(), limits)
            resolution = replace(resolution, requirers=self._whose(resolution, terms))
        adopted = {
            name: Choice(name, offer.version, self._distribution.wheel(offer), "pyodide")
            for name, offer in terms.pins.items()
        }
        exclude = self._requirements.exclude
        selection = select(resolution.lock, resolution.requirers, exclude, adopted)
        return Found(resolution, selection, releases(resolution.lock))

    def _at_least(self, terms: _Terms) -> list[str]:
        return [f"{name}>={self._first[name].version}" for name in sorted(terms.floors)]

    def _near(self) -> Preferences | None:
        """A lock of the user's own names versions that are to be kept where they can be."""
        if self._preferences or not self._own:
            return self._preferences
        return Preferences({name: str(each.version) for name, each in self._first.items()})

    def _whose(self, resolution: Resolution, terms: _Terms) -> dict[str, tuple[str, ...]]:
        """Say who requires what, with what only Pyodide's packages bring along."""
        whose = dict(resolution.requirers)
        for name in terms.also:
            pins = (pin for pin in terms.pins if name in self._distribution.companions(pin))
            others = (each for each in whose.get(name, ()) if each in resolution.requirers)
            whose[name] = tuple(dict.fromkeys((*pins, *others)))
        return whose

    def _adopted(self, found: Found) -> Adopted:
        choices = [self._dated(choice) for choice in found.selection.choices]
        theirs = [choice.name for choice in choices if choice.origin]
        libraries = [
            Choice(offer.name, offer.version, self._distribution.archive(offer), "pyodide")
            for offer in self._distribution.libraries_of(theirs)
        ]
        found = replace(found, selection=replace(found.selection, choices=choices))
        return Adopted(found, tuple(libraries), self._refused, (*self._notes, *self._told(choices)))

    def _dated(self, choice: Choice) -> Choice:
        first = self._first.get(choice.name)
        same = first is None or not choice.version or choice.version == str(first.version)
        return (
            choice if same or first is None else replace(choice, index_version=str(first.version))
        )

    def _told(self, choices: list[Choice]) -> list[str]:
        words = "your lock" if self._own else "the index"
        theirs = [_told(choice, words) for choice in choices if choice.origin]
        others = [_told(each, words) for each in choices if each.index_version and not each.origin]
        told = [f"From Pyodide's distribution: {', '.join(theirs)}."] if theirs else []
        return told + ([f"To go with them: {', '.join(others)}."] if others else [])


def _name(choice: Choice) -> str:
    return choice.name


def is_buildable(choice: Choice) -> bool:
    """Tell whether a choice may come out well or not: a source that may be pure Python."""
    return isinstance(choice.source, PackageSdist) and choice.name not in COMPILED


def _is_at(found: Found, pins: Mapping[str, Offer]) -> bool:
    return all(str(found.releases[name].version) == pins[name].version for name in pins)


def _exactly(pins: Mapping[str, Offer]) -> list[str]:
    return [f"{name}=={offer.version}" for name, offer in sorted(pins.items())]


def _told(choice: Choice, other: str) -> str:
    told = f"{choice.name} {choice.version}"
    return f"{told} ({other} has {choice.index_version})" if choice.index_version else told
