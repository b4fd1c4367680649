"""The Sanic example: listeners, middleware, a blueprint, a template, a cookie, live results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("sanic")

# Somebody else, who has no cookie: a vote that the page must hear of.
VOTE = """
    const body = new URLSearchParams({ answer: args[0] });
    return (await fetch('/vote', { method: 'POST', body, credentials: 'omit' })).status;
"""


def test_a_visit(page: Tab) -> None:
    page.sees("You have not answered yet.")
    page.click("[value=Spaces]")
    page.sees("Your answer: Spaces")
    page.wait(lambda: page.in_frame("return 'live' in document.body.dataset"))
    assert page.run_in_frame(VOTE, "Both at once") == 200
    page.wait(lambda: "Both at once 1" in page.text().replace("\n", " "))
    page.reload()
    page.sees("Your answer: Spaces")
    page.click("[value=Tabs]")
    page.sees("Your answer: Tabs")
    counted = page.run_in_frame("return await (await fetch('/results/')).json()")
    assert counted == {"votes": {"Tabs": 1, "Spaces": 0, "Both at once": 1}, "yours": "Tabs"}
    assert page.in_frame("return getComputedStyle(poll).display") == "grid"


def test_its_errors(page: Tab) -> None:
    assert page.run_in_frame(VOTE, "Neither") == 400
    status = "return (await fetch(args[0])).status"
    assert page.run_in_frame(status, "/results/x%C3%A9?y=é#z") == 404
