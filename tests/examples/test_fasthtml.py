"""The FastHTML example: fastlite's table, a session, components that htmx swaps."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import example
from tests.browser.sites import ROOT

if TYPE_CHECKING:
    from tests.browser.sites import App
    from tests.browser.tab import Tab

EXAMPLE = example("fasthtml")


HTMX = ROOT / "node_modules/htmx2/dist/htmx.min.js"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The example with htmx beside it, as its README says."""
    folder = tmp_path_factory.mktemp("fasthtml") / "app"
    shutil.copytree(EXAMPLE.folder, folder)
    shutil.copy(HTMX, folder / "static")
    return replace(EXAMPLE, folder=folder)


def test_a_visit(page: Tab) -> None:
    page.fill("#title", "Manger à midi")
    page.click("#add button")
    page.sees("Manger à midi")
    page.sees("You have added 1.")
    page.wait(lambda: page.in_frame("return title.value") == "")
    page.click("#todo-1 [type=checkbox]")
    page.wait(lambda: page.in_frame("return document.querySelector('#todo-1.done') !== null"))
    page.reload()
    page.sees("You have added 1.")
    struck = "return getComputedStyle(document.querySelector('.done label')).textDecorationLine"
    assert page.in_frame(struck) == "line-through"
    page.click("#todo-1 button")
    page.wait(lambda: "Manger" not in page.text())
    page.reload()
    page.sees("You have added 1.")
    assert "Manger" not in page.text()
