"""The Dash example: pages, callbacks, a chart, SQLite, what the visitor chose in a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("dash", "main:server")


def test_a_visit(page: Tab) -> None:
    page.sees("Expenses")
    page.fill("#what", "Café")
    page.click("#add")
    page.sees("Say what for, and how much.")
    page.fill("#amount", "3.5")
    page.click("#add")
    page.sees("Food\tCafé\t3.50")
    page.reload()
    page.sees("Food\tCafé\t3.50")
    assert page.in_frame("return getComputedStyle(document.querySelector('nav')).display") == "flex"
    page.click("nav a[href$='chart']")
    page.at("/chart")
    page.sees("Sum: 3.50", 30)  # plotly comes with the app, and is 5 MB
    page.click("#kinds label:first-child input")
    page.sees("Sum: 0.00")
