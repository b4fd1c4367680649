"""Sync code in three engines: waiting, databases, requests to the outside."""

from __future__ import annotations

import asyncio
import copy
import functools
import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import SYNC
from tests.browser.sites import App

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

SOAK_SECONDS = float(os.environ.get("TABCORN_SOAK_SECONDS", "5"))  # 60 is the real thing
SUSPENDING = ("chromium", "firefox")


MIRROR = App(SYNC.folder, "mirror:app", name="mirror")


@pytest.fixture
def elsewhere(under_uvicorn: Callable[[App], str]) -> str:
    """A server on another origin, which lets every site ask it."""
    return under_uvicorn(MIRROR).rstrip("/")


@pytest.fixture
def sync_site(visit: Callable[[App], Host]) -> Host:
    """Before the test has its tab, or the window that keeps Python up is closed with it."""
    return visit(SYNC)


@pytest.fixture
def sync(sync_site: Host, tab: Tab) -> Tab:
    tab.driver.set_script_timeout(180)
    return tab.open(sync_site.url)


def run(tab: Tab, name: str, url: str = "") -> Any:
    script = "const [n, u] = args; return (await fetch(`/run/${n}?url=${u}`)).json()"
    return tab.run_in_frame(f"const args = arguments; {script}", name, url)


# Waiting


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("from_async_to_sync", "slow"),
        ("nested", 4),
        ("from_thread", "slow"),
        ("run_in_sync", "slow"),
        ("pool", [1, 2, 3]),
        ("one_at_a_time", "aabbcc"),
        ("sqlite", 1),
        ("sqlalchemy", 42),
        (
            "sqlalchemy_in_async_code",
            ["StatementError", 2, "IntegrityError", [1, 2], 2, 8],
        ),
    ],
)
def test_it_works_everywhere(sync: Tab, name: str, answer: Any) -> None:
    assert run(sync, name) == answer


def test_what_takes_a_suspended_stack(sync: Tab, engine: Engine) -> None:
    answer = run(sync, "to_thread")
    if engine.name in SUSPENDING:
        assert answer == "from the loop"
    else:
        assert answer.startswith("RuntimeError: This code waits for the result")


def test_the_loop_goes_on_while_sync_code_sleeps(sync: Tab, engine: Engine) -> None:
    assert run(sync, "sleeping") is (engine.name in SUSPENDING)


def test_stacks_are_suspended_and_garbage_is_collected(sync: Tab, engine: Engine) -> None:
    """Without `sync.collector` the interpreter dies of this within seconds, in both engines."""
    suspended = run(sync, "soak", str(SOAK_SECONDS if engine.name in SUSPENDING else 1))
    assert suspended > 10
    assert run(sync, "pool") == [1, 2, 3]


# To the outside


@functools.cache
def on_a_machine(client: str, url: str) -> dict[str, Any]:
    """Return what a client is told when it runs here, in CPython."""
    sys.path.append(str(SYNC.folder))
    ask = importlib.import_module("clients").EVERY[client]
    sys.path.remove(str(SYNC.folder))
    told = asyncio.run(ask(url)) if asyncio.iscoroutinefunction(ask) else ask(url)
    answers: dict[str, Any] = json.loads(json.dumps(told))
    return answers


@pytest.mark.parametrize(
    "client", ["by_requests", "by_urllib3", "by_urllib", "by_httpx", "by_async_httpx"]
)
def test_clients_are_told_what_they_are_told_on_a_machine(
    sync: Tab, elsewhere: str, engine: Engine, client: str
) -> None:
    told = copy.deepcopy(on_a_machine(client, f"{elsewhere}/"))
    if engine.name == "webkit":
        for name in told.keys() & {"redirect", "redirected post"}:
            told[name][3]["own"] = None  # the engine drops such headers where CORS is redirected
        if client == "by_requests":
            told["stuck"] = "ReadTimeout"  # and not, in the middle of it, ConnectionError
    assert run(sync, f"all_{client}", f"{elsewhere}/") == told


@pytest.mark.parametrize("client", ["by_requests", "by_async_httpx"])
def test_clients_are_told_the_same_by_the_apps_own_site(
    sync: Tab, sync_site: Host, elsewhere: str, engine: Engine, client: str
) -> None:
    told = copy.deepcopy(on_a_machine(client, f"{elsewhere}/"))
    if engine.name == "webkit" and client == "by_requests":
        told["stuck"] = "ReadTimeout"
    assert run(sync, f"all_{client}", f"{sync_site.url}mirror/") == told


def test_a_post_in_sync_code(sync: Tab, elsewhere: str) -> None:
    assert run(sync, "by_httpx2", elsewhere) == [200, {"a": 1}]


@pytest.mark.parametrize("name", ["by_urllib", "urllib_in_async"])
def test_urllib(sync: Tab, elsewhere: str, name: str) -> None:
    assert run(sync, name, elsewhere) == [200, '{"got": "nothing"}', "yes"]


@pytest.mark.parametrize("name", ["by_async_httpx", "by_async_httpx2", "async_httpx_in_sync"])
def test_async_clients(sync: Tab, elsewhere: str, name: str) -> None:
    assert run(sync, name, elsewhere) == [200, '{"got": "nothing"}']


@pytest.mark.parametrize("name", ["by_urllib", "by_requests", "by_httpx", "by_async_httpx"])
def test_what_cors_forbids_says_so(sync: Tab, elsewhere: str, name: str) -> None:
    assert "by CORS" in run(sync, name, f"{elsewhere}/closed")


def test_the_apps_own_site_in_async_code(sync: Tab, sync_site: Host) -> None:
    assert run(sync, "own_site_by_async_httpx", sync_site.origin) == "slow"


@pytest.mark.parametrize("client", ["urllib", "requests", "httpx"])
def test_the_apps_own_site_in_sync_code(sync: Tab, sync_site: Host, client: str) -> None:
    assert run(sync, f"own_site_by_{client}", sync_site.origin) in ("slow", '"slow"')


def test_threads_and_processes_say_what_works_instead(sync: Tab) -> None:
    assert "can't start new thread" in run(sync, "start_a_thread")
    assert "process" in run(sync, "start_a_process")


def test_a_socket_says_what_works_instead(sync: Tab) -> None:
    assert "A browser opens no sockets" in run(sync, "by_socket")
