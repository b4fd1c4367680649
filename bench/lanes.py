"""The ways to the app that are measured side by side, and when the app's page is there.

`shown` is the end of the load event of the app's own document, in the frame where there is one,
on the page's own clocks and counted from the start of the navigation: what asks for it can be late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from bench.host import BenchHost, serving
from bench.link import Link
from tests.browser.sites import uvicorn_server

if TYPE_CHECKING:
    from bench.built import Built
    from tests.browser.engines import Engine
    from tests.browser.tab import Tab

SECONDS = 120


class Lane(Enum):
    """A way to the app; the value is how reports name it."""

    PROJECT = "tabcorn"
    FLOOR = "floor"
    UVICORN = "uvicorn"
    SEED = "seed's way"


LOADED = """
if (window.left) return null;
const loaded = (view) => {
  const [page] = view?.performance?.getEntriesByType('navigation') ?? [];
  if (!page?.loadEventEnd || view.location.href === 'about:blank') return null;
  return [view.performance.timeOrigin + page.loadEventEnd - performance.timeOrigin,
          view.performance.timeOrigin + page.loadEventEnd];
};
"""

# Milliseconds from the start of the navigation, and since 1970; null for not yet.
SHOWN = {
    Lane.PROJECT: f"""{LOADED}
        if (document.documentElement.dataset.tabcorn === 'failed')
          return document.querySelector('#tabcorn-error').textContent;
        if (document.documentElement.dataset.tabcorn !== 'ready') return null;
        return loaded(document.querySelector('iframe#tabcorn-app').contentWindow);
    """,
    Lane.SEED: f"""{LOADED}
        const frame = document.querySelector('iframe#app');
        return frame?.dataset.failed ?? loaded(frame?.contentWindow);
    """,
    Lane.UVICORN: f"{LOADED} return loaded(window);",
    Lane.FLOOR: """
        const { floor } = document.documentElement?.dataset ?? {};
        if (window.left || !floor) return null;
        return [Number(floor), performance.timeOrigin + Number(floor)];
    """,
}

FRAMED = {Lane.PROJECT: "iframe#tabcorn-app", Lane.SEED: "iframe#app"}


@dataclass(frozen=True)
class Way:
    """A lane that is up: where it is, and its host if that is ours."""

    lane: Lane
    url: str
    host: BenchHost | None = None


@dataclass(frozen=True)
class Shown:
    """When the app's page was there."""

    milliseconds: float
    """From the start of the navigation."""
    moment: float
    """Seconds since 1970."""


def show(tab: Tab, way: Way, query: str = "") -> Shown:
    """Navigate, and wait for the app's page."""
    tab.start(way.url + query)
    found: Any = tab.wait(lambda: tab.script(SHOWN[way.lane]), SECONDS)
    if isinstance(found, str):
        raise AssertionError(f"{way.lane.value}: {found}")
    return Shown(float(found[0]), float(found[1]) / 1000)


def visit(engine: Engine, way: Way, query: str = "") -> Shown:
    """Show the app's page in a window of its own, which is closed again."""
    tab = engine.tab()
    try:
        return show(tab, way, query)
    finally:
        tab.close()


@contextmanager
def ways(built: Built, *lanes: Lane, link: Link | None = None) -> Iterator[dict[Lane, Way]]:
    """Serve the app in these ways, each on an origin that no browser has seen."""
    folders = {Lane.PROJECT: built.project, Lane.FLOOR: built.floor, Lane.SEED: built.seed}
    with ExitStack() as stack:
        up: dict[Lane, Way] = {}
        for lane in lanes:
            if lane is Lane.UVICORN:
                up[lane] = Way(lane, stack.enter_context(uvicorn_server(built.app)))
            else:
                host = stack.enter_context(serving(folders[lane], link))
                path = "seed/" if lane is Lane.SEED else ""
                up[lane] = Way(lane, host.url + path, host)
        yield up
