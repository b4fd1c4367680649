"""Measure the FastAPI example in a real browser: boot times, and requests through the sw.

Times are milliseconds on the page's own clock, medians of a few runs. They say something about
this machine at this hour: compare only what one run printed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import engines
from tests.browser.fixtures import ENGINES
from tests.browser.hosts import static_host
from tests.browser.known import GUESTBOOK
from tests.browser.sites import Sites

if TYPE_CHECKING:
    from tests.browser.engines import Engine

RUNS = 5

# A host outlives its last tab for a moment; after this many seconds it is gone.
GONE = 5

# When the app's first page is shown, counted from the start of the navigation.
SHOWN = """
const html = document.documentElement;
const frame = () => document.querySelector('iframe#tabcorn-app')?.contentDocument;
const shown = () => html.dataset.tabcorn === 'ready' && frame()?.readyState === 'complete';
while (!shown()) await new Promise((resolve) => setTimeout(resolve, 5));
return performance.now();
"""

ONE_BY_ONE = """
const times = [];
for (let count = 0; count < 300; count += 1) {
  const begin = performance.now();
  await (await fetch('/api/sum?a=1&b=2')).text();
  times.push(performance.now() - begin);
}
return times.slice(50).sort((a, b) => a - b);
"""

SIDE_BY_SIDE = """
const begin = performance.now();
const visitor = async () => {
  for (let count = 0; count < 20; count += 1) await (await fetch('/api/sum?a=1&b=2')).text();
};
await Promise.all(Array.from({ length: 16 }, visitor));
return (16 * 20 * 1000) / (performance.now() - begin);
"""


def boot(engine: Engine, url: str) -> float:
    """Open a new window, wait for the app's page, close the window; return the time it took."""
    tab = engine.tab()
    tab.start(url)
    took = float(tab.wait(lambda: tab.run(SHOWN), 120))
    tab.close()
    return took


def median(runs: int, measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(runs))


def measure(engine: Engine, site: Path, runs: int) -> list[tuple[str, str]]:
    def first() -> float:
        with static_host(site) as host:
            return boot(engine, host.url)

    with static_host(site) as host:
        rows = [("first visit", f"{median(runs, first):8.0f} ms")]
        boot(engine, host.url)

        def again() -> float:
            time.sleep(GONE)
            return boot(engine, host.url)

        rows.append(("return visit", f"{median(runs, again):8.0f} ms"))
        tab = engine.tab().open(host.url)
        rows.append(("second tab", f"{median(runs, lambda: boot(engine, host.url)):8.0f} ms"))
        rows += requests(tab.run_in_frame)
    return rows


def requests(run: Callable[..., Any]) -> list[tuple[str, str]]:
    """Measure GETs by a page's script, each answered by a FastAPI `def` endpoint."""
    times = run(ONE_BY_ONE)
    return [
        ("GET, p50", f"{times[len(times) // 2]:8.1f} ms"),
        ("GET, p99", f"{times[len(times) * 99 // 100]:8.1f} ms"),
        ("GET, 16 at a time", f"{run(SIDE_BY_SIDE):8.0f} /s"),
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, default="chromium")
    options.add_argument("--runs", type=int, default=RUNS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Sites(Path(folder)).build(GUESTBOOK)
        with engines.start(given.engine, Path(folder) / "browser") as engine:
            print(f"examples/fastapi in {given.engine}, localhost, median of {given.runs}")
            for name, value in measure(engine, site, given.runs):
                print(f"  {name:28}{value}")


if __name__ == "__main__":
    main()
