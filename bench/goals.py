"""What is measured, row by row, and what is to be reached. Goals are for Chromium.

A goal is a bound on a figure, or on its ratio to another lane's figure of the same run of the
bench. Other engines have the bound on the return visit alone; the rest is shown beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.lanes import Lane
from bench.measures import key

MS, RATE, MEGABYTES = "ms", "/s", "MB"


@dataclass(frozen=True)
class Goal:
    """`limit` bounds the figure, or its ratio `to` a series; `least` bounds from below."""

    limit: float
    to: str = ""
    times_faster: bool = False
    """The other one's figure divided by ours, at least so much."""
    least: bool = False
    elsewhere: float | None = None
    """The limit in Firefox and WebKit; None: no goal there."""


@dataclass(frozen=True)
class Row:
    """A figure of tabcorn's, those beside it, and its goals."""

    group: str
    title: str
    metric: str
    unit: str = MS
    beside: tuple[tuple[str, str], ...] = ()
    """Other series of the group: a label and a name each."""
    goals: tuple[Goal, ...] = ()

    @property
    def series(self) -> str:
        return key(self.metric, Lane.PROJECT)


def _beside(metric: str, *lanes: Lane) -> tuple[tuple[str, str], ...]:
    return tuple((lane.value, key(metric, lane)) for lane in lanes)


def _constant(metric: str) -> tuple[tuple[str, str], ...]:
    return (("a constant", key(metric, Lane.FLOOR)),)


RETURN = "return visit"
FIRST = "first visit"
SLOW = "slow first visit"
SW = "through the service worker"
OWN = "own script"


def _return(group: str, title: str) -> Row:
    seed, floor = key(RETURN, Lane.SEED), key(RETURN, Lane.FLOOR)
    lanes = (Lane.SEED, Lane.FLOOR, Lane.UVICORN)
    faster = Goal(10, seed, times_faster=True)
    near = (Goal(1.7, floor, elsewhere=2.0),) if group == "return" else ()
    return Row(group, title, RETURN, beside=_beside(RETURN, *lanes), goals=(faster, *near))


def _first(group: str, title: str) -> Row:
    goals = (Goal(3, key(FIRST, Lane.SEED), times_faster=True),) if group == "first" else ()
    return Row(group, title, FIRST, beside=_beside(FIRST, Lane.SEED), goals=goals)


ROWS: tuple[Row, ...] = (
    _return("return", "Return visit, FastAPI example"),
    Row("return", "… its service worker stopped before", f"{RETURN}, service worker stopped"),
    _return("return-datasette", "Return visit, Datasette example"),
    _first("first", "First visit, FastAPI example"),
    _first("first-datasette", "First visit, Datasette example"),
    Row(
        "slow",
        "First visit by the slow line, FastAPI example",
        SLOW,
        beside=_beside(SLOW, Lane.SEED),
    ),
    Row(
        "slow",
        "… downloaded until the page is there",
        f"{SLOW}, downloaded",
        MEGABYTES,
        _beside(f"{SLOW}, downloaded", Lane.SEED),
        (Goal(9),),
    ),
    Row(
        "slow",
        "… downloaded in all",
        f"{SLOW}, downloaded in all",
        MEGABYTES,
        _beside(f"{SLOW}, downloaded in all", Lane.SEED),
    ),
    Row(
        "slow",
        "… the time of that download alone",
        f"{SLOW}, download alone",
        beside=_beside(f"{SLOW}, download alone", Lane.SEED),
    ),
    Row(
        "slow",
        "… the rest",
        f"{SLOW}, the rest",
        beside=_beside(f"{SLOW}, the rest", Lane.SEED),
        goals=(Goal(1500),),
    ),
    Row(
        "requests",
        "GET through the service worker, p50",
        f"GET {SW}, p50",
        beside=(
            *_constant(f"GET {SW}, p50"),
            ("uvicorn", key(f"GET {OWN}, p50", Lane.UVICORN)),
            (Lane.SEED.value, key(f"GET {OWN}, p50", Lane.SEED)),
        ),
        goals=(Goal(1.15, key(f"GET {SW}, p50", Lane.FLOOR)),),
    ),
    Row(
        "requests",
        "… p99",
        f"GET {SW}, p99",
        beside=(
            *_constant(f"GET {SW}, p99"),
            ("uvicorn", key(f"GET {OWN}, p99", Lane.UVICORN)),
            (Lane.SEED.value, key(f"GET {OWN}, p99", Lane.SEED)),
        ),
    ),
    Row(
        "requests",
        "GET from the app's own script, p50",
        f"GET {OWN}, p50",
        beside=_beside(f"GET {OWN}, p50", Lane.UVICORN, Lane.SEED),
        goals=(Goal(1), Goal(1, key(f"GET {OWN}, p50", Lane.UVICORN))),
    ),
    Row(
        "requests",
        "… p99",
        f"GET {OWN}, p99",
        beside=_beside(f"GET {OWN}, p99", Lane.UVICORN, Lane.SEED),
    ),
    Row(
        "requests",
        "16 concurrent GETs from the app's own script",
        f"16 GETs {OWN}",
        RATE,
        _beside(f"16 GETs {OWN}", Lane.UVICORN, Lane.SEED),
        (Goal(10, key(f"16 GETs {OWN}", Lane.SEED), least=True),),
    ),
    Row(
        "requests",
        "16 concurrent GETs through the service worker",
        f"16 GETs {SW}",
        RATE,
        _constant(f"16 GETs {SW}"),
        (Goal(1 / 1.15, key(f"16 GETs {SW}", Lane.FLOOR), least=True),),
    ),
    Row(
        "requests",
        "1 MB body through the service worker",
        f"1 MB {SW}",
        beside=(
            *_constant(f"1 MB {SW}"),
            ("uvicorn", key(f"1 MB {OWN}", Lane.UVICORN)),
            (Lane.SEED.value, key(f"1 MB {OWN}", Lane.SEED)),
        ),
        goals=(Goal(1.5, key(f"1 MB {SW}", Lane.FLOOR)),),
    ),
    Row(
        "requests",
        "1 MB body from the app's own script",
        f"1 MB {OWN}",
        beside=(
            *_constant(f"1 MB {SW}"),
            ("uvicorn", key(f"1 MB {OWN}", Lane.UVICORN)),
            (Lane.SEED.value, key(f"1 MB {OWN}", Lane.SEED)),
        ),
        goals=(Goal(1.5, key(f"1 MB {SW}", Lane.FLOOR)),),
    ),
    Row(
        "table",
        "Datasette's table page, as a script gets it",
        "table page",
        beside=_beside("table page", Lane.UVICORN, Lane.SEED),
        goals=(Goal(3, key("table page", Lane.UVICORN)),),
    ),
    Row(
        "memory",
        "Memory of a tab with the FastAPI example",
        "memory of a tab",
        MEGABYTES,
        _beside("memory of a tab", Lane.UVICORN, Lane.SEED),
    ),
    Row(
        "memory",
        "… what each 2,000 of 10,000 requests add, five times",
        "memory by 2000 requests",
        MEGABYTES,
        goals=(Goal(2),),
    ),
)

GROUPS = tuple(dict.fromkeys(row.group for row in ROWS))
