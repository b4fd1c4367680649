"""Keep streams of every kind open for minutes in real browsers, and look what became of them.

Fails when one breaks off, ends early, loses something or falls silent. Browsers end an idle
service worker after half a minute; ours must not be idle while something streams.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import memory
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
    with static_host(site) as host, engines.start(name, folder, on_screen=True) as engine:
        tab = engine.tab().open(host.url)
        kinds = tab.run_in_frame(STREAMS_SCRIPT, minutes * 60)
        front = engine.tab()  # the streams are in a tab behind another one
        front.script("return 1")
        time.sleep(minutes * 60)
        results = await_results(tab, len(kinds))
        hidden = tab.in_frame("return window.wasHidden")
    print(f"       {name:9} the tab was {'hidden' if hidden else 'visible'}", flush=True)
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


def together(names: list[str], run: Callable[[str], bool]) -> list[bool]:
    """Run in all engines at once."""
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(run, names))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES, action="append", help="default: all")
    options.add_argument("--minutes", type=float, default=MINUTES)
    options.add_argument(
        "--memory", action="store_true", help="instead: how a browser grows by large bodies"
    )
    given = options.parse_args()
    names = given.engine or list(ENGINES)
    with tempfile.TemporaryDirectory() as folder:
        site = Sites(Path(folder)).build(STREAMS)
        if given.memory:  # one after the other: what is measured takes its time
            good = [memory.measure(name, site, Path(folder) / name) for name in names]
        else:
            minutes = given.minutes
            good = together(names, lambda name: soak(name, site, minutes, Path(folder) / name))
    failed = [name for name, well in zip(names, good, strict=True) if not well]
    print(f"FAILED in {', '.join(failed)}" if failed else "ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
