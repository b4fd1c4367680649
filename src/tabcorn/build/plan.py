"""What a site is to contain, decided and not yet fetched: for each package one source.

Runs on CPython at build time. A plan comes from uv's resolution, here, or from a lock
(lockfile.py); what is done with it afterwards is the same (closure.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tabcorn.build.cache import Cache
from tabcorn.build.known import NEEDED_BESIDE
from tabcorn.build.misfits import refuse
from tabcorn.build.preferences import Preferences
from tabcorn.build.progress import Progress
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
    with progress.step("Resolve the app's packages"):
        resolution = resolve(requirements, cache, preferences)
    selection = select(resolution.lock, resolution.requirers, requirements.exclude)
    if selection.misfits:
        refuse(selection.misfits, resolution.requirers, cache, progress)
    return Plan(
        tuple(selection.choices),
        tuple(selection.left_out),
        resolution.requirers,
        resolution.notes,
    )
