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
INTERPRETER = 5_900_000
"""Bytes of Pyodide, the runtime, and what a framework opens of Python's library until its front
page is answered, as builds report them (FastAPI, Datasette, Flask)."""
BYTECODE = 1.95
"""How much longer bytecode is than its source, both compressed (FastAPI, Django, Datasette)."""
OPENED = 0.7
"""The part of a package's bytecode that is opened until then (FastAPI, Datasette)."""
BETTER = 0.88
"""What a site's slow compression makes of the result of this fast one (the same two)."""
_NAMED = 3


def sizes(packages: Sequence[Laid], files: Mapping[str, bytes]) -> dict[str, int]:
    """Estimate bytes until the first page is visible: Python, each package, the app's files."""
    parts = {package.name: _opened(package.files) for package in packages}
    del parts["tabcorn"]  # counted with the interpreter
    return {"Python": INTERPRETER, **parts, "the app's files": _whole(files)}


def _opened(package: Mapping[str, bytes]) -> int:
    """Sources come later, and so does data, mostly."""
    code = compressed(_ending(package, ".py")) * BYTECODE * OPENED
    return round((code + compressed(_ending(package, ".so"))) * BETTER)


def _whole(app: Mapping[str, bytes]) -> int:
    return round((compressed(_ending(app, ".py")) * BYTECODE + compressed(app)) * BETTER)


def _ending(files: Mapping[str, bytes], suffix: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.endswith(suffix)}


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
