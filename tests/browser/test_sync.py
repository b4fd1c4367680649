"""Sync code in three engines: waiting, databases, requests to the outside; Flask and Django."""

from __future__ import annotations

import asyncio
import copy
import functools
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import FLASK, LIBRARY, SYNC
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


# Flask


@pytest.fixture
def shop(visit: Callable[[App], Host]) -> Host:
    """Before the test has its tab, or the window that keeps Python up is closed with it."""
    return visit(FLASK)


@pytest.fixture
def shopping(shop: Host, tab: Tab) -> Tab:
    return tab.open(shop.url)


def test_flask_keeps_a_session_and_flashes(shopping: Tab) -> None:
    shopping.fill("#add [name=name]", "coffee")
    shopping.click("#add button")
    shopping.sees("Added coffee")
    shopping.sees("coffee: 7.90")
    shopping.reload()
    shopping.sees("coffee: 7.90")
    assert "Added" not in shopping.text()


def test_flask_streams_while_it_sleeps(shopping: Tab) -> None:
    script = """
        const reader = (await fetch('/count')).body.getReader();
        const pieces = [];
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return pieces;
          pieces.push(new TextDecoder().decode(value).trim());
        }
    """
    pieces = shopping.run_in_frame(script)
    assert "\n".join(pieces) == "1\n2\n3\n4\n5"
    assert len(pieces) > 2  # a browser may join two, but waits for no end


def test_flask_answers_errors_in_its_own_words(shopping: Tab) -> None:
    script = "const r = await fetch('/nowhere'); return [r.status, await r.text()]"
    status, text = shopping.run_in_frame(script)
    assert status == 404
    assert "There is no such page." in text


# Django


@pytest.fixture
def django_site(visit: Callable[[App], Host]) -> Host:
    """Before the test has its tab, or the window that keeps Python up is closed with it."""
    return visit(LIBRARY)


@pytest.fixture
def library(django_site: Host, tab: Tab) -> Tab:
    return tab.open(django_site.url)


def test_django_form_with_csrf_token_and_message(library: Tab) -> None:
    library.fill("#add [name=title]", "Momo")
    library.fill("#add [name=author]", "Michael Ende")
    library.click("#add button")
    library.sees("Momo is here now.")
    library.sees("Momo, Michael Ende")


def test_django_refuses_a_form_without_the_token(library: Tab) -> None:
    script = "return (await fetch('/lend/1', { method: 'POST' })).status"
    assert library.run_in_frame(script) == 403


def test_django_refuses_a_form_of_another_site(
    library: Tab, django_site: Host, serve: Callable[[Path], Host], tmp_path: Path
) -> None:
    form = f"<form method=post action='{django_site.url}lend/1'></form>"
    script = "<script>document.forms[0].submit()</script>"
    (tmp_path / "go.html").write_text(form + script)
    other = f"http://127.0.0.1:{serve(tmp_path).port}"
    library.start(f"{other}/go.html")
    library.wait(lambda: library.url.startswith(django_site.url))
    library.ready().sees("CSRF verification failed")
    library.sees(f"{other} does not match any trusted origins")


def test_django_login_rotates_the_session_and_the_token(library: Tab, django_site: Host) -> None:
    library.open(django_site.url + "admin/")
    library.sees("Username:")
    before = library.in_frame("return document.cookie")
    library.fill("[name=username]", "admin")
    library.fill("[name=password]", "admin")
    library.click("[type=submit]")
    library.sees("Site administration", 60)
    after = library.in_frame("return document.cookie")
    assert before.startswith("csrftoken=")  # sessionid is HttpOnly
    assert after.startswith("csrftoken=")
    assert after != before
    library.click("#logout-form button")
    library.sees("Logged out")


def test_django_transaction(library: Tab) -> None:
    library.click("#books li button")
    library.sees("(lent)")
    library.click("#books li button")
    library.sees("brought back")


def test_django_async_view_and_async_from_sync(library: Tab) -> None:
    script = """
        const numbers = await (await fetch('/statistics')).json();
        return [numbers.books >= 2, await (await fetch('/report')).text()];
    """
    enough, report = library.run_in_frame(script)
    assert enough
    assert "books, " in report


def test_django_counts_the_visits_of_a_session(library: Tab) -> None:
    def visits() -> int:
        return int(library.text().split("You were here ")[1].split(" ")[0])

    before = visits()
    library.reload()
    assert visits() == before + 1


def test_django_admin(library: Tab, django_site: Host) -> None:
    library.open(django_site.url + "admin/")
    library.sees("Username:")
    styled = "return getComputedStyle(document.querySelector('#header')).backgroundColor"
    assert library.in_frame(styled) != "rgba(0, 0, 0, 0)"
    library.fill("[name=username]", "admin")
    library.fill("[name=password]", "admin")
    library.click("[type=submit]")
    library.sees("Site administration", 60)
    library.click("a[href$='/library/book/add/']")
    library.sees("Add book")
    library.fill("[name=title]", "Ulysses")
    library.fill("[name=author]", "James Joyce")
    library.click("[name=_save]")
    library.sees("was added successfully")
    library.fill("#searchbar", "Ulysses")
    library.click("#changelist-search [type=submit]")
    library.sees("1 result")
    library.click("#result_list tbody th a")
    library.sees("Change book")
    library.click("[name=lent]")
    library.click("[name=_save]")
    library.sees("was changed successfully")
    library.click("a[href*='lent__exact=1']")
    library.at("lent__exact=1&q=Ulysses")
    library.click("#result_list .action-select")
    library.in_frame("document.querySelector('[name=action]').value = 'delete_selected'")
    library.click(".actions button")
    library.sees("Are you sure")
    library.click("#content [type=submit]")
    library.sees("Successfully deleted 1 book")
    library.click("#logout-form button")
    library.sees("Logged out")


def test_django_refuses_a_wrong_password(library: Tab, django_site: Host) -> None:
    library.open(django_site.url + "admin/")
    library.sees("Username:")
    library.fill("[name=username]", "admin")
    library.fill("[name=password]", "wrong")
    library.click("[type=submit]")
    library.sees("Please enter the correct username and password", 60)
