"""Findings about what a first visit downloads, against what a phone can be asked to.

Runs on CPython at build time. The figures are estimates before a build: wheels are compressed
much as the site's archives are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from tabcorn.build.closure import Package
from tabcorn.check.findings import Finding, find

BUDGET = {
    "download": 25_000_000,  # bytes: 20 seconds at 10 Mbit/s
}
INTERPRETER = 9_400_000
"""Bytes of an empty app's site, as a build reports them: Pyodide, Python's library, the runtime."""
_NAMED = 3


def sizes(packages: tuple[Package, ...], files: Mapping[str, bytes]) -> dict[str, int]:
    """Estimate bytes of a first visit by part: Python, each package, the app's files."""
    parts = {package.name: package.wheel.stat().st_size for package in packages}
    app = sum(len(zlib.compress(data, 1)) for data in files.values())
    return {"Python": INTERPRETER, **parts, "the app's files": app}


def over_budget(parts: Mapping[str, int]) -> Iterator[Finding]:
    """Compare the sum with the budget, and name what weighs most."""
    total = sum(parts.values())
    if total <= BUDGET["download"]:
        return
    biggest = sorted(parts.items(), key=lambda part: -part[1])[:_NAMED]
    named = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in biggest)
    budget = BUDGET["download"] / 1e6
    what = f"A first visit downloads about {total / 1e6:.0f} MB, and the budget is {budget:.0f} MB"
    yield find("size", what, fix=f"Leave out what the app can do without. The biggest: {named}.")
