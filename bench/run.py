"""Measure everything that the docs say about speed and memory, and write docs/performance.md.

`--only` and `--engine` measure a part: the rest of the page stays as the last run left it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import asked, visits, weighed
from bench.built import APPS, Built, build
from bench.goals import GROUPS
from bench.machine import browser, machine
from bench.measures import Series
from bench.report import report
from bench.results import FILE, Measured, load, save
from tests.browser import engines
from tests.browser.fixtures import ENGINES

if TYPE_CHECKING:
    from tests.browser.engines import Engine

RUNS = 5

Measure = Callable[["Engine", Built, int, Series], None]


@dataclass(frozen=True)
class Group:
    """Rows that are measured together: the app, how, and how when time is short."""

    app: str
    measure: Measure
    quick: Measure


def _group(app: str, measure: Callable[..., None], **less: object) -> Group:
    return Group(app, measure, partial(measure, **less))


MEASURES = {
    "return": _group("fastapi", visits.return_visits),
    "return-datasette": _group("datasette", visits.return_visits),
    "first": _group("fastapi", visits.first_visits),
    "first-datasette": _group("datasette", visits.first_visits),
    "slow": _group("fastapi", visits.slow_first_visits),
    "requests": _group("requests", asked.requests, amount=asked.QUICK),
    "table": _group("datasette", asked.tables, amount=asked.QUICK),
    "memory": _group("fastapi", weighed.memory, block=200),
}


def measure(engine: Engine, group: str, built: Built, runs: int, quick: bool = False) -> Measured:
    """Measure one group of rows in a running browser."""
    series = Series()
    how = MEASURES[group].quick if quick else MEASURES[group].measure
    how(engine, built, runs, series)
    return Measured(group, engine.name, browser(engine), machine(), _today(), dict(series.values))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def run(
    names: list[str], groups: list[str], runs: int, quick: bool, sites: Path, out: Path
) -> None:
    """Measure, group by group, each engine with a fresh profile, keeping what is there already."""
    built = {name: build(APPS[name], sites) for name in {MEASURES[each].app for each in groups}}
    for group in groups:
        for name in names:
            begin = time.monotonic()
            with (
                tempfile.TemporaryDirectory() as folder,
                engines.start(name, Path(folder)) as engine,
            ):
                found = measure(engine, group, built[MEASURES[group].app], runs, quick)
            save([found], out)
            page(out).write_text(report(load(out)))
            print(f"{name:9} {group:17} {time.monotonic() - begin:5.0f} s", flush=True)


def page(out: Path) -> Path:
    """The page beside the numbers."""
    return out.with_suffix(".md")


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, action="append", help="default: all")
    options.add_argument("--only", choices=GROUPS, nargs="+", help="groups of rows, default: all")
    options.add_argument("--runs", type=int, default=RUNS)
    options.add_argument(
        "--quick", action="store_true", help="see that it works: one run, little asked"
    )
    options.add_argument("--sites", type=Path, help="keep what is built in this folder")
    options.add_argument(
        "--out", type=Path, default=FILE, help="the numbers; the page is beside it"
    )
    given = options.parse_args()
    runs = 1 if given.quick else given.runs
    with _folder(given.sites) as sites:
        run(
            given.engine or list(ENGINES),
            given.only or list(GROUPS),
            runs,
            given.quick,
            sites,
            given.out,
        )


if __name__ == "__main__":
    main()
