"""The Strawberry example: queries, a mutation with a session, a subscription, errors as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("strawberry")


def test_visit(page: Tab, site: Host) -> None:
    page.sees("Cléo de 5 à 7 by Agnès Varda")
    page.fill("#sign-in [name=name]", "Ada")
    page.click("#sign-in button")
    page.wait(lambda: page.in_frame("return document.querySelector('#review')"))
    page.reload()
    other = page.engine.tab().open(site.url)
    other.sees("Ikiru by Akira Kurosawa")
    page.fill("#review [name=text]", "Encore")
    page.click("#review button")
    page.sees("Ada gives Cléo de 5 à 7 5: Encore")
    page.sees("Agnès Varda ★★★★★")
    other.sees("Ada gives Cléo de 5 à 7 5: Encore")
    page.in_frame("document.querySelector('#review [name=stars]').value = ''")
    page.fill("#review [name=stars]", "6")
    page.click("#review button")
    page.sees("There are one to five stars.")


def test_graphql_over_http(page: Tab) -> None:
    script = """
        const response = await fetch('/graphql?query=' + encodeURIComponent(args[0]));
        return [response.status, await response.json()];
    """
    query = '{ films(search: "ikiru") { director { films { title } } } }'
    films = [{"director": {"films": [{"title": "Ikiru"}]}}]
    assert page.run_in_frame(script, query) == [200, {"data": {"films": films}}]
    status, answer = page.run_in_frame(script, "{ nothing }")
    assert "Cannot query field 'nothing'" in answer["errors"][0]["message"]
    assert status == 200


def test_static_files(page: Tab) -> None:
    color = "return getComputedStyle(document.querySelector('#error')).color"
    assert page.in_frame(color) == "rgb(176, 0, 32)"
