"""What a tab with the app takes of the machine's memory, and what many requests add to it.

The proportional set size of all the browser's processes, beside the same browser with an empty tab.
`performance.measureUserAgentSpecificMemory` would need cross-origin isolation, which sites of
tabcorn do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.asked import SIDE_BY_SIDE, script
from bench.lanes import Lane, Way, show, visit, ways
from tests.browser.memory import MB, settled

if TYPE_CHECKING:
    from bench.built import Built
    from bench.measures import Series
    from tests.browser.engines import Engine

BLOCKS = 5
BLOCK = 2000  # requests, half by either way
PATIENCE = 8  # seconds that a browser may take to come to rest
URL = "/api/sum?a=1&b=2"


def memory(engine: Engine, built: Built, runs: int, series: Series, block: int = BLOCK) -> None:
    """Weigh tabs that open the app, and one of the project's after each block of requests."""
    with ways(built, Lane.PROJECT, Lane.UVICORN, Lane.SEED) as up:
        for way in up.values():
            visit(engine, way)  # what a browser takes once is no tab's
        for _run in range(runs):
            for lane, way in up.items():
                series.add("memory of a tab", lane, _weigh(engine, way))
        _ask(engine, up[Lane.PROJECT], series, block)


def _weigh(engine: Engine, way: Way) -> float:
    """Return the megabytes that a tab takes."""
    before = settled(engine, PATIENCE)
    tab = engine.tab()
    show(tab, way)
    after = settled(engine, PATIENCE)
    tab.close()
    return (after - before) / MB


def _ask(engine: Engine, way: Way, series: Series, block: int) -> None:
    """Say what each block of requests has added; a block before them takes what is taken once."""
    tab = engine.tab()
    show(tab, way)
    own = script(tab, way.lane)
    held = 0
    for number in range(BLOCKS + 1):
        for run in (tab.run, own):
            run(SIDE_BY_SIDE, URL, block // 2)
        before, held = held, settled(engine, PATIENCE)
        if number:
            series.add(f"memory by {BLOCK} requests", way.lane, (held - before) / MB)
    tab.close()
