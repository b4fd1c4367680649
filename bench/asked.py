"""How long requests take that a page's script makes, one at a time and sixteen at a time.

Through the service worker a request goes from the shell's document, which has no other way; "own
script" is a request from the app's page, whatever way the page script gives it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.lanes import FRAMED, Lane, Way, show, ways

if TYPE_CHECKING:
    from bench.built import Built
    from bench.measures import Series
    from tests.browser.engines import Engine
    from tests.browser.tab import Tab

ONE_BY_ONE = """
const times = [];
for (let count = 0; count < args[1]; count += 1) {
  const begin = performance.now();
  const response = await fetch(args[0].replace('{n}', String(begin)));
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${args[0]}: ${response.status}`);
  times.push(performance.now() - begin);
}
return times;
"""

SIDE_BY_SIDE = """
const each = Math.ceil(args[1] / 16);
const begin = performance.now();
const visitor = async () => {
  for (let count = 0; count < each; count += 1) await (await fetch(args[0])).arrayBuffer();
};
await Promise.all(Array.from({ length: 16 }, visitor));
return (16 * each * 1000) / (performance.now() - begin);
"""

Run = Callable[..., Any]

SMALL = "/sum?a=1&b=2"
LARGE = "/large"
CONSTANT = "/bench-constant?size="
TABLE = "/data/cars?_bench={n}"  # another one each time: uvicorn's is kept by the browser


@dataclass(frozen=True)
class Amount:
    """How many requests a run makes."""

    small: int = 300
    large: int = 20
    table: int = 15
    warm_up: int = 50


QUICK = Amount(small=16, large=2, table=2, warm_up=2)


@contextmanager
def pages(engine: Engine, up: dict[Lane, Way]) -> Iterator[dict[Lane, Tab]]:
    """Open all of the ways, each in a tab that stays."""
    tabs = {}
    for lane, way in up.items():
        tabs[lane] = engine.tab()
        show(tabs[lane], way)
    yield tabs
    for tab in tabs.values():
        tab.close()


def script(tab: Tab, lane: Lane) -> Run:
    """Run functions in the app's own document."""
    return partial(_in_frame, tab, FRAMED[lane]) if lane in FRAMED else tab.run


def _in_frame(tab: Tab, selector: str, body: str, *args: object) -> Any:
    tab.driver.switch_to.frame(tab.driver.find_element("css selector", selector))
    try:
        return tab.run(body, *args)
    finally:
        tab.driver.switch_to.default_content()


def requests(
    engine: Engine, built: Built, runs: int, series: Series, amount: Amount = Amount()
) -> None:
    """Time small requests and large ones by each way, and the constants beside them."""
    with (
        ways(built, Lane.PROJECT, Lane.UVICORN, Lane.SEED) as up,
        pages(engine, up) as tabs,
    ):
        shell = tabs[Lane.PROJECT].run
        own = {lane: script(tab, lane) for lane, tab in tabs.items()}
        asked: list[tuple[str, Lane, Run, str]] = [
            ("through the service worker", Lane.PROJECT, shell, ""),
            ("through the service worker", Lane.FLOOR, shell, CONSTANT),
            *(("own script", lane, run, "") for lane, run in own.items()),
        ]
        for _metric, _lane, run, constant in asked:
            run(ONE_BY_ONE, f"{constant}10" if constant else SMALL, amount.warm_up)
        for _run in range(runs):
            for metric, lane, run, constant in asked:
                small = f"{constant}10" if constant else SMALL
                large = f"{constant}{1 << 20}" if constant else LARGE
                times = sorted(run(ONE_BY_ONE, small, amount.small))
                series.add(f"GET {metric}, p50", lane, statistics.median(times))
                series.add(f"GET {metric}, p99", lane, times[len(times) * 99 // 100])
                rate = run(SIDE_BY_SIDE, small, amount.small)
                series.add(f"16 GETs {metric}", lane, rate)
                body = statistics.median(run(ONE_BY_ONE, large, amount.large))
                series.add(f"1 MB {metric}", lane, body)


def tables(
    engine: Engine, built: Built, runs: int, series: Series, amount: Amount = Amount()
) -> None:
    """Time one of Datasette's pages, as a script of the app gets it."""
    with ways(built, Lane.PROJECT, Lane.UVICORN, Lane.SEED) as up, pages(engine, up) as tabs:
        own = {lane: script(tab, lane) for lane, tab in tabs.items()}
        for run in own.values():
            run(ONE_BY_ONE, TABLE, amount.warm_up // 10 + 1)
        for _run in range(runs):
            for lane, run in own.items():
                times = run(ONE_BY_ONE, TABLE, amount.table)
                series.add("table page", lane, statistics.median(times))
