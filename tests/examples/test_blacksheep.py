"""The BlackSheep example: controllers, injection, sessions, views, files, a WebSocket, OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("blacksheep")

COUNT_DOWN = """
    const socket = new WebSocket(location.href.replace(/^http/, 'ws') + 'timer/1');
    const left = [];
    socket.onmessage = ({ data }) => left.push(JSON.parse(data).left);
    const { code } = await new Promise((done) => { socket.onclose = done; });
    return [left, code];
"""

ADD = """
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/api/recipes', { method: 'POST', headers, body: args[0] });
    return [answer.status, answer.status < 300 ? await answer.json() : null];
"""


def test_a_visit(page: Tab) -> None:
    page.sees("No recipes yet")
    page.fill("[name=name]", "Crème brûlée")
    page.click("#add button")
    page.sees("Crème brûlée 30 minutes")
    page.sees("1 of them from you.")
    page.reload()
    page.sees("1 of them from you.")
    assert page.in_frame("return getComputedStyle(recipes).listStyleType") == "square"


def test_its_api(page: Tab) -> None:
    tea = {"name": "Tea", "minutes": 4, "id": 2}
    assert page.run_in_frame(ADD, '{"name": "Tea", "minutes": 4}') == [201, tea]
    assert page.run_in_frame(ADD, '{"name": "Tea"}') == [400, None]
    assert page.run_in_frame(ADD, "not JSON") == [400, None]
    listed = "return (await (await fetch('/api/recipes')).json()).map(({ name }) => name)"
    assert page.run_in_frame(listed) == ["Tea", "Crème brûlée"]
    paths = "return Object.keys((await (await fetch('/openapi.json')).json()).paths)"
    assert "/api/recipes" in page.run_in_frame(paths)
    assert page.run_in_frame(COUNT_DOWN) == [[1, 0], 1000]
