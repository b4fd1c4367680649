"""The app's window is what it would be at the top of a tab, before and after a reload."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import EDGES

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


@pytest.fixture
def edges(visit: Callable[[App], Host]) -> Host:
    return visit(EDGES)


@pytest.fixture
def home(edges: Host, tab: Tab) -> Tab:  # in this order: the site's own window stays open
    return tab.open(f"{edges.url}a")


def follow(tab: Tab, selector: str, path: str) -> None:
    tab.click(selector)
    tab.sees(path)
    tab.at(path)


def posts(tab: Tab) -> list[str]:
    log: list[str] = tab.run_in_frame("return await (await fetch('/log')).json()")
    return [entry for entry in log if entry in ("POST a=b", "GET ")]


def test_it_is_its_own_parent_and_knows_where_the_user_came_from(home: Tab, edges: Host) -> None:
    looks = """
        const heard = ({ data, source }) => (window.heard = [data, source === window]);
        addEventListener('message', heard);
        parent.postMessage('hello', '*');
        return [parent === window, frameElement, opener, document.referrer, name, history.state];
    """
    assert home.in_frame(looks) == [True, None, None, "", "", None]
    home.wait(lambda: home.in_frame("return window.heard") == ["hello", True])
    follow(home, "#b", "/b")
    assert home.in_frame("return document.referrer") == f"{edges.url}a"


def test_the_referrer_of_an_entry(
    tab: Tab, edges: Host, tmp_path: Path, serve: Callable[..., Host]
) -> None:
    link = f'<a href="{edges.url}a" referrerpolicy=unsafe-url>go</a>'
    (tmp_path / "page.html").write_text(f"<!doctype html><title>elsewhere</title>{link}")
    elsewhere = serve(tmp_path).url + "page.html?q"
    tab.load(elsewhere)
    tab.script("window.left = true; document.querySelector('a').click()")
    tab.ready().sees("/a")
    assert tab.in_frame("return document.referrer") == elsewhere


def test_a_document_that_leaves_frames_is_not_loaded_for_ever(tab: Tab, edges: Host) -> None:
    tab.open(f"{edges.url}unframed")
    time.sleep(1)
    tab.sees("/unframed")
    tab.in_frame("window.stayed = true")
    time.sleep(2)
    assert tab.in_frame("return window.stayed")


def test_script_that_navigates_the_top_navigates_the_app(home: Tab) -> None:
    home.in_frame("top.location.href = '/b'")
    home.sees("/b")
    home.at("/b")
    home.in_frame("parent.location = '/c'")
    home.sees("/c")
    home.at("/c")


def test_what_a_reload_keeps(home: Tab) -> None:
    follow(home, "#b", "/b")
    before = home.in_frame("return document.referrer")
    home.in_frame("history.pushState({ n: 7 }, '', '/b?pushed'); scrollTo(0, 700); name = 'mine'")
    home.at("/b?pushed")
    home.reload()
    home.sees("/b")
    kept = """
        const { type } = performance.getEntriesByType('navigation')[0];
        return [history.state, name, Math.round(scrollY), document.referrer, type];
    """
    expected = [{"n": 7}, "mine", 700, before, "reload"]
    home.wait(lambda: home.in_frame(kept) == expected, told=lambda: str(home.in_frame(kept)))


def test_back_to_the_answer_of_a_form_does_not_send_it_again(home: Tab, engine: Engine) -> None:
    if engine.name == "webkit":
        pytest.skip("WebKit sends it again and does not say so: docs/server-behavior.md")
    before = len(posts(home))
    follow(home, "#send", "/posted")
    follow(home, "#a", "/a")
    home.script("history.back()")
    home.sees("/posted")
    home.at("/posted")
    assert posts(home)[before:] == ["POST a=b"]


def test_reloading_the_answer_of_a_form_asks_and_sends_it_again(home: Tab) -> None:
    before = len(posts(home))
    follow(home, "#send", "/posted")
    kept = "return history.state?.tabcorn?.entry?.method"
    home.wait(lambda: home.script(kept) == "POST", told=lambda: "the form is not kept")
    home.script("setTimeout(() => location.reload()); window.left = true")
    home.wait(lambda: accepted(home), told=lambda: "nobody is asked")
    home.ready().sees("/posted")
    home.wait(lambda: posts(home)[before:] == ["POST a=b"] * 2, told=lambda: str(posts(home)))


def accepted(tab: Tab) -> bool:
    tab.driver.switch_to.alert.accept()
    return True


def test_the_title_may_be_empty(home: Tab) -> None:
    home.wait(lambda: home.title == "page")
    home.in_frame("document.title = ''")
    home.wait(lambda: home.title == "")


def test_embedded_content_and_autofocus(edges: Host, tab: Tab, engine: Engine) -> None:
    tab.open(f"{edges.url}embeds")
    drawn = """
        const by = (id) => document.getElementById(id);
        const drawn = ['drawn', 'drawn-too'].map((id) => by(id).getSVGDocument()?.documentElement);
        return [...drawn.map((it) => it?.nodeName), document.activeElement.id];
    """
    expected = ["svg", "svg", "field"]
    tab.wait(lambda: tab.in_frame(drawn) == expected, told=lambda: str(tab.in_frame(drawn)))
    if engine.name == "firefox":
        pytest.skip("Firefox shows no document there: docs/server-behavior.md")
    inner = "return document.querySelector('#document').contentWindow[0].document.body.innerText"
    shown = "return document.querySelector('#document').outerHTML"
    tab.wait(lambda: "/a" in tab.in_frame(inner), told=lambda: str(tab.in_frame(shown)))


def test_descriptors_are_those_of_the_browser(home: Tab) -> None:
    described = """
        const fresh = document.body.appendChild(document.createElement('iframe')).contentWindow;
        const look = (owner, name) => {
          const { get, set, value, ...rest } = Object.getOwnPropertyDescriptor(owner, name);
          const seen = [get, set, value].map((it) => it && [it.name, it.length, 'prototype' in it]);
          return JSON.stringify([name, seen, rest]);
        };
        const all = (it) => [[it, 'parent'], [it, 'frameElement'], [it, 'opener'], [it, 'close'],
          [it.Document.prototype, 'referrer']].map((pair) => look(...pair));
        return [all(window), all(fresh)];
    """
    ours, native = home.in_frame(described)
    assert ours == native


OPENS = """
window.heard = [];
addEventListener('message', ({ data, source }) => heard.push(data, source === popup));
window.chosen = (from, what) => { heard.push(what, from.name); from.close(); };
window.popup = window.open('/b', 'chooser', 'width=300,height=300');
popup.onload = () => heard.push(popup.document.querySelector('h1').textContent);
"""


def test_a_window_that_the_app_opens(home: Tab, edges: Host, engine: Engine) -> None:
    if engine.name == "webkit":
        pytest.skip("WebKitGTK under WebDriver opens no window for a page, whoever serves it")
    known = set(home.driver.window_handles)
    home.in_frame(OPENS)
    popup = home.opened(known).ready()
    popup.sees("/b")
    home.wait(lambda: home.in_frame("return heard") == ["/b"])
    looks = "return [popup.location.pathname, popup.opener === window, popup.closed, `${popup}`]"
    assert home.in_frame(looks) == ["/b", True, False, "[object Window]"]
    assert home.in_frame("return window.open('', 'chooser') === popup")

    inside = "return [opener.location.pathname, name, document.referrer]"
    assert popup.in_frame(inside) == ["/a", "chooser", f"{edges.url}a"]
    popup.in_frame(
        "onmessage = ({ data, source }) => opener.postMessage([data, source === opener])"
    )
    home.in_frame("popup.postMessage('down', location.origin)")
    home.wait(lambda: home.in_frame("return heard") == ["/b", ["down", True], True])

    home.in_frame("popup.location.href = '/c'")
    popup.sees("/c")
    popup.at("/c")
    popup.in_frame("setTimeout(() => opener.chosen(window, 'this'), 500)")
    home.wait(lambda: popup.handle not in home.driver.window_handles)
    assert home.in_frame("return [...heard.slice(3), popup.closed]") == ["this", "chooser", True]


def test_a_window_that_comes_back_from_another_site(
    home: Tab, edges: Host, engine: Engine, tmp_path: Path, serve: Callable[..., Host]
) -> None:
    if engine.name == "webkit":
        pytest.skip("WebKitGTK under WebDriver opens no window for a page, whoever serves it")
    (tmp_path / "index.html").write_text("<!doctype html><title>elsewhere</title>")
    known = set(home.driver.window_handles)
    home.in_frame(f"window.popup = window.open('{serve(tmp_path).url}'); window.heard = []")
    home.in_frame("onmessage = ({ data, source }) => heard.push(data, source === popup)")
    popup = home.opened(known)
    popup.wait(lambda: popup.title == "elsewhere")
    popup.script(f"window.left = true; location.href = '{edges.url}b'")
    popup.ready().in_frame("opener.postMessage('token', location.origin)")
    home.wait(lambda: home.in_frame("return heard") == ["token", True])
    popup.in_frame("setTimeout(() => window.close(), 500)")
    home.wait(lambda: home.in_frame("return popup.closed"))
