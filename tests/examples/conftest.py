"""The site of the module's example: built and served once, its Python up until the module's end.

A module says which example it is about: `EXAMPLE = example("starlette")`. Many examples at once
would be too much for a machine's memory, so that none outlasts its module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App, Sites
    from tests.browser.tab import Tab


@pytest.fixture(scope="module")
def app(request: pytest.FixtureRequest) -> App:
    """The module's example as it is; a module may put something beside it."""
    example: App = request.module.EXAMPLE
    return example


@pytest.fixture(scope="module")
def site(app: App, engine: Engine, sites: Sites, serve: Callable[[Path], Host]) -> Iterator[Host]:
    """Serve the example, and keep a window of it open."""
    host = serve(sites.build(app))
    window = engine.tab()
    engine.kept.add(window.handle)
    window.open(host.url)
    yield host
    engine.kept.remove(window.handle)
    if window.handle in engine.driver.window_handles:
        window.close()


@pytest.fixture
def page(site: Host, tab: Tab) -> Tab:
    """Open the example's first page; the site comes first, or its window would go with the tab."""
    return tab.open(site.url)
