"""The FastAPI example, used as its README promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import GUESTBOOK
from tests.browser.tab import FRAME

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


@pytest.fixture
def book(tab: Tab, visit: Callable[[App], Host]) -> Tab:
    return tab.open(visit(GUESTBOOK).url)


def test_signing(book: Tab) -> None:
    book.fill("[name=name]", "Ada")
    book.fill("[name=message]", "Bonjour, été")
    book.click("#sign button")
    book.sees("Bonjour, été")
    assert "/entries/" in book.url
    book.click("#back")
    book.sees("Leave a word")
    assert "Ada" in book.text()


def test_json_api(book: Tab) -> None:
    script = """
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ name: 'Bo', message: 'by API' });
        const answer = await fetch('/api/entries', { method: 'POST', headers, body });
        const list = await (await fetch('/api/entries')).json();
        return [answer.status, list.at(-1).message];
    """
    assert book.run_in_frame(script) == [201, "by API"]


def test_validation_error(book: Tab) -> None:
    script = (
        "const r = await fetch('/api/sum?a=x'); return [r.status, (await r.json()).detail.length]"
    )
    assert book.run_in_frame(script) == [422, 2]


def test_page_whose_script_calls_a_def_endpoint(book: Tab) -> None:
    book.click("nav a")
    book.sees("Calculator")
    book.sees("on Emscripten")
    book.click("#sum button")
    book.sees("Sum: 42")


def test_stream_shows_one_station_after_the_other(book: Tab) -> None:
    book.click("nav a:nth-child(2)")
    book.at("/journey")
    book.click("#start")
    count = "return document.querySelectorAll('#stations li').length"
    book.wait(lambda: book.in_frame(count) in (1, 2, 3, 4))
    book.wait(lambda: book.in_frame(count) == 5)


# Asked from beside the page: a driver may wait with its answer until the page is whole. By a
# worker's timer: a window that is not in front may have but one a second (WebKit).
WATCH = """
const frame = document.querySelector(arguments[0]), counts = new Set();
const clock = new Blob(["setInterval(() => postMessage(0), 20)"]);
new Worker(URL.createObjectURL(clock)).onmessage = () => {
  counts.add(frame.contentDocument?.querySelectorAll('.station').length ?? 0);
  window.counted = counts.size;
};
"""


def test_page_that_is_streamed(book: Tab) -> None:
    book.click("nav a:nth-child(2)")
    book.at("/journey")
    book.script(WATCH, FRAME)
    book.click("main a[href$='live']")
    book.sees("All change, please.")
    assert book.script("return window.counted") >= 3


def test_static_files(book: Tab) -> None:
    script = "return getComputedStyle(document.querySelector('nav')).display"
    assert book.in_frame(script) == "flex"
    kind = "return (await fetch('/static/style.css')).headers.get('content-type')"
    assert book.run_in_frame(kind) == "text/css; charset=utf-8"


def test_below_a_path(tab: Tab, fresh: Callable[..., Host]) -> None:
    host = fresh(GUESTBOOK, base="/some/path/")
    tab.open(host.url + "calculator")
    tab.sees("on Emscripten")
    tab.click(".brand")
    tab.sees("Leave a word")
    tab.fill("[name=name]", "Ada")
    tab.fill("[name=message]", "below a path")
    tab.click("#sign button")
    tab.sees("below a path")
    assert tab.url == host.url + "entries/1"
