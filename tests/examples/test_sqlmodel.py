"""The SQLModel example: a form, search, the team that a session keeps; the API and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("sqlmodel")
ASK = """
    const [method, path, body] = args;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    return [answer.status, answer.status === 204 ? null : await answer.json()];
"""


def test_form_search_and_session(page: Tab) -> None:
    page.sees("Nobody yet")
    page.fill("#enlist [name=name]", "Deadpond")
    page.fill("#enlist [name=age]", "48")
    page.in_frame("document.querySelector('[name=team_id]').value = '2'")
    page.click("#enlist button")
    page.sees("Deadpond")
    assert "Z-Force" in page.in_frame("return document.querySelector('#heroes').innerText")
    page.reload()
    page.sees("Deadpond")
    assert page.in_frame("return document.querySelector('[name=team_id]').value") == "2"
    page.fill("#search [name=q]", "Spider")
    page.click("#search button")
    page.at("/?q=Spider")
    page.sees("Nobody yet")
    assert page.in_frame("return getComputedStyle(document.querySelector('table')).width") != "auto"


def test_api(page: Tab) -> None:
    def ask(*request: Any) -> Any:
        return page.run_in_frame(ASK, *request)

    status, hero = ask("POST", "/heroes/", {"name": "Tarantula", "age": 30, "team_id": 1})
    path = f"/heroes/{hero['id']}"
    assert status == 201
    assert ask("PATCH", path, {"age": 31}) == [200, {**hero, "age": 31}]
    assert {**hero, "age": 31} in ask("GET", "/heroes/?limit=10")[1]
    assert ask("DELETE", path) == [204, None]
    assert ask("GET", path) == [404, {"detail": "Hero not found"}]
    status, error = ask("POST", "/heroes/", {"name": "", "age": -1})
    assert status == 422
    assert [each["loc"] for each in error["detail"]] == [["body", "name"], ["body", "age"]]
