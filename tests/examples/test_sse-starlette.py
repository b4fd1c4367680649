"""The sse-starlette example: what one page says another hears; what was missed; an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("sse-starlette")


def test_chat(page: Tab, site: Host) -> None:
    script = "return (await fetch('/say', { method: 'POST' })).status"
    assert page.run_in_frame(script) == 403
    page.fill("#join [name=name]", "Ada")
    page.click("#join button")
    page.sees("Ada:")
    other = page.engine.tab().open(site.url)
    page.fill("#say [name=text]", "Is anybody there?")
    page.click("#say button")
    page.sees("Ada: Is anybody there?")
    other.sees("Ada: Is anybody there?")
    other.fill("#say [name=text]", "Only me")
    other.click("#say button")
    page.sees("Ada: Only me")
    page.reload()
    page.sees("Ada: Is anybody there?\nAda: Only me")


def test_countdown_comes_by_pieces_and_ends(page: Tab) -> None:
    page.click("#count")
    page.wait(lambda: page.in_frame("return document.querySelector('output').value") == "3 ")
    page.sees("3 2 1 Go!")
    assert page.in_frame("return getComputedStyle(document.querySelector('#words')).borderStyle")


def test_headers_and_the_last_event(page: Tab) -> None:
    script = """
        const headers = { 'last-event-id': '0' };
        const response = await fetch('/countdown', { headers });
        const kind = response.headers.get('content-type');
        return [kind, await response.text()];
    """
    kind, text = page.run_in_frame(script)
    assert kind.startswith("text/event-stream")
    assert text == "data: 3\r\n\r\ndata: 2\r\n\r\ndata: 1\r\n\r\nevent: end\r\ndata: Go!\r\n\r\n"
