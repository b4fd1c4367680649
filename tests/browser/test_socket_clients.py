"""Clients that people use: socket.io's against its own server, and htmx's for WebSocket."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser import inside
from tests.browser.sites import ROOT, App

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

FOLDER = ROOT / "tests/browser/apps/clients"
SCRIPTS = {
    "socket.io.js": "socket.io-client/dist/socket.io.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "hx-ws.js": "htmx.org/dist/ext/hx-ws.min.js",
}
DRIVE = (FOLDER / "drive.js").read_text()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The app with its clients' files, which are not in this repository."""
    folder: Path = tmp_path_factory.mktemp("clients") / "app"
    shutil.copytree(FOLDER, folder)
    for name, path in SCRIPTS.items():
        shutil.copy(ROOT / "node_modules" / path, folder / name)
    return App(folder, name="clients")


def test_socket_io_does_the_same_as_under_uvicorn(
    engine: Engine,
    tab: Tab,
    app: App,
    visit: Callable[[App], Host],
    under_uvicorn: Callable[[App], str],
) -> None:
    oracle = engine.tab()
    home = tab.open(visit(app).url)
    oracle.load(under_uvicorn(app))
    inside.start(oracle.script, "drive", DRIVE)
    inside.start(home.in_frame, "drive", DRIVE)
    expected = inside.result(oracle, oracle.script, "drive")
    oracle.driver.delete_all_cookies()  # other servers on this host would be sent them, too
    oracle.close()
    assert expected["polling,websocket"]["transport"] == "websocket", expected
    assert inside.result(home, home.in_frame, "drive") == expected


def test_htmx_sends_and_swaps(tab: Tab, app: App, visit: Callable[[App], Host]) -> None:
    home = tab.open(f"{visit(app).url}htmx")
    home.fill("input", "hello")
    home.click("button")
    home.sees("HELLO")
