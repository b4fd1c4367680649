"""What a boot spends its time and its bytes on, package by package: `tabcorn build --profile`.

Runs on CPython at build time. Imports were timed by CPython's own -X importtime while the app was
tried, in node: a browser on the same machine takes about as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tabcorn.build.chances import modules_of
from tabcorn.build.contents import Contents
from tabcorn.build.weight import Weight

STDLIB = "Python's library"
APP = "the app"
ENVIRONMENT = {"PYTHONPROFILEIMPORTTIME": "1"}
"""Makes CPython tell how long each import took."""

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")
_MOST = 15


@dataclass(frozen=True)
class Import:
    """A module that was imported for the first time; times are in microseconds."""

    name: str
    own: int
    total: int
    """With all that it imported."""
    by: str
    """The module whose import it was part of; empty when there was none."""


@dataclass(frozen=True)
class Row:
    """A package; times are in milliseconds."""

    name: str
    own: float
    total: float
    """With all that it was the first to import."""
    modules: int
    download: int
    later: int


@dataclass(frozen=True)
class Profile:
    """The parts of a boot in their order, in milliseconds; packages and modules by their time."""

    phases: Mapping[str, float]
    rows: tuple[Row, ...]
    slowest: tuple[Import, ...]


def profile(trial: Mapping[str, Any], contents: Contents, weight: Weight) -> Profile:
    """Make the profile of a rehearsal that was timed."""
    imports = read_imports(trial["imports"])
    owners = _owners(contents)

    def owner(module: str) -> str:
        return owners.get(module) or owners.get(module.split(".")[0]) or STDLIB

    of_app = read_imports(trial["imports"][trial["importedBefore"] :])
    importing = sum(each.own for each in of_app) / 1000
    phases = {
        "Python starts": trial["interpreterMs"],
        "imports of the app": importing,
        "the app itself, its lifespan": max(0.0, trial["startMs"] - importing),
        "GET / is answered": trial["requestMs"],
    }
    sizes = {share.name: (share.download, share.later) for share in weight.packages}
    for name, part in ((STDLIB, "standard library"), (APP, "app")):
        sizes[name] = (weight.parts.get(part, 0), weight.later.get(part, 0))
    rows = _rows(imports, owner, sizes)
    others = [each for each in imports if owner(each.name) != APP]
    slowest = sorted(others, key=lambda each: -each.own)[:_MOST]
    return Profile(phases, tuple(rows), tuple(slowest))


def read_imports(lines: Sequence[str]) -> list[Import]:
    """Read the lines of -X importtime: what a module imports comes before it, further right."""
    found = []
    parents: list[tuple[int, str]] = []
    for match in filter(None, map(_LINE.match, reversed(lines))):
        own, total, indent, name = match.groups()
        depth = len(indent)
        while parents and parents[-1][0] >= depth:
            parents.pop()
        found.append(Import(name, int(own), int(total), parents[-1][1] if parents else ""))
        parents.append((depth, name))
    return found[::-1]


def _owners(contents: Contents) -> dict[str, str]:
    """Tell which package a module is of, by its name."""
    owners = dict.fromkeys(modules_of(contents.app), APP)
    for package in contents.packages:
        owners |= dict.fromkeys(modules_of(package.files), package.name)
    return owners


def _rows(
    imports: Sequence[Import], owner: Callable[[str], str], sizes: Mapping[str, tuple[int, int]]
) -> list[Row]:
    by = {each.name: each.by for each in imports}

    def owners_above(module: str) -> Iterator[str]:
        while module := by.get(module, ""):
            yield owner(module)

    def row(name: str) -> Row:
        mine = [each for each in imports if owner(each.name) == name]
        own = sum(each.own for each in mine)
        total = sum(each.total for each in mine if name not in owners_above(each.name))
        return Row(name, own / 1000, total / 1000, len(mine), *sizes[name])

    return sorted(map(row, sizes), key=lambda row: (-row.own, -row.download, row.name))
