"""Compiled modules and shared libraries of Pyodide's distribution work in the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.sites import App
from tests.build.emscripten import ANSWER, make_app

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import Sites
    from tests.browser.tab import Tab


@pytest.mark.network
def test_modules_and_the_libraries_that_they_need(
    tab: Tab, sites: Sites, serve: Callable[..., Host]
) -> None:
    folder = sites.folder / "app-emscripten"
    with sites.alone("emscripten-app"):
        if not folder.exists():
            folder.mkdir(parents=True)
            make_app(folder)
    place = ("--pyodide-distribution", str(folder / "theirs"))
    app = App(folder / "project", "main:app", place, "emscripten")
    tab.open(serve(sites.build(app)).url)
    assert tab.text() == ANSWER
