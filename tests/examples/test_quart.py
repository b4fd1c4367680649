"""The Quart example: a session, flashed messages, a form, aiosqlite, a chat by WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("quart")

# Another visitor in the room: a socket of the same page, which tells what it hears.
SAY_FROM_ELSEWHERE = """
    const socket = new WebSocket(location.href.replace(/^http/, 'ws') + 'ws');
    const heard = [];
    await new Promise((done) => {
      socket.onmessage = ({ data }) => {
        heard.push(JSON.parse(data));
        if (heard.length === 1) socket.send(JSON.stringify({ words: args[0] }));
        if (heard.at(-1).words) done();
      };
    });
    socket.close();
    return heard;
"""


def test_a_visit(page: Tab, site: Host) -> None:
    page.at("/enter")
    page.click("#enter button")
    page.sees("What shall we call you?")
    page.fill("[name=name]", "Ada")
    page.click("#enter button")
    page.sees("Welcome, Ada!")
    page.sees("1 here, you as Ada.")
    page.fill("[name=words]", "Good évening")
    page.click("#say button")
    page.sees("Ada Good évening")
    heard = page.run_in_frame(SAY_FROM_ELSEWHERE, "Hello")
    assert heard == [{"present": 2}, {"name": "Ada", "words": "Hello"}]
    page.sees("1 here")  # the other one has left
    page.reload()
    page.sees("Ada Good évening\nAda Hello")
    assert "Welcome" not in page.text()
    assert page.in_frame("return document.styleSheets[0].cssRules.length") == 4
    page.click("#leave button")
    page.at("/enter")
    page.open(site.url)
    page.at("/enter")
