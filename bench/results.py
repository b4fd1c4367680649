"""The numbers that runs of the bench gave, kept beside the page that shows them.

One group of rows in one engine is measured at one time; measuring it again replaces it alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.browser.sites import ROOT

FILE = ROOT / "docs/performance.json"


@dataclass(frozen=True)
class Measured:
    """One group of rows, in one engine."""

    group: str
    engine: str
    browser: str
    machine: str
    date: str
    values: dict[str, list[float]]
    """Series by name, a number for each run."""


def load(file: Path = FILE) -> list[Measured]:
    """Read all that is kept."""
    return [Measured(**each) for each in json.loads(file.read_text())] if file.exists() else []


def save(measured: list[Measured], file: Path = FILE) -> None:
    """Keep these, and of what was kept before what they do not replace."""
    fresh = {(each.group, each.engine) for each in measured}
    kept = [each for each in load(file) if (each.group, each.engine) not in fresh]
    every = sorted([*kept, *measured], key=lambda each: (each.group, each.engine))
    entries = (json.dumps(asdict(each), sort_keys=True) for each in every)
    file.write_text("[\n" + ",\n".join(entries) + "\n]\n")
