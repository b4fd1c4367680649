"""The request headers that a browser would have sent, compared with those it sends to uvicorn."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.injected import answer
from tests.browser.known import INJECTION, TOUR

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

# No request crosses a network, so nothing is said about transport.
FORCED = {"accept-encoding", "connection", "priority", "te"}

# Whether an address was typed cannot be seen by a service worker: nothing is claimed.
TYPED = {"sec-fetch-site": "none", "sec-fetch-user": "?1"}

GO = {
    "link": "document.body.innerHTML = '<a href=\"/headers?page\">x</a>';"
    "document.querySelector('a').click()",
    "no-referrer": "document.body.innerHTML = '<a rel=noreferrer href=\"/headers?page\">x</a>';"
    "document.querySelector('a').click()",
    "hidden-form": "document.head.innerHTML += '<meta name=referrer content=no-referrer>';"
    'document.body.innerHTML = \'<form method=post action="/headers?page">'
    "<input name=a value=b></form>'; document.querySelector('form').submit()",
    "location": "location.href = '/headers?page'",
    "form-get": "document.body.innerHTML = '<form action=\"/headers\"><input name=page></form>';"
    "document.querySelector('form').submit()",
    "form-post": 'document.body.innerHTML = \'<form method=post action="/headers?page">'
    "<input name=a value=b></form>'; document.querySelector('form').submit()",
}

FETCH = {
    "get": "fetch('/headers')",
    "own-header": "fetch('/headers', { headers: { 'X-Own': 'a, b', accept: 'text/x' } })",
    "post": "fetch('/headers', { method: 'POST', body: 'words' })",
    "json": "fetch('/headers', { method: 'PUT', body: '{}',"
    " headers: { 'content-type': 'application/json' } })",
    "no-cors": "fetch('/headers', { mode: 'no-cors' })",
    "same-origin": "fetch('/headers', { mode: 'same-origin', credentials: 'omit' })",
    "no-referrer": "fetch('/headers', { referrerPolicy: 'no-referrer' })",
    **{
        f"cache: {mode}": f"fetch('/headers?{mode}', {{ cache: '{mode}', mode: 'same-origin' }})"
        for mode in ("no-store", "reload", "no-cache", "force-cache")
    },
    "own cache-control": "fetch('/headers', { cache: 'no-cache',"
    " headers: { 'cache-control': 'max-age=5', pragma: 'x' } })",
    "condition": "fetch('/headers?condition', { headers: { 'if-none-match': '\"a\"' } })",
    "keepalive": "fetch('/headers', { keepalive: true, method: 'POST', body: 'x' })",
    "keepalive request": "fetch(new Request('/headers', { keepalive: true }))",
    "hidden": "fetch('/headers', { mode: 'no-cors', method: 'POST', body: 'x',"
    " referrerPolicy: 'no-referrer' })",
    "empty": "fetch('/headers', { method: 'PUT', body: '' })",
    "duplicates": "fetch('/headers', { headers: [['x-a', '1'], ['X-A', '2'], ['x-b', '']] })",
    "authorization": "fetch('/headers', { headers: { Authorization: 'Bearer x' } })",
}


@pytest.fixture
def tour(visit: Callable[[App], Host]) -> Host:
    return visit(TOUR)


@pytest.fixture
def oracle(under_uvicorn: Callable[[App], str]) -> str:
    return under_uvicorn(TOUR)


WHOLE = """
    const there = document.title === 'Headers' && document.readyState === 'complete';
    return there && document.body.innerText;
"""


def comparable(headers: dict[str, str], url: str) -> dict[str, str]:
    """Leave out what is forced, and write the same host for both."""
    host = urlsplit(url).netloc
    kept = {name: value for name, value in headers.items() if name not in FORCED}
    return {name: value.replace(host, "HOST") for name, value in kept.items()}


def shown(text: str) -> dict[str, str]:
    """Read the headers off a page."""
    lines = [line.partition(": ") for line in text.splitlines() if ": " in line]
    return {name: value for name, _, value in lines}


def under_uvicorn_page(tab: Tab, url: str, script: str) -> dict[str, str]:
    tab.load(url)
    tab.script(script)
    return comparable(shown(tab.wait(lambda: tab.script(WHOLE))), url)


def in_the_tab(tab: Tab, url: str, script: str) -> dict[str, str]:
    tab.open(url)
    tab.in_frame(script)
    tab.sees("Headers")
    return comparable(shown(tab.text()), url)


def test_typed_url(tab: Tab, tour: Host, oracle: str) -> None:
    tab.load(oracle + "headers?page")
    expected = comparable(shown(tab.script("return document.body.innerText")), oracle)
    tab.open(tour.url + "headers?page")
    seen = comparable(shown(tab.text()), tour.url)
    assert not seen.keys() & TYPED.keys()
    assert seen == {name: value for name, value in expected.items() if name not in TYPED}


@pytest.mark.parametrize("way", GO)
def test_navigation(tab: Tab, tour: Host, oracle: str, way: str) -> None:
    expected = under_uvicorn_page(tab, oracle, GO[way])
    assert in_the_tab(tab, tour.url, GO[way]) == expected


def test_redirect_of_another_site_back_to_the_app(
    tab: Tab, tour: Host, oracle: str, under_uvicorn: Callable[[App], str]
) -> None:
    """What another site redirects is no longer the app's own request, whoever began it."""
    elsewhere = under_uvicorn(INJECTION).replace("localhost", "127.0.0.1")

    def go(home: str) -> str:
        back = answer({"status": 302, "headers": [["location", home + "headers?page"]]})
        link = f"<a href='{elsewhere}{back}'>x</a>"
        return f'document.body.innerHTML = "{link}"; document.links[0].click()'

    expected = under_uvicorn_page(tab, oracle, go(oracle))
    assert in_the_tab(tab, tour.url, go(tour.url)) == expected


def test_fetch(tab: Tab, tour: Host, oracle: str) -> None:
    calls = ", ".join(
        f"{json.dumps(name)}: await (await {call}).json()" for name, call in FETCH.items()
    )
    script = f"return {{ {calls} }}"
    tab.load(oracle)
    expected = {name: comparable(dict(pairs), oracle) for name, pairs in tab.run(script).items()}
    tab.open(tour.url)
    seen = tab.run_in_frame(script)
    assert {name: comparable(dict(pairs), tour.url) for name, pairs in seen.items()} == expected


# What a document asks for, each by an address that ends in its name.
ASKED = """
    const pings = navigator.userAgent.includes('Chrome/');  // Firefox has them switched off
    const names = ['image', 'script', 'module', 'style', 'video', 'font', 'beacon',
        'worker', 'events', 'in-worker', 'xhr', 'ping'];
    const put = (tag, given) =>
        document.head.appendChild(Object.assign(document.createElement(tag), given));
    const at = (name) => `/kept?name=${name}`;
    if (!pings) names.pop();
    put('a', { href: '#', ping: at('ping') }).click();
    put('img', { src: at('image') });
    put('script', { src: at('script') });
    put('script', { type: 'module', src: at('module') });
    put('link', { rel: 'stylesheet', href: at('style') });
    put('video', { src: at('video') });
    new FontFace('x', `url(${at('font')})`).load().catch(() => null);
    navigator.sendBeacon(at('beacon'), 'text');
    new Worker(at('worker'));
    const source = new EventSource(at('events'));
    const code = `fetch("${location.origin}${at('in-worker')}").then(() => postMessage(1))`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    await new Promise((done) => worker.onmessage = done);
    const xhr = new XMLHttpRequest();
    xhr.open('PATCH', at('xhr'));
    await new Promise((done) => { xhr.onloadend = done; xhr.send(''); });
    const told = {};
    for (const name of names)
      while (!(told[name] = await (await fetch(`/kept?of=${name}`)).json()))
        await new Promise((done) => setTimeout(done, 50));
    source.close();
    return told;
"""


def test_what_a_document_asks_for(tab: Tab, tour: Host, oracle: str) -> None:
    tab.load(oracle)
    expected = {name: comparable(dict(pairs), oracle) for name, pairs in tab.run(ASKED).items()}
    tab.open(tour.url)
    seen = tab.run_in_frame(ASKED)
    assert {name: comparable(dict(pairs), tour.url) for name, pairs in seen.items()} == expected


def test_what_only_the_cache_may_answer(tab: Tab, tour: Host, oracle: str) -> None:
    """What it has never seen is not there (in WebKit the server is asked then)."""
    asking = "return await fetch('/headers?new', { cache: 'only-if-cached', mode: 'same-origin' })"
    asking += ".then(() => 'answered', (error) => error.name)"
    tab.load(oracle)
    expected = tab.run(asking)
    tab.open(tour.url)
    assert tab.run_in_frame(asking) == expected


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_form_of_another_origin(
    tab: Tab,
    tour: Host,
    oracle: str,
    serve: Callable[[Path], Host],
    tmp_path: Path,
    site: str,
    method: str,
) -> None:
    """A request from elsewhere arrives as such, or every protection against forgery is void."""
    page = "<form method={0} action='{1}headers?page'><input name=page></form>"
    (tmp_path / "oracle.html").write_text(page.format(method, oracle))
    (tmp_path / "tab.html").write_text(page.format(method, tour.url))
    host = {"same-site": "localhost", "cross-site": "127.0.0.1"}[site]
    foreign = f"http://{host}:{serve(tmp_path).port}"

    tab.load(f"{foreign}/oracle.html")
    tab.script("document.forms[0].submit()")
    expected = comparable(shown(tab.wait(lambda: tab.script(WHOLE))), oracle)
    if tab.engine.name == "webkit":  # which says nothing to a server of another, insecure site
        expected.setdefault("sec-fetch-site", site)

    tab.load(f"{foreign}/tab.html")
    tab.script("document.forms[0].submit()")
    tab.wait(lambda: tab.url.startswith(tour.url))
    tab.ready().sees("Headers")
    assert comparable(shown(tab.text()), tour.url) == expected
