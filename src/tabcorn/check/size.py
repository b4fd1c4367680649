"""Findings about what a first visit downloads, against what a phone can be asked to.

Runs on CPython at build time. The figures are estimates, within some percent: nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tabcorn.build.weight import Laid, compressed
from tabcorn.check.findings import Finding, find

BUDGET = {
    "download": 25_000_000,  # bytes: 20 seconds at 10 Mbit/s
}
INTERPRETER = 9_400_000
"""Bytes of an empty app's site, as a build reports them: Pyodide, Python's library, the runtime."""
BYTECODE = 1.95
"""How much longer bytecode is than its source, both compressed (FastAPI, Django, Datasette)."""
BETTER = 0.91
"""What a site's slow compression makes of the result of this fast one (the same three)."""
_NAMED = 3


def sizes(packages: Sequence[Laid], files: Mapping[str, bytes], sources: bool) -> dict[str, int]:
    """Estimate bytes of a first visit by part: Python, each package, the app's files."""
    parts = {package.name: _compiled(package.files, sources) for package in packages}
    del parts["tabcorn"]  # counted with the interpreter
    return {"Python": INTERPRETER, **parts, "the app's files": _compiled(files, True)}


def _compiled(files: Mapping[str, bytes], sources: bool) -> int:
    python = {path: data for path, data in files.items() if path.endswith(".py")}
    others = {path: data for path, data in files.items() if path not in python}
    code = compressed(python) * (BYTECODE + sources)
    return round((code + compressed(others)) * BETTER)


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
