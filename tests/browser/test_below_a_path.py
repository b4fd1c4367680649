"""A site below a path serves an app whose URLs all begin with a slash."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import ABSOLUTE

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import Sites
    from tests.browser.tab import Tab

ROOT = "/some/path"


@pytest.fixture(scope="module")
def site(engine: Engine, sites: Sites, serve: Callable[..., Host]) -> Host:
    """The app's site below a path; a window keeps its Python up."""
    host = serve(sites.build(ABSOLUTE), base=f"{ROOT}/")
    engine.tab().open(host.url)
    return host


@pytest.fixture
def home(tab: Tab, site: Host) -> Tab:
    return tab.open(site.url)


def shows_about(tab: Tab, query: str = "") -> None:
    tab.sees(f"about {ROOT}/about in {ROOT} {query}".rstrip())
    tab.at(f"{ROOT}/about" + (f"?{query}" if query else ""))


@pytest.mark.parametrize(
    ("selector", "query"),
    [
        ("#link", ""),
        ("#post button", "saved=w"),
        ("#get button", "q=2"),
        ("#header", "header"),
        ("#element", "element"),
    ],
)
def test_links_forms_and_refreshes(home: Tab, selector: str, query: str) -> None:
    home.click(selector)
    shows_about(home, query)


@pytest.mark.parametrize(
    ("script", "query"),
    [
        ("document.querySelector('#post').submit()", "saved=w"),
        ("location = '/about?script'", "script"),
        ("location.assign('/go')", "gone"),
        ("window.open('/about?opened', '_self')", "opened"),
        ("top.location = '/about?top'", "top"),
    ],
)
def test_navigations_of_script(home: Tab, engine: Engine, script: str, query: str) -> None:
    if engine.name == "webkit" and "location" in script:
        pytest.skip("WebKit has no Navigation API: docs/server-behavior.md says what comes of it")
    home.in_frame(script)
    shows_about(home, query)


def test_a_link_in_a_drawing(home: Tab) -> None:
    home.in_frame(
        "document.querySelector('#drawn').dispatchEvent("
        "new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))"
    )
    shows_about(home, "drawn")


def test_subresources(home: Tab) -> None:
    colour = "return getComputedStyle(document.querySelector('h1')).color"
    home.wait(lambda: home.in_frame(colour) == "rgb(1, 2, 3)")
    answer = home.run_in_frame("return await (await fetch('/api?fetched')).json()")
    assert answer == {"path": f"{ROOT}/api", "query": "fetched"}


def test_a_redirect_that_fetch_follows(home: Tab, site: Host) -> None:
    landed = home.run_in_frame("return (await fetch('/go')).url")
    assert landed == f"{site.origin}{ROOT}/about?gone"


def test_a_worker_and_what_it_fetches(home: Tab) -> None:
    answer = home.run_in_frame(
        "const worker = new Worker('/static/worker.js');"
        "const answer = new Promise((resolve, reject) => {"
        "  worker.onmessage = ({ data }) => resolve(data); worker.onerror = reject; });"
        "worker.postMessage(1); return answer"
    )
    assert answer == {"path": f"{ROOT}/api", "query": "worker"}


def test_a_frame_of_the_apps_own(home: Tab) -> None:
    text = "return document.querySelector('iframe').contentDocument?.body?.innerText ?? ''"
    home.wait(lambda: f"about {ROOT}/about in {ROOT} framed" in home.in_frame(text))


def test_embedded_documents(home: Tab, engine: Engine) -> None:
    if engine.name == "firefox":
        pytest.skip("Firefox shows no document there: docs/server-behavior.md")
    home.in_frame("document.body.innerHTML = '<object data=/about?embedded></object>'")
    text = "return document.querySelector('object').contentWindow[0].document.body.innerText"
    home.wait(lambda: f"about {ROOT}/about in {ROOT} embedded" in home.in_frame(text))


def test_push_state_and_reload(home: Tab) -> None:
    home.in_frame("history.pushState(null, '', '/about?pushed')")
    home.at(f"{ROOT}/about?pushed")
    home.reload()
    shows_about(home, "pushed")


def test_the_sites_own_address_without_its_slash(home: Tab) -> None:
    answer = home.run_in_frame(f"return (await fetch('{ROOT}')).status")
    assert answer == 200
