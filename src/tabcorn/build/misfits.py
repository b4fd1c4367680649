"""The message for packages that cannot run in a browser: which, whose, why, and what helps.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder, distribution
from tabcorn.build.progress import Progress
from tabcorn.build.requirers import describe_chain
from tabcorn.build.select import Misfit
from tabcorn.build.target import PYODIDE_VERSION
from tabcorn.errors import BuildError, UnavailableError


def refuse(
    misfits: Sequence[Misfit],
    requirers: Mapping[str, tuple[str, ...]],
    cache: Cache,
    progress: Progress,
) -> NoReturn:
    """Raise UnavailableError for all packages in the way."""
    known = _distribution(cache, progress)
    ordered = sorted(misfits, key=lambda misfit: misfit.name)
    lines = [_describe(misfit, requirers, known) for misfit in ordered]
    some = "A package" if len(lines) == 1 else f"{len(lines)} packages"
    raise UnavailableError(
        f"{some} that the app requires cannot run in a browser:\n"
        + "\n".join(lines)
        + "\nRequire a version that has a pure Python wheel, or ask its authors for a wheel for "
        "Pyodide. If the app runs without it, leave it out with --exclude-package "
        f"{ordered[0].name}.",
        tuple((misfit.name, line.strip()) for misfit, line in zip(ordered, lines, strict=True)),
    )


def _distribution(cache: Cache, progress: Progress) -> dict[str, Any]:
    try:
        return distribution(core_folder(cache, progress))
    except BuildError:
        return {}  # it only helps to explain; the failure at hand is the one to tell


def _describe(
    misfit: Misfit, requirers: Mapping[str, tuple[str, ...]], known: Mapping[str, Any]
) -> str:
    whose = describe_chain(misfit.name, requirers)
    named = f"{misfit.name} {misfit.version}".strip() + (f" ({whose})" if whose else "")
    reason = misfit.reason.replace("\n", "\n    ")
    line = f"  {named}: {reason}" + ("" if "\n" in reason else ".")
    if theirs := known.get(misfit.name):
        line += (
            f"\n    Pyodide {PYODIDE_VERSION} has its own {misfit.name} {theirs['version']}, "
            "which this version of tabcorn cannot take along yet."
        )
    return line
