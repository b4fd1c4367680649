"""The Litestar example: SQLAlchemy, DTOs, sessions on the server, templates, events by channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("litestar")

ADD = """
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/api/books', { method: 'POST', headers, body: args[0] });
    const value = await answer.json();
    return [answer.status, value.detail ?? value];
"""


def test_a_visit(page: Tab) -> None:
    page.sees("Nothing yet")
    page.fill("[name=title]", "Les Misérables")
    page.fill("[name=author]", "Hugo")
    page.click("#add button")
    page.sees("Les Misérables, Hugo")
    page.sees("1 of them from you.")
    page.reload()
    page.sees("1 of them from you.")
    assert page.in_frame("return getComputedStyle(document.body).fontFamily").startswith("Georgia")
    momo = {"id": 2, "title": "Momo", "author": "Ende", "read": False}
    assert page.run_in_frame(ADD, '{"title": "Momo", "author": "Ende"}') == [201, momo]
    page.sees("New: Momo")  # by the event stream
    status, detail = page.run_in_frame(ADD, '{"title": "Momo"}')
    assert (status, detail) == (400, "Object missing required field `author`")
