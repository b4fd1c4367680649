"""What a tab with the app takes of the machine's memory, and what many requests add to it.

The proportional set size of all the browser's processes, beside the same browser with an empty tab.
`performance.measureUserAgentSpecificMemory` would need cross-origin isolation, which sites of
tabcorn do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.asked import ONE_BY_ONE, SIDE_BY_SIDE, script
from bench.lanes import Lane, Way, show, ways
from tests.browser.memory import MB, settled

if TYPE_CHECKING:
    from bench.built import Built
    from bench.measures import Series
    from tests.browser.engines import Engine

COUNT = 10_000
PATIENCE = 8  # seconds that a browser may take to come to rest
URL = "/api/sum?a=1&b=2"


def memory(engine: Engine, built: Built, runs: int, series: Series, count: int = COUNT) -> None:
    """Weigh tabs that open the app, and the project's again after `count` requests."""
    with ways(built, Lane.PROJECT, Lane.UVICORN, Lane.SEED) as up:
        for way in up.values():
            _weigh(engine, way)  # what a browser takes once is no tab's
        for run in range(runs):
            for lane, way in up.items():
                asked = count if lane is Lane.PROJECT and run == 0 else 0
                taken, grown = _weigh(engine, way, asked)
                series.add("memory of a tab", lane, taken)
                if asked:
                    series.add("memory after 10,000 requests", lane, grown)


def _weigh(engine: Engine, way: Way, count: int = 0) -> tuple[float, float]:
    """Return the megabytes that a tab takes, and those that requests add: half by either way."""
    before = settled(engine, PATIENCE)
    tab = engine.tab()
    show(tab, way)
    opened = settled(engine, PATIENCE)
    after = opened
    if count:
        own = script(tab, way.lane)
        for run in (tab.run, own):  # what is taken at first is not taken again and again
            run(SIDE_BY_SIDE, URL, 1000)
        opened_and_asked = settled(engine, PATIENCE)
        for _ in range(count // 1000):
            for run in (tab.run, own):
                run(ONE_BY_ONE, URL, 500)
        after = settled(engine, PATIENCE)
        opened, after = opened, after + opened - opened_and_asked
    tab.close()
    return (opened - before) / MB, (after - opened) / MB
