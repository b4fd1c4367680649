"""Findings about the app's packages: what the resolver refuses, in its own words.

Runs on CPython at build time. A package in the way does not end the check: the others are looked
at without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, resolve_closure
from tabcorn.build.locking import closure_by, lock_path, read_lock
from tabcorn.build.progress import Progress
from tabcorn.build.project import Project
from tabcorn.build.requirements import Requirements
from tabcorn.check.findings import Finding, find
from tabcorn.errors import BuildError, LockError, ResolveError, UnavailableError


@dataclass
class Packages:
    """What can be taken along, and what is in the way."""

    closure: Closure
    findings: list[Finding] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether everything that the app requires is there."""
        return not self.findings


def find_packages(project: Project, cache: Cache, progress: Progress) -> Packages:
    """Lock or resolve, and fetch, as a build does. Raises DownloadError and the like."""
    found = Packages(Closure(()))
    if project.needs_nothing:
        return found
    requirements, by_lock = project.requirements, True
    while True:
        try:
            found.closure = _closure(requirements, by_lock, cache, progress)
        except UnavailableError as error:
            found.findings += [_misfit(name, text) for name, text in error.packages]
            names = {name for name, _ in error.packages}
            if names <= requirements.exclude:
                return found
            requirements = replace(requirements, exclude=requirements.exclude | names)
            by_lock = False  # it knows nothing of what is excluded here
        except LockError as error:
            found.findings.append(_unresolved(error))
            by_lock = False
        except ResolveError as error:
            found.findings.append(_unresolved(error))
            return found
        else:
            return found


def _closure(
    requirements: Requirements, by_lock: bool, cache: Cache, progress: Progress
) -> Closure:
    lock = read_lock(lock_path(requirements)) if by_lock else None
    if lock:
        return closure_by(lock, requirements, cache, progress)
    return resolve_closure(requirements, cache, progress)


def _unresolved(error: BuildError) -> Finding:
    what, _, why = str(error).partition("\n")
    return find("unresolved", what.rstrip("."), why=why or None)


def _misfit(name: str, text: str) -> Finding:
    """Take 'name 1.0 (required by x): why.' apart; further lines belong to the reason."""
    first, _, rest = text.partition("\n")
    what, colon, reason = first.partition("): ") if "): " in first else first.partition(": ")
    what += ")" if colon.startswith(")") else ""
    why = " ".join([reason, *rest.split()]).strip()
    why = why[:1].upper() + why[1:]
    return find("no-wheel", f"{what} cannot run in a browser", why=why, package=name)
