"""What a site is to contain, decided and not yet fetched: for each package one source.

Runs on CPython at build time. A plan comes from uv's resolution, here, or from a lock
(lockfile.py); what is done with it afterwards is the same (closure.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tabcorn.build.adoption import Adopted, Adoption, Found, is_buildable
from tabcorn.build.cache import Cache
from tabcorn.build.distribution import load_distribution
from tabcorn.build.known import NEEDED_BESIDE
from tabcorn.build.misfits import refuse
from tabcorn.build.preferences import Preferences
from tabcorn.build.progress import Progress
from tabcorn.build.releases import releases
from tabcorn.build.requirements import Requirements
from tabcorn.build.resolve import resolve
from tabcorn.build.select import Choice, LeftOut, select


@dataclass(frozen=True)
class Plan:
    """Every package that rides along, and every one that is required and does not."""

    choices: tuple[Choice, ...]
    left_out: tuple[LeftOut, ...] = ()
    requirers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Package -> who requires it, as in resolve.Resolution."""
    notes: tuple[str, ...] = ()
    libraries: tuple[Choice, ...] = ()
    """Shared libraries of Pyodide's distribution that the packages from there need."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """What Pyodide has and was not taken, with the reason, as in adoption.Adopted."""


def make_plan(
    requirements: Requirements,
    cache: Cache,
    progress: Progress,
    preferences: Preferences | None = None,
) -> Plan:
    """Resolve and select. Raises ResolveError and UnavailableError.

    `preferences` are given when the plan is to be locked.
    """
    plan = _plan(requirements, cache, progress, preferences)
    names = {choice.name for choice in plan.choices}
    needed = {beside for name, beside in NEEDED_BESIDE.items() if name in names}
    if not (lacking := needed - names - requirements.exclude):
        return plan
    beside = Requirements(requirements.root, inline=tuple(sorted(lacking)))
    added = _plan(beside, cache, progress, preferences)
    return replace(plan, choices=plan.choices + added.choices)


def _plan(
    requirements: Requirements, cache: Cache, progress: Progress, preferences: Preferences | None
) -> Plan:
    adopted = _adopted(requirements, cache, progress, preferences)
    resolution, selection = adopted.found.resolution, adopted.found.selection
    if selection.misfits:
        refuse(selection.misfits, resolution.requirers, adopted.refused)
    return Plan(
        tuple(selection.choices),
        tuple(selection.left_out),
        resolution.requirers,
        (*resolution.notes, *adopted.notes),
        adopted.libraries,
        adopted.refused,
    )


def _adopted(
    requirements: Requirements, cache: Cache, progress: Progress, preferences: Preferences | None
) -> Adopted:
    with progress.step("Resolve the app's packages"):
        resolution = resolve(requirements, cache, preferences)
    selection = select(resolution.lock, resolution.requirers, requirements.exclude)
    first = Found(resolution, selection, releases(resolution.lock))
    if not selection.misfits and not any(map(is_buildable, selection.choices)):
        return Adopted(first)
    distribution = load_distribution(requirements.root, cache, progress)
    return Adoption(requirements, distribution, preferences, cache, progress).run(first)
