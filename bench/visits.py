"""How long visits take: a first one, one over a slow line, a return.

The lanes take turns in each run, so that whatever else the machine does meets all of them.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from bench.lanes import Lane, Way, show, visit, ways
from bench.link import broadband
from tests.browser.visitor import GONE

if TYPE_CHECKING:
    from bench.built import Built
    from bench.measures import Series
    from tests.browser.engines import Engine
    from tests.browser.tab import Tab

MB = 1_000_000

# A tab at rest makes a snapshot for the next visit; a slow machine takes so long at most.
SNAPSHOT = 90.0

# The line is idle when nothing was sent for so long: the visit's own downloads are over.
QUIET = 3.0

# The size of the snapshot once there is one, without the WebAssembly that is kept beside it.
KEPT = """
let size = 0;
let complete = false;
for (const name of await caches.keys()) {
  const cache = await caches.open(name);
  for (const { url } of await cache.keys()) {
    if (!url.includes('/_tabcorn/snapshots/')) continue;
    complete ||= url.endsWith('/head');
    const data = await (await cache.match(url)).blob();
    if (data.type !== 'application/wasm') size += data.size;
  }
}
return complete ? size : null;
"""


def return_visits(engine: Engine, built: Built, runs: int, series: Series) -> None:
    """Time visits to what has been visited before, in a browser that has it in its caches."""
    with ways(built, *Lane) as up:
        kept = _prepare(engine, list(up.values()))
        for _run in range(runs):
            for lane, way in up.items():
                query = f"?kept={kept}" if lane is Lane.FLOOR else ""
                series.add("return visit", lane, visit(engine, way, query).milliseconds)
                time.sleep(GONE / len(up))
            if engine.name == "chromium":
                stop_service_workers(engine)
                shown = visit(engine, up[Lane.PROJECT]).milliseconds
                series.add("return visit, service worker stopped", Lane.PROJECT, shown)
                time.sleep(GONE)


def stop_service_workers(engine: Engine) -> None:
    """End them, as Chromium does when they are idle and no driver is there."""
    tab = engine.tab()
    driver: Any = tab.driver
    for command in ("ServiceWorker.enable", "ServiceWorker.stopAllWorkers"):
        driver.execute_cdp_cmd(command, {})
    tab.close()


def _prepare(engine: Engine, up: list[Way]) -> int:
    """Visit everything twice; return how many bytes the project has kept for its next start."""
    kept = 0
    for _time in range(2):
        for way in up:
            tab = engine.tab()
            show(tab, way, f"?kept={kept}" if way.lane is Lane.FLOOR else "")
            if way.lane is Lane.PROJECT:
                kept = _await_snapshot(tab) if _wants_snapshot(way) else 0
            tab.close()
        time.sleep(GONE)
    return kept


def _wants_snapshot(way: Way) -> bool:
    assert way.host
    manifest = next(way.host.folder.glob("_tabcorn/*/manifest.json"))
    return bool(json.loads(manifest.read_text()).get("snapshot"))


def _await_snapshot(tab: Tab) -> int:
    """Wait until the tab has made one; return its size in bytes, 0 where none comes."""
    end = time.monotonic() + SNAPSHOT
    while (size := tab.run(KEPT)) is None and time.monotonic() < end:
        time.sleep(1)
    if size is None:
        print(f"{tab.engine.name}: no snapshot was made in {SNAPSHOT:.0f} s", flush=True)
    return int(size or 0)


def first_visits(engine: Engine, built: Built, runs: int, series: Series) -> None:
    """Time visits to origins that the browser has never seen, on this machine."""
    for _run in range(runs):
        with ways(built, Lane.PROJECT, Lane.SEED) as up:
            for lane, way in up.items():
                series.add("first visit", lane, visit(engine, way).milliseconds)


def slow_first_visits(engine: Engine, built: Built, runs: int, series: Series) -> None:
    """Do so over a slow line, and see what was downloaded for it."""
    for _run in range(runs):
        for lane in (Lane.PROJECT, Lane.SEED):
            with ways(built, lane, link=broadband()) as up:
                _slow_visit(engine, up[lane], series)


def _slow_visit(engine: Engine, way: Way, series: Series) -> None:
    host = way.host
    assert host
    tab = engine.tab()
    shown = show(tab, way)
    host.come_to_rest(QUIET)
    tab.close()
    size = host.bytes_until(shown.moment)
    alone = size / broadband().rate * 1000
    series.add("slow first visit", way.lane, shown.milliseconds)
    series.add("slow first visit, download alone", way.lane, alone)
    series.add("slow first visit, the rest", way.lane, shown.milliseconds - alone)
    series.add("slow first visit, downloaded", way.lane, size / MB)
    series.add("slow first visit, downloaded in all", way.lane, host.bytes_until(float("inf")) / MB)
