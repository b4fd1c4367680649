"""The Django Ninja example: its page with an upload, the API and its errors, the OpenAPI docs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("django-ninja", "project.asgi:application")
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'/>"
ANSWER = "const r = await fetch(args[0], args[1]); return [r.status, await r.json()]"


def test_page(page: Tab, tmp_path: Path) -> None:
    (tmp_path / "picture.svg").write_text(PICTURE)
    page.click("#login")
    page.sees("Username:")
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", "ada")
    page.click("#login button")
    page.sees("ada Log out", 60)
    page.fill("#add [name=title]", "Example")
    page.fill("#add [name=url]", "https://example.org/a")
    page.fill("#add [name=tags]", "one, two")
    page.fill("#add [name=picture]", str(tmp_path / "picture.svg"))
    page.click("#add button")
    page.sees("Example by ada one two")
    page.reload()
    page.sees("Example by ada one two")
    page.sees("You were here")
    shown = "return document.querySelector('#bookmarks img')?.naturalWidth > 0"
    page.wait(lambda: page.in_frame(shown))
    assert page.run_in_frame(ANSWER, "/api/bookmarks/tags") == [200, {"one": 1, "two": 1}]
    found = page.run_in_frame(ANSWER, "/api/bookmarks?tags__name=two&limit=1")[1]
    assert [found["count"], found["items"][0]["url"]] == [1, "https://example.org/a"]
    page.click("#logout button")
    page.sees("to add bookmarks")


def test_errors(page: Tab) -> None:
    token = page.in_frame("return document.cookie.match(/csrftoken=(\\w+)/)[1]")
    headers = {"content-type": "application/json"}
    post = {"method": "POST", "body": "{}", "headers": headers}
    refused = [403, {"detail": "CSRF check Failed"}]
    assert page.run_in_frame(ANSWER, "/api/bookmarks", post) == refused
    headers["x-csrftoken"] = token
    assert page.run_in_frame(ANSWER, "/api/bookmarks", post) == [401, {"detail": "Unauthorized"}]
    assert page.run_in_frame(ANSWER, "/api/bookmarks/99")[0] == 404
    status, error = page.run_in_frame(ANSWER, "/api/bookmarks?limit=x")
    assert [status, error["detail"][0]["loc"]] == [422, ["query", "limit"]]


def test_docs(page: Tab, site: Host) -> None:
    page.open(site.url + "api/docs")
    page.sees("/api/bookmarks/tags")
    page.click("#operations-bookmarks-bookmarks_api_count_tags button")
    page.click("#operations-bookmarks-bookmarks_api_count_tags .try-out button")
    page.click("#operations-bookmarks-bookmarks_api_count_tags .execute")
    page.wait(lambda: page.in_frame("return document.querySelector('.live-responses-table')"))
    page.sees("Response body")
