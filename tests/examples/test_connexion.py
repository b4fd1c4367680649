"""The Connexion example: a form, validation by the OpenAPI document, a token, Swagger UI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("connexion")
ASK = """
    const [method, path, body, headers] = args;
    const type = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(path, { method, headers: type, body: body && JSON.stringify(body) });
    return [answer.status, answer.status === 204 ? null : await answer.json()];
"""


def test_form_and_session(page: Tab) -> None:
    page.sees("None yet")
    page.sees("You were here")
    page.fill("#add [name=name]", "Momo")
    page.in_frame("document.querySelector('[name=animal]').value = 'tortoise'")
    page.click("#add button")
    page.sees("Momo, a tortoise")
    before = page.text().split("You were here ")[1]
    page.reload()
    page.sees("Momo, a tortoise")
    assert page.text().split("You were here ")[1] != before
    style = "return getComputedStyle(document.querySelector('#pets')).listStyleType"
    assert page.in_frame(style) == "square"


def test_what_the_document_does_not_allow(page: Tab) -> None:
    def ask(*request: Any) -> Any:
        return page.run_in_frame(ASK, *request)

    status, pet = ask("POST", "/api/pets", {"name": "Tom", "animal": "cat"})
    path = f"/api/pets/{pet['id']}"
    assert status == 201
    assert pet in ask("GET", "/api/pets?animal=cat&limit=5")[1]
    for wrong in ({"name": "", "animal": "cat"}, {"name": "x", "animal": "dragon"}, {"name": "x"}):
        status, problem = ask("POST", "/api/pets", wrong)
        assert [status, problem["title"]] == [400, "Bad Request"]
    status, problem = ask("GET", "/api/pets?limit=1000")
    assert [status, "1000 is greater than the maximum of 100" in problem["detail"]] == [400, True]
    assert ask("GET", "/api/pets?colour=red")[0] == 400
    assert ask("DELETE", path)[0] == 401
    assert ask("DELETE", path, None, {"authorization": "Bearer keeper"}) == [204, None]
    assert ask("GET", path)[1]["title"] == "No such pet"


def test_swagger_ui(page: Tab, site: Host) -> None:
    page.open(site.url + "ui/")
    page.sees("/api/pets/{pet_id}")
    page.click(".opblock-get .opblock-summary-path[data-path='/api/pets']")
    page.click(".opblock.is-open .try-out button")
    page.click(".opblock.is-open .execute")
    page.wait(lambda: page.in_frame("return document.querySelector('.live-responses-table')"))
