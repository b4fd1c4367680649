"""The FastAPI example, used as its README promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.browser.known import GUESTBOOK
from tests.browser.tab import FRAME

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab


EXAMPLE = GUESTBOOK


def test_signing(page: Tab) -> None:
    page.fill("[name=name]", "Ada")
    page.fill("[name=message]", "Bonjour, été")
    page.click("#sign button")
    page.sees("Bonjour, été")
    assert "/entries/" in page.url
    page.click("#back")
    page.sees("Leave a word")
    assert "Ada" in page.text()


def test_json_api(page: Tab) -> None:
    script = """
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ name: 'Bo', message: 'by API' });
        const answer = await fetch('/api/entries', { method: 'POST', headers, body });
        const list = await (await fetch('/api/entries')).json();
        return [answer.status, list.at(-1).message];
    """
    assert page.run_in_frame(script) == [201, "by API"]


def test_validation_error(page: Tab) -> None:
    script = (
        "const r = await fetch('/api/sum?a=x'); return [r.status, (await r.json()).detail.length]"
    )
    assert page.run_in_frame(script) == [422, 2]


def test_page_whose_script_calls_a_def_endpoint(page: Tab) -> None:
    page.click("nav a")
    page.sees("Calculator")
    page.sees("on Emscripten")
    page.click("#sum button")
    page.sees("Sum: 42")


def test_stream_shows_one_station_after_the_other(page: Tab) -> None:
    page.click("nav a:nth-child(2)")
    page.at("/journey")
    page.click("#start")
    count = "return document.querySelectorAll('#stations li').length"
    page.wait(lambda: page.in_frame(count) in (1, 2, 3, 4))
    page.wait(lambda: page.in_frame(count) == 5)


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


def test_page_that_is_streamed(page: Tab) -> None:
    page.click("nav a:nth-child(2)")
    page.at("/journey")
    page.script(WATCH, FRAME)
    page.click("main a[href$='live']")
    page.sees("All change, please.")
    assert page.script("return window.counted") >= 3


def test_static_files(page: Tab) -> None:
    script = "return getComputedStyle(document.querySelector('nav')).display"
    assert page.in_frame(script) == "flex"
    kind = "return (await fetch('/static/style.css')).headers.get('content-type')"
    assert page.run_in_frame(kind) == "text/css; charset=utf-8"


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
