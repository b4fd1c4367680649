"""Clients that people use, driven as people do: htmx 2 and 4, Swagger UI, Dash's renderer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.known import DASH, FRONTENDS
from tests.browser.sites import ROOT, App

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

MODULES = ROOT / "node_modules"
SCRIPTS = {
    "htmx2.js": "htmx2/dist/htmx.min.js",
    "htmx4.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.js": "htmx.org/dist/ext/hx-sse.min.js",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
}


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The app with the clients' scripts beside it."""
    folder = tmp_path_factory.mktemp("clients") / "app"
    shutil.copytree(FRONTENDS.folder, folder)
    (folder / "scripts").mkdir()
    for name, path in SCRIPTS.items():
        shutil.copy(MODULES / path, folder / "scripts" / name)
    return App(folder, name=FRONTENDS.name)


@pytest.fixture
def site(visit: Callable[[App], Host], clients: App) -> Host:
    """Before the test has its tab, or the window that keeps Python up is closed with it."""
    return visit(clients)


@pytest.fixture
def dash(visit: Callable[[App], Host]) -> Host:
    """Likewise."""
    return visit(DASH)


KEPT = "return window.kept ?? 0"


@pytest.mark.parametrize("version", [2, 4])
def test_htmx(site: Host, tab: Tab, version: int, tmp_path: Path) -> None:
    page = f"/htmx/{version}"
    tab.open(site.origin + page)
    tab.sees("tick ")  # it polls

    tab.click("#get")
    tab.sees("GET got, htmx: true")
    tab.click("#post button")
    tab.sees("POST grün, htmx: true")
    tab.click("#put button")
    tab.sees("PUT put, htmx: true")
    tab.click("#delete")
    tab.wait(lambda: tab.in_frame("return !document.querySelector('#item')"))

    (tmp_path / "notes.txt").write_text("12345")
    tab.fill("#upload [type=file]", str(tmp_path / "notes.txt"))
    tab.click("#upload button")
    tab.sees("notes.txt: 5 bytes")

    tab.click("#slow")  # and shows that it waits
    tab.wait(lambda: tab.in_frame("return !!document.querySelector('#slow.htmx-request')"))
    tab.sees("slow, at last")

    tab.in_frame("window.kept = 1")
    tab.click("#push")
    tab.sees("part 2")
    tab.at(f"{page}/2")
    tab.driver.back()
    tab.sees("part 1")
    tab.at(page)
    tab.click("#boost")
    tab.sees("part 3")
    tab.at(f"{page}/3")
    tab.click("#location")
    tab.sees("part 4")
    tab.at(f"{page}/4")
    assert tab.in_frame(KEPT) == 1  # all in one document

    tab.click("#refresh")
    tab.wait(lambda: tab.in_frame(KEPT) == 0)
    tab.sees("part 4")
    tab.click("#redirect")
    tab.sees("a plain page")
    tab.at("/plain")


def test_htmx_events(site: Host, tab: Tab) -> None:
    tab.open(f"{site.origin}/htmx/4")
    tab.sees("einszweidrei")


def press(tab: Tab, selector: str) -> None:
    """Click what may lie outside the window: the dialog is higher than some."""
    tab.in_frame("document.querySelector(arguments[0]).click()", selector)


def test_swagger_ui_tries_an_endpoint_out_and_signs_in(site: Host, tab: Tab) -> None:
    tab.open(f"{site.origin}/docs")
    tab.click("#operations-default-me_me_get .opblock-summary-control")
    tab.click("#operations-default-me_me_get .try-out__btn")
    tab.click("#operations-default-me_me_get .execute")
    tab.sees("Not authenticated")

    tab.click(".scheme-container .btn.authorize")
    tab.fill("#oauth_username", "Ada")
    tab.fill("#oauth_password", "open sesame")
    press(tab, ".auth-btn-wrapper .modal-btn.auth")
    tab.sees("Logout")
    press(tab, ".auth-btn-wrapper .btn-done")
    tab.click("#operations-default-me_me_get .execute")
    tab.sees('"signed in": "Ada"')


def test_dash_calls_back(dash: Host, tab: Tab) -> None:
    tab.open(dash.url)
    tab.sees("3 squared is 9", 30)
    tab.fill("#number [role=slider]", Keys.ARROW_RIGHT)
    tab.sees("4 squared is 16")
    tab.fill("#name", "Zoë")
    tab.click("#greet")
    tab.sees("Hello Zoë, 1")
