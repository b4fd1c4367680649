"""Keep streams of every kind open for minutes in real browsers, and look what became of them.

Fails when one breaks off, ends early, loses something or falls silent. Browsers end an idle
service worker after half a minute; ours must not be idle while something streams.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import engines
from tests.browser.fixtures import ENGINES
from tests.browser.hosts import static_host
from tests.browser.known import STREAMS
from tests.browser.sites import Sites

if TYPE_CHECKING:
    from tests.browser.tab import Tab

STREAMS_SCRIPT = (STREAMS.folder / "soak.js").read_text()
MINUTES = 10.0
PATIENCE = 60  # seconds that a busy machine may take longer


def soak(name: str, site: Path, minutes: float, folder: Path) -> bool:
    """Run all kinds of streams in one engine, print what became of each; all are well?"""
    with static_host(site) as host, engines.start(name, folder) as engine:
        tab = engine.tab().open(host.url)
        kinds = tab.run_in_frame(STREAMS_SCRIPT, minutes * 60)
        front = engine.tab()  # the streams are in a tab behind another one
        front.script("return 1")
        time.sleep(minutes * 60)
        results = await_results(tab, len(kinds))
    for kind in kinds:
        result = results.get(kind, {"good": False, "shown": "no end"})
        word = "ok    " if result["good"] else "FAILED"
        print(f"{word} {name:9} {kind:22} {result['shown']}", flush=True)
    return all(kind in results and results[kind]["good"] for kind in kinds)


def await_results(tab: Tab, count: int) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE
    while True:
        results: dict[str, Any] = tab.in_frame("return window.soaked")
        if len(results) == count or time.monotonic() > end:
            return results
        time.sleep(1)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, action="append", help="default: all")
    options.add_argument("--minutes", type=float, default=MINUTES)
    given = options.parse_args()
    names = given.engine or ENGINES
    good: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as folder:
        site = Sites(Path(folder)).build(STREAMS)

        def run(name: str) -> None:
            good[name] = soak(name, site, given.minutes, Path(folder) / name)

        threads = [threading.Thread(target=run, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    failed = [name for name in names if not good.get(name)]
    print(f"{given.minutes:g} minutes: {'FAILED in ' + ', '.join(failed) if failed else 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
