"""The page's own port to the host: nothing that a page or the app can observe tells it from the way
through the service worker, and what could tell takes that way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.browser.inside import WATCH_PORT, observe, result, start
from tests.browser.known import REQUESTS, REQUESTS_BY_SW

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

OBSERVATIONS = Path(__file__).with_name("requests.js").read_text()

WATCH = f"""
{WATCH_PORT}
const answered = async () => (await fetch('/answer')).text();
"""

SEE_ALL = f"""
{WATCH}
{OBSERVATIONS}
await opened(answered, 50);
const seen = {{}};
for (const [name, observe] of Object.entries(OBSERVATIONS))
    seen[name] = clean(await attempt(observe));
return {{ seen, sent }};
"""

# Where the service worker's way is not a server's, for a fault of the engine's, the port is.
AS_A_SERVER = {
    "chromium": {
        "headers, object",  # a request's header beyond ASCII is empty in a service worker
        "many headers",  # a response's is in UTF-8 when it comes from one
    },
    "firefox": set[str](),
    "webkit": {"looks"},  # a method that the page script has replaced looks native
}
# Neither a server's nor the service worker's, in words alone.
IN_WORDS = {"chromium": set[str](), "firefox": set[str](), "webkit": {"gzip, wrong"}}

# Headers that only a browser's own connection to a server has, or that each has its own of.
OF_CONNECTIONS = {"accept-encoding", "connection", "content-length", "priority", "server", "te"}


@pytest.fixture(scope="module")
def by_port(engine: Engine, visit: Callable[[App], Host]) -> dict[str, Any]:
    tab = engine.tab().open(visit(REQUESTS).url)
    return observe(tab, tab.in_frame, SEE_ALL)


@pytest.fixture(scope="module")
def by_sw(engine: Engine, visit: Callable[[App], Host]) -> dict[str, Any]:
    tab = engine.tab().open(visit(REQUESTS_BY_SW).url)
    return observe(tab, tab.in_frame, SEE_ALL)


def test_a_page_sees_the_same(
    engine: Engine, by_port: dict[str, Any], by_sw: dict[str, Any]
) -> None:
    assert by_sw["sent"] == 0
    assert by_port["sent"] > 150
    expected, seen = by_sw["seen"], by_port["seen"]
    differing = {name for name in expected if seen[name] != expected[name]}
    told = {name: (expected[name], seen[name]) for name in differing}
    known = AS_A_SERVER[engine.name] | IN_WORDS[engine.name]
    assert differing == known, json.dumps(told, indent=1)


def test_where_it_is_not_the_same_it_is_as_from_a_server(
    engine: Engine, tab: Tab, by_port: dict[str, Any], under_uvicorn: Callable[[App], str]
) -> None:
    tab.load(under_uvicorn(REQUESTS))
    try:
        expected = observe(tab, tab.script, SEE_ALL)["seen"]
    finally:  # real ones, which every server on this host would get
        tab.driver.delete_all_cookies()
    for name in AS_A_SERVER[engine.name]:
        assert comparable(by_port["seen"][name]) == comparable(expected[name]), name


def comparable(told: Any) -> Any:
    """Leave out what belongs to a connection."""
    if isinstance(told, list):
        return [comparable(each) for each in told]
    if not isinstance(told, dict):
        return told
    kept = {name: comparable(value) for name, value in told.items() if name != "port"}
    if headers := told.get("headers"):
        kept["headers"] = sorted(pair for pair in headers if pair[0] not in OF_CONNECTIONS)
    return kept


WAYS = f"""
{WATCH}
await opened(answered, 50);
const ways = {{}};
for (const [name, ask] of Object.entries(CALLS)) {{
    const before = sent;
    try {{ await ask(); }} catch {{}}
    ways[name] = sent > before ? 'port' : 'sw';
}}
return ways;
"""

# Which way a request takes, by what it is; a table like that in docs/architecture.md.
CALLS = {
    "port": (
        "fetch('/answer')",
        "fetch(new URL('/answer', location))",
        "fetch(new Request('/answer'))",
        "fetch('/answer', { headers: { a: 'b' }, cache: 'no-store', credentials: 'omit' })",
        "fetch('/answer', { headers: new Headers({ a: 'b' }), mode: 'same-origin' })",
        "fetch('/answer', { method: 'POST', body: 'text' })",
        "fetch('/answer', { method: 'POST', body: new URLSearchParams('a=b') })",
        "fetch('/answer', { method: 'POST', body: new Uint8Array(9) })",
        "fetch('/answer', { signal: new AbortController().signal })",
        "fetch('/answer', { redirect: 'manual' })",
        "fetch('/answer', { referrerPolicy: 'same-origin' })",
    ),
    "sw": (
        "fetch('/answer', { keepalive: true })",
        "fetch('/answer', { integrity: 'sha256-AAAA' })",
        "fetch('/answer', { mode: 'no-cors' })",
        "fetch('/answer', { cache: 'only-if-cached', mode: 'same-origin' })",
        "fetch('/answer', { headers: { 'if-none-match': 'x' } })",
        "fetch('/answer', { referrer: '' })",
        "fetch('/answer', { referrerPolicy: 'origin' })",
        "fetch('/answer', { unknown: 1 })",
        "fetch('/answer', { get method() { return 'GET'; } })",
        "fetch('/answer', new (class { method = 'PUT'; })())",
        "fetch({ toString: () => '/answer' })",
        "fetch(new (class extends Request {})('/answer'))",
        "fetch(new Request('/answer', { method: 'POST', body: 'x' }))",
        "fetch('/answer', { method: 'POST', body: new Blob(['x']) })",
        "fetch('/answer', { method: 'POST', body: 'x'.repeat(300000) })",
        "fetch('/answer', { method: 'POST', body: { toString: () => 'x' } })",
        "fetch('/answer', { signal: AbortSignal.abort() })",
        "fetch('/_tabcorn/site.json')",
        "fetch('http://localhost:1/')",
        "fetch('data:,x')",
    ),
}


def ways_of(tab: Tab, calls: tuple[str, ...]) -> dict[str, str]:
    table = ", ".join(f"{json.dumps(call)}: () => {call}" for call in calls)
    start(tab.in_frame, "ways", f"const CALLS = {{ {table} }};\n{WAYS}")
    told: dict[str, str] = result(tab, tab.in_frame, "ways")
    return told


def test_which_way_a_request_takes(tab: Tab, visit: Callable[[App], Host]) -> None:
    tab.open(visit(REQUESTS).url)
    seen = ways_of(tab, CALLS["port"] + CALLS["sw"])
    assert seen == {call: way for way, calls in CALLS.items() for call in calls}


# By the headers and the elements of a document.
DOCUMENTS = {
    "port": (
        {"headers": {"referrer-policy": "same-origin"}},
        {"headers": {"content-security-policy": "script-src 'self' 'unsafe-inline'"}},
        {"headers": {"content-security-policy": "default-src 'self' 'unsafe-inline'"}},
        {"head": "<meta name=viewport content=width>"},
    ),
    "sw": (
        {"headers": {"referrer-policy": "no-referrer"}},
        {"headers": {"referrer-policy": "same-origin, origin"}},
        {"headers": {"content-security-policy": "connect-src http://localhost:*"}},
        {"headers": {"content-security-policy-report-only": "connect-src 'none'"}},
        {"head": "<meta name=Referrer content=origin>"},
        {"head": "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">"},
    ),
}


@pytest.mark.parametrize(
    ("way", "document"),
    [
        pytest.param(way, document, id=f"{way}: {json.dumps(document)}")
        for way, documents in DOCUMENTS.items()
        for document in documents
    ],
)
def test_which_way_the_requests_of_a_document_take(
    tab: Tab, visit: Callable[[App], Host], way: str, document: dict[str, Any]
) -> None:
    headers = quote(json.dumps(document.get("headers", {})))
    tab.open(f"{visit(REQUESTS).url}?headers={headers}&head={quote(document.get('head', ''))}")
    call = "fetch('/answer')"
    assert ways_of(tab, (call,)) == {call: way}


def test_a_referrer_policy_that_a_script_sets_holds_at_once(
    tab: Tab, visit: Callable[[App], Host]
) -> None:
    tab.open(visit(REQUESTS).url)
    start(
        tab.in_frame,
        "told",
        f"""
        {WATCH}
        await opened(answered, 50);
        const before = sent;
        document.head.innerHTML += '<meta name=referrer content=no-referrer>';
        const told = await (await fetch('/echo')).json();
        return [sent - before, told.headers.filter(([name]) => name === 'referer')];
        """,
    )
    assert result(tab, tab.in_frame, "told") == [0, []]


LET_GO = f"""
{WATCH}
await opened(answered, 50);
await (async () => {{ await fetch('/slow?name=let-go&stream'); }})();
for (let i = 0; i < 100; i++) {{
    globalThis.waste = Array.from({{ length: 100000 }}, () => ({{}}));
    const fate = await (await fetch('/fate?name=let-go')).json();
    if (fate === 'disconnected') return fate;
    await new Promise((done) => setTimeout(done, 50));
}}
return 'waiting';
"""


def test_a_body_that_is_let_go_of_is_a_disconnect(tab: Tab, visit: Callable[[App], Host]) -> None:
    """Where the engine collects a response that nobody has read (WebKit: not within seconds)."""

    def fate(app: App) -> Any:
        tab.open(visit(app).url)
        start(tab.in_frame, "told", LET_GO)
        return result(tab, tab.in_frame, "told")

    assert fate(REQUESTS) == "disconnected" or fate(REQUESTS_BY_SW) == "waiting"
