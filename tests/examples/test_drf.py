"""The DRF example: its page, the browsable API with its forms, pagination, filters, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("drf", "project.asgi:application")
ASK = """
    const [method, path, headers, body] = args;
    const answer = await fetch(path, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      credentials: 'omit',
      body: body && JSON.stringify(body),
    });
    return [answer.status, answer.status === 204 ? null : await answer.json()];
"""


def log_in(page: Tab, name: str) -> None:
    """Fill in the form of REST framework's own page."""
    page.sees("Username:")
    page.fill("[name=username]", name)
    page.fill("[name=password]", name)
    page.click("[type=submit]")


def test_page(page: Tab) -> None:
    page.sees("Sleep (ada)")
    page.click("#login")
    log_in(page, "ada")
    page.sees("ada Log out", 60)
    page.fill("#add [name=title]", "SHOUT")
    page.click("#add button")
    page.sees("Please do not shout.")
    page.in_frame("document.querySelector('#add').reset()")
    page.fill("#add [name=title]", "Whisper")
    page.click("#add button")
    page.sees("Whisper (ada)")
    page.reload()
    page.sees("Whisper (ada)")
    page.sees("ada Log out")
    page.click("#logout button")
    page.sees("Log in")


def test_browsable_api(page: Tab, site: Host) -> None:
    page.open(site.url + "api/tasks/")
    page.sees("Task List")
    page.sees("HTTP 200 OK")
    assert page.in_frame("return getComputedStyle(document.querySelector('.navbar')).position")
    page.click(".pagination a[href$='page=2']")
    page.at("/api/tasks/?page=2")
    page.click(".navbar a[href*='login']")
    log_in(page, "ada")
    page.sees("ada", 60)
    page.at("/api/tasks/")
    page.fill("#post-object-form [name=title]", "By the form")
    page.click("#post-object-form button")
    page.sees("HTTP 201 Created")
    page.sees('"title": "By the form"')


def test_api(page: Tab) -> None:
    def ask(*request: Any) -> Any:
        return page.run_in_frame(ASK, *request)

    status, first = ask("GET", "/api/tasks/?ordering=title")
    assert [status, first["results"][0]["title"]] == [200, "Buy milk"]
    assert first["next"].endswith("/api/tasks/?ordering=title&page=2")
    assert ask("GET", "/api/tasks/?search=door")[1]["count"] == 1
    assert ask("GET", "/api/tasks/?priority=9")[0] == 400
    assert ask("POST", "/api/tasks/", {}, {"title": "x"})[0] in (401, 403)
    status, answer = ask("POST", "/api-token/", {}, {"username": "admin", "password": "admin"})
    token = {"authorization": f"Token {answer['token']}"}
    status, made = ask("POST", "/api/tasks/", token, {"title": "By a token", "priority": 3})
    assert [status, made["owner"]] == [201, "admin"]
    assert ask("POST", f"/api/tasks/{made['id']}/finish/", token)[1]["done"] is True
    assert ask("PATCH", "/api/tasks/1/", token, {"title": "Not mine"})[0] == 403
    assert ask("DELETE", f"/api/tasks/{made['id']}/", token) == [204, None]
