"""The Falcon example: resources, media, middleware, a hook, a cookie, a page, static files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("falcon")

ASK = """
    const [path, method, value] = args;
    const headers = { 'content-type': 'application/json' };
    const body = value && JSON.stringify(value);
    const answer = await fetch(path, { method, headers, body });
    return [answer.status, answer.headers.get('location'), await answer.json()];
"""


def test_a_visit(page: Tab) -> None:
    page.fill("[name=title]", "The été is too short")
    page.fill("[name=reporter]", "Ada")
    page.click("#report button")
    page.sees("1\tThe été is too short\tAda")
    page.reload()
    page.sees("The été is too short")
    assert page.in_frame("return document.querySelector('[name=reporter]').value") == "Ada"
    assert page.in_frame("return document.cookie") == ""  # it is HttpOnly
    page.click("[data-bug='1'] button")
    page.wait(lambda: page.in_frame("return document.querySelector('tr.fixed') !== null"))
    struck = "return getComputedStyle(document.querySelector('tr.fixed')).textDecorationLine"
    assert page.in_frame(struck) == "line-through"


def test_its_media(page: Tab) -> None:
    new = page.run_in_frame(ASK, "/api/bugs", "POST", {"title": "Slow", "reporter": "Bo"})
    number = new[2]["id"]  # the second, unless the tab's Python is another by now
    bug = {"id": number, "title": "Slow", "reporter": "Bo", "fixed": 0}
    assert new == [201, f"/api/bugs/{number}", bug]
    assert page.run_in_frame(ASK, "/api/bugs", "GET", None)[2][number - 1] == bug
    assert page.run_in_frame(ASK, "/api/bugs", "POST", {})[::2] == [
        422,
        {"title": "Nothing to fix", "description": "Give a title."},
    ]
    assert page.run_in_frame(ASK, "/api/bugs/9", "PATCH", None)[0] == 404
    allowed = "return (await fetch('/api/bugs', { method: 'DELETE' })).headers.get('allow')"
    assert page.run_in_frame(allowed) == "GET, POST, OPTIONS"
