"""The message for packages that cannot run in a browser: which, whose, why, and what helps.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from tabcorn.build.requirers import describe_chain
from tabcorn.build.select import Misfit
from tabcorn.errors import UnavailableError


def refuse(
    misfits: Sequence[Misfit],
    requirers: Mapping[str, tuple[str, ...]],
    refused: Mapping[str, str],
) -> NoReturn:
    """Raise UnavailableError for all packages in the way.

    `refused` says why Pyodide's own was not taken, for what Pyodide has.
    """
    ordered = sorted(misfits, key=lambda misfit: misfit.name)
    lines = [_describe(misfit, requirers, refused) for misfit in ordered]
    some = "A package" if len(lines) == 1 else f"{len(lines)} packages"
    raise UnavailableError(
        f"{some} that the app requires cannot run in a browser:\n"
        + "\n".join(lines)
        + "\nRequire a version that has a pure Python wheel, or ask its authors for a wheel for "
        "Pyodide. If the app runs without it, leave it out with --exclude-package "
        f"{ordered[0].name}.",
        tuple((misfit.name, line.strip()) for misfit, line in zip(ordered, lines, strict=True)),
    )


def _describe(
    misfit: Misfit, requirers: Mapping[str, tuple[str, ...]], refused: Mapping[str, str]
) -> str:
    whose = describe_chain(misfit.name, requirers)
    named = f"{misfit.name} {misfit.version}".strip() + (f" ({whose})" if whose else "")
    reason = misfit.reason.replace("\n", "\n    ")
    line = f"  {named}: {reason}" + ("" if "\n" in reason else ".")
    if why := refused.get(misfit.name):
        line += "\n    " + why.replace("\n", "\n    ")
    return line
