"""Answers and navigations that once went wrong: each test is a defect that was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import EDGES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


@pytest.fixture
def edges(visit: Callable[[App], Host]) -> Host:
    return visit(EDGES)


@pytest.fixture
def home(tab: Tab, edges: Host) -> Tab:
    return tab.open(edges.url)


def log(tab: Tab) -> list[str]:
    entries: list[str] = tab.run_in_frame("return await (await fetch('/log')).json()")
    return entries


def test_an_answer_that_does_not_wait_for_the_upload(home: Tab) -> None:
    early = "return (await fetch('/early', { method: 'POST', body: new Uint8Array(5e6) })).status"
    assert home.run_in_frame(early) == 413
    assert log(home) is not None  # the service worker still answers


@pytest.mark.parametrize("how", ["fetch", "XMLHttpRequest"])
def test_a_request_that_is_given_up_before_its_answer(home: Tab, how: str) -> None:
    path = f"/never?{how}"
    give_up = {
        "fetch": "const c = new AbortController();"
        f"fetch('{path}', {{ signal: c.signal }}).catch(() => 0); setTimeout(() => c.abort(), 300)",
        "XMLHttpRequest": f"const x = new XMLHttpRequest(); x.open('GET', '{path}'); x.send();"
        "setTimeout(() => x.abort(), 300)",
    }
    before = log(home).count("/never disconnected")
    home.in_frame(give_up[how])
    home.wait(lambda: log(home).count("/never disconnected") == before + 1)


def test_a_download_that_takes_its_time(home: Tab, engine: Engine) -> None:
    if engine.name == "webkit":
        pytest.skip("WebKitGTK does not download under WebDriver")
    before = log(home).count("/download complete")
    home.in_frame("location = '/download'")
    home.wait(lambda: log(home).count("/download complete") == before + 1, 40)


def test_an_answer_that_breaks_off_shows_so_and_not_the_static_host(tab: Tab, edges: Host) -> None:
    tab.open(edges.url + "value")
    tab.sees("The app gave no answer")


def test_what_forbids_frames_is_shown_in_ours(tab: Tab, edges: Host) -> None:
    tab.open(edges.url + "denied")
    tab.sees("/denied")


def test_back_across_a_reload(home: Tab, engine: Engine) -> None:
    for name in ("a", "b"):
        home.click(f"#{name}")
        home.sees(f"/{name}")
    home.reload()
    home.sees("/b")
    home.script("history.back()")
    if engine.name == "webkit":
        pytest.skip("WebKit forgets the history of frames: docs/server-behavior.md says so")
    home.at("/a")
    home.sees("/a")


@pytest.mark.parametrize(("status", "method"), [(303, "GET"), (307, "POST")])
def test_a_redirect_stays_as_foreign_as_what_led_to_it(
    tab: Tab, edges: Host, tmp_path: Path, serve: Callable[..., Host], status: int, method: str
) -> None:
    target = f"{edges.url}to-{status}"
    form = f'<form method=post action="{target}"><input name=a value=b><button>go</button></form>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>elsewhere</title>{form}")
    elsewhere = serve(tmp_path).url.replace("127.0.0.1", "localhost")
    if "localhost" in edges.url:
        elsewhere = elsewhere.replace("localhost", "127.0.0.1")
    tab.load(elsewhere)
    tab.wait(lambda: tab.script("return document.querySelector('button') !== null"))
    tab.script("document.querySelector('button').click()")
    tab.wait(lambda: tab.url.startswith(edges.url) and '"method"' in tab.text())
    told: dict[str, Any] = json.loads(tab.text())
    assert told["sec-fetch-site"] == "cross-site"
    assert told["referer"] == elsewhere
    assert told["method"] == method
    assert told["body"] == ("a=b" if method == "POST" else "")
    assert told["origin"] == (elsewhere.rstrip("/") if method == "POST" else None)
