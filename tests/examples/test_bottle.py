"""The Bottle example: a plugin for SQLite, templates, a signed cookie, static files, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("bottle")


def add(page: Tab, url: str, title: str) -> None:
    page.fill("[name=url]", url)
    page.fill("[name=title]", title)
    page.click("#add button")


def test_a_visit(page: Tab, site: Host) -> None:
    add(page, site.url + "api/bookmarks", "Été")
    page.sees("Été 0 visits")
    add(page, site.url, "A front page")
    page.sees("A front page 0 visits")
    page.click("#bookmarks li:nth-child(2) a")
    page.at("/api/bookmarks")
    page.open(site.url + "?order=visits")
    page.sees("Été 1 visits\nA front page 0 visits")
    page.open(site.url)
    page.sees("now by visits")  # by the signed cookie
    page.reload()
    page.sees("now by visits")
    assert page.in_frame("return document.styleSheets[0].cssRules.length") == 3
    add(page, "ftp://old", "Old")
    page.sees("400 Bad Request\n\nA bookmark begins with http:// or https://.")


def test_its_errors_and_files(page: Tab) -> None:
    status = "return (await fetch(args[0], args[1])).status"
    assert page.run_in_frame(status, "/visit/99", {}) == 404
    assert page.run_in_frame(status, "/static/../main.py", {}) == 404
    part = page.run_in_frame(status, "/static/style.css", {"headers": {"range": "bytes=0-3"}})
    assert part == 206
