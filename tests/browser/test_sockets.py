"""WebSocket in the tab: the same as the browser's own under uvicorn, seen by a page's script.

The battery in apps/sockets/battery is to the level of web-platform-tests' `websockets/`; each of
its files names those that it answers to. The others:

- opening-handshake, referrer, security, basic-auth: `test_handshake_headers`
- cookies: tests/browser/test_cookies.py
- unload-a-document, remove-own-iframe-*, Create-on-worker-shutdown: "is going away" below, and the
  frames at the end of the battery's interface.js
- keeping-connection-open: `test_a_socket_outlives_the_service_worker`
- send-many-*: `test_ten_thousand_messages`
- the variants for workers: the battery runs in a worker as well
- mixed-content, h2, wss, handshakes that hang: no bytes are on a wire
- back-forward-cache: tests/runtime/page/socket.test.js
- stream/tentative (WebSocketStream): the browser's own, docs/server-behavior.md
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import inside
from tests.browser.known import SOCKETS

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

PARTS = ("common", "create", "close", "send", "events", "interface", "end")
BATTERY = "\n".join((SOCKETS.folder / f"battery/{part}.js").read_text() for part in PARTS)

# Where the page sees something else than with the browser's own WebSocket, and why.
LOST = "WebKit loses what was sent before a closing in the same turn"
FIRED = "only a browser fires events between whose listeners microtasks run"
TOLD = "WebKit tells an iterator that its value was wrong; Web IDL does not"
EVERYWHERE = {"microtasks come before the next listener": FIRED}
DIFFERENCES: dict[str, dict[str, str]] = {
    "chromium": EVERYWHERE,
    "firefox": EVERYWHERE,
    "webkit": {**EVERYWHERE, "heard: order": LOST, "the iterator": TOLD},
}
# What the engine's own WebSocket does now one way and now another.
CLOSED_MEANWHILE = "closed by the app: while the page sends"
RACES = {"chromium": [CLOSED_MEANWHILE], "webkit": ["send: order", CLOSED_MEANWHILE]}


@pytest.fixture
def home(tab: Tab, visit: Callable[[App], Host]) -> Tab:
    return tab.open(visit(SOCKETS).url)


def told_of(home: Tab, name: str) -> Any:
    return home.run_in_frame("return await (await fetch(`/told?name=${args[0]}`)).json()", name)


IN_A_WORKER = """
const body = `(async () => {\n${BATTERY}\n})().catch(String).then((told) => postMessage(told));`;
await fetch('/scripts?name=battery.js', { method: 'POST', body });
const worker = new Worker('/scripts/battery.js');
return await new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => resolve(`error ${message}`);
});
"""
PLACES = {"page": BATTERY, "worker": f"const BATTERY = {json.dumps(BATTERY)};{IN_A_WORKER}"}


def test_as_the_browsers_own(
    engine: Engine, home: Tab, under_uvicorn: Callable[[App], str]
) -> None:
    """In a page and in a worker, all four at the same time."""
    oracle = engine.tab()
    oracle.load(under_uvicorn(SOCKETS))
    for place, battery in PLACES.items():
        inside.start(oracle.script, place, battery)
        inside.start(home.in_frame, place, battery)
    differences = {}
    for place in PLACES:
        expected = inside.result(oracle, oracle.script, place)
        seen = inside.result(home, home.in_frame, place)
        differences[place] = differing(engine, expected, seen)
    oracle.close()
    known = DIFFERENCES[engine.name].keys()
    for found in differences.values():
        assert found.keys() == known, {name: found.get(name) for name in found.keys() ^ known}


def differing(engine: Engine, expected: Any, seen: Any) -> dict[str, Any]:
    assert len(expected) > 400, expected
    assert expected.keys() == seen.keys(), seen
    compared = expected.keys() - set(RACES.get(engine.name, []))
    pairs = {name: (expected[name], seen[name]) for name in sorted(compared)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_it_is_ours(home: Tab) -> None:
    """A test of the tests: the battery does not run on the browser's own WebSocket."""
    home.record_console()
    home.run_in_frame(OPEN, "/ws?mode=close")
    home.wait(lambda: '"WebSocket /ws?mode=close" [accepted]' in home.console())


# Opens a socket, notes all that happens until it is closed; the second argument is sent.
OPEN = """
const [url, ...messages] = args;
return await new Promise((done) => {
  const socket = new WebSocket(url), events = [];
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { for (const each of messages) socket.send(each); };
  socket.onmessage = ({ data }) => {
    events.push(typeof data === 'string' ? data : data.byteLength);
    if (events.length === messages.length) socket.close();
  };
  socket.onerror = () => events.push('error');
  socket.onclose = ({ code, reason, wasClean }) => done([...events, code, reason, wasClean]);
});
"""


@pytest.mark.parametrize(
    "path", ["/ws?mode=deny", "/ws?mode=deny-response", "/ws?mode=raise", "/no"]
)
def test_a_socket_that_is_refused(home: Tab, path: str) -> None:
    assert home.run_in_frame(OPEN, path) == ["error", 1006, "", False]


def test_handshake_headers(home: Tab, engine: Engine) -> None:
    script = """
        const socket = new WebSocket('/ws?mode=headers&sub=b', ['a', 'b']);
        const { data } = await new Promise((resolve) => (socket.onmessage = resolve));
        socket.close();
        return [JSON.parse(data), location.origin, navigator.userAgent];
    """
    (pairs, offered), origin, agent = home.run_in_frame(script)
    headers = dict(pairs)
    assert offered == ["a", "b"]
    assert headers["origin"] == origin
    assert origin.endswith(headers["host"])
    assert headers["user-agent"] == agent
    assert headers["sec-websocket-protocol"] == "a, b"
    assert (headers["upgrade"], headers["connection"]) == ("websocket", "Upgrade")
    assert ("sec-fetch-site" in headers) == (engine.name != "chromium")


def test_ten_thousand_messages(home: Tab) -> None:
    script = """
        const socket = new WebSocket('/ws'), got = [];
        await new Promise((resolve) => (socket.onopen = resolve));
        const all = new Promise((resolve) => {
          socket.onmessage = ({ data }) => got.push(data) === 10000 && resolve();
        });
        const begin = performance.now();
        for (let i = 0; i < 10000; i++) socket.send(String(i));
        await all;
        const took = performance.now() - begin;
        socket.close();
        return [got.every((data, i) => data === String(i)), socket.bufferedAmount, took];
    """
    in_order, buffered, took = home.run_in_frame(script)
    print(f"10,000 messages there and back: {took:.0f} ms")
    assert (in_order, buffered) == (True, 0)


def test_large_messages(home: Tab) -> None:
    script = """
        const socket = new WebSocket('/ws');
        socket.binaryType = 'arraybuffer';
        await new Promise((resolve) => (socket.onopen = resolve));
        const bytes = new Uint8Array(5_000_000).map((_, i) => i % 251);
        const text = 'é'.repeat(1_000_000), got = [];
        const begin = performance.now();
        for (const each of [bytes, new Blob([bytes]), text]) socket.send(each);
        const buffered = socket.bufferedAmount;
        await new Promise((resolve) => {
          socket.onmessage = ({ data }) => got.push(data) === 3 && resolve();
        });
        const same = (buffer) => new Uint8Array(buffer).every((byte, i) => byte === i % 251);
        return [
          got.map((data) => data.length ?? data.byteLength),
          same(got[0]) && same(got[1]) && got[2] === text,
          [buffered, socket.bufferedAmount],
          performance.now() - begin,
        ];
    """
    sizes, same, buffered, took = home.run_in_frame(script)
    print(f"12 MB there and back: {took:.0f} ms")
    assert sizes == [5_000_000, 5_000_000, 1_000_000]
    assert same
    assert buffered == [12_000_000, 0]


def test_a_message_that_is_too_large(home: Tab) -> None:
    """The limit is for what the app receives, as uvicorn's is."""
    script = """
        const socket = new WebSocket('/ws?name=large');
        socket.onopen = () => socket.send(new Uint8Array(16 * 2 ** 20 + 1));
        const { code, wasClean } = await new Promise((resolve) => (socket.onclose = resolve));
        const other = new WebSocket('/ws?mode=huge');
        const { data } = await new Promise((resolve) => (other.onmessage = resolve));
        other.close();
        return [code, wasClean, data.size];
    """
    assert home.run_in_frame(script) == [1009, True, 20 * 2**20]
    reason = "frame with 16777217 bytes exceeds limit of 16777216 bytes"
    assert told_of(home, "large") == [{"code": 1009, "reason": reason}]


def test_an_app_that_floods_waits_for_the_page(home: Tab) -> None:
    """200 MiB, while the page is busy for a second: what is under way stays below a few."""
    script = """
        const socket = new WebSocket('/ws?mode=flood&name=flood');
        let got = 0, most = 0;
        socket.onmessage = () => {
          got += 1;
          if (got === 3) for (const end = Date.now() + 1000; Date.now() < end; );
        };
        const look = setInterval(async () => {
          const [sent] = await (await fetch('/told?name=flood')).json();
          most = Math.max(most, sent - got);
        }, 50);
        const { code } = await new Promise((resolve) => (socket.onclose = resolve));
        clearInterval(look);
        return [got, code, most];
    """
    got, code, most = home.run_in_frame(script)
    assert (got, code) == (200, 1000)
    assert most < 8


def test_a_page_that_floods_sees_what_is_buffered(home: Tab) -> None:
    """The app does not receive for a second: some is taken all the same, the rest waits here."""
    script = """
        const socket = new WebSocket('/ws?mode=deaf&seconds=1.5');
        await new Promise((resolve) => (socket.onopen = resolve));
        for (let i = 0; i < 40; i++) socket.send(new Uint8Array(100_000));
        await new Promise((resolve) => setTimeout(resolve, 700));
        const waiting = socket.bufferedAmount;
        let got = 0;
        await new Promise((resolve) => (socket.onmessage = () => ++got === 40 && resolve()));
        return [waiting, socket.bufferedAmount];
    """
    waiting, left = home.run_in_frame(script)
    assert 2_000_000 <= waiting <= 3_500_000
    assert left == 0


def open_and_keep(home: Tab, name: str, mode: str = "") -> None:
    home.run_in_frame(
        """
        window.kept = new WebSocket(`/ws?name=${args[0]}&mode=${args[1]}`);
        await new Promise((resolve) => (window.kept.onopen = resolve));
        """,
        name,
        mode,
    )


GOING_AWAY = [{"code": 1001, "reason": ""}]


def test_a_page_that_navigates_is_going_away(home: Tab) -> None:
    """What it sends as it goes arrives, as from the browser's own in Chromium and WebKit."""
    open_and_keep(home, "navigates", "quiet")
    home.run_in_frame("addEventListener('pagehide', () => window.kept.send('bye'))")
    home.in_frame("location.href = '/other'")
    home.wait(lambda: home.in_frame("return location.pathname === '/other'"))
    heard = [{"text": "bye"}, *GOING_AWAY]
    home.wait(lambda: told_of(home, "navigates") == heard, 20, lambda: told_of(home, "navigates"))


def test_a_window_that_closes_is_going_away(home: Tab) -> None:
    other = home.engine.tab().open(home.url)
    open_and_keep(other, "shut")
    other.close()
    home.wait(lambda: told_of(home, "shut") == GOING_AWAY, 20)


def test_a_frame_that_is_removed_is_going_away(home: Tab) -> None:
    home.run_in_frame(
        """
        const frame = document.createElement('iframe');
        frame.src = '/other';
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        const socket = new frame.contentWindow.WebSocket('/ws?name=removed');
        await new Promise((resolve) => (socket.onopen = resolve));
        frame.remove();
        """
    )
    home.wait(lambda: told_of(home, "removed") == GOING_AWAY, 20)


def test_a_socket_outlives_the_service_worker(home: Tab, engine: Engine) -> None:
    """It was only needed to bring the two together."""
    if engine.name != "chromium":
        pytest.skip("no other driver can end a service worker")
    open_and_keep(home, "outlives")
    home.driver.execute_cdp_cmd("ServiceWorker.enable", {})
    home.driver.execute_cdp_cmd("ServiceWorker.stopAllWorkers", {})
    script = """
        const fresh = new WebSocket('/ws');
        await new Promise((resolve) => (fresh.onopen = resolve));
        fresh.close();
        window.kept.send('still there');
        const { data } = await new Promise((resolve) => (window.kept.onmessage = resolve));
        window.kept.close();
        return data;
    """
    assert home.run_in_frame(script) == "still there"


def test_two_tabs_chat(home: Tab) -> None:
    join = """
        window.said = [];
        window.chat = new WebSocket('/chat');
        window.chat.onmessage = ({ data }) => window.said.push(JSON.parse(data));
        await new Promise((resolve) => (window.chat.onopen = resolve));
    """
    other = home.engine.tab().open(home.url)
    for each in (home, other):
        each.run_in_frame(join)
    home.in_frame("window.chat.send(JSON.stringify(['home', 'hello']))")
    other.wait(lambda: other.in_frame("return window.said") == [["home", "hello"]])
    other.in_frame("window.chat.send(JSON.stringify(['other', 'bye']))")
    said: list[list[Any]] = [["home", "hello"], ["other", "bye"]]
    for each in (home, other):
        each.wait(lambda each=each: each.in_frame("return window.said") == said)  # type: ignore[misc]
    other.in_frame("window.chat.close(3500)")
    said.append(["left", 3500])
    home.wait(lambda: home.in_frame("return window.said") == said)
    home.in_frame("window.chat.close()")


# ---- workers ---------------------------------------------------------------------------------

WORK = """
const [kind, make, type] = args;
const url = make.endsWith('.js') ? make : URL.createObjectURL(
  new Blob([await (await fetch(`/worker/${make}.js`)).text()], { type: 'text/javascript' }));
const options = { type, name: `worker-${kind}-${type}` };
const worker = kind === 'shared' ? new SharedWorker(url, options) : new Worker(url, options);
if (url.startsWith('blob:')) URL.revokeObjectURL(url);
const messages = [];
const answer = await new Promise((resolve) => {
  (worker.port ?? worker).onmessage = ({ data }) => {
    if (data[0] === 'from a worker' || data === 'error') resolve(data);
    else messages.push(data);
  };
  worker.onerror = ({ message }) => resolve(`error ${message}`);
});
worker.terminate?.();
return [messages, answer, location.origin.replace('http', 'ws')];
"""


@pytest.mark.parametrize("kind", ["dedicated", "shared"])
@pytest.mark.parametrize("script", ["plain", "strict", "module"])
def test_a_worker_has_sockets(home: Tab, kind: str, script: str) -> None:
    type = "module" if script == "module" else "classic"
    messages, answer, origin = home.run_in_frame(WORK, kind, f"/worker/{script}.js", type)
    assert answer == ["from a worker", script != "plain", True]
    if script == "module" and kind == "dedicated":
        assert messages == [["early", f"{origin}/ws?mode=close"]]


@pytest.mark.parametrize("kind", ["Worker", "SharedWorker"])
def test_a_worker_of_a_blob_has_sockets(home: Tab, kind: str) -> None:
    assert home.run_in_frame(BLOB_WORK, kind, "classic") == ["from a worker", 1]
    assert home.run_in_frame(BLOB_WORK, kind, "module") == ["from a worker", 1]


# A Blob's own URL is no base: the address must be absolute, as on a server.
BLOB_WORK = """
const [kind, type] = args;
const script = `
  let used = 0;
  const use = (port) => {
    const socket = new WebSocket('${location.origin}/ws');
    socket.onopen = () => socket.send('from a worker');
    socket.onmessage = ({ data }) => port.postMessage([data, ++used]);
    socket.onerror = () => port.postMessage('error');
  };
  if ('onconnect' in self) self.onconnect = ({ ports }) => use(ports[0]);
  else use(self);`;
const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
const worker = new globalThis[kind](url, { type });
URL.revokeObjectURL(url);
const answer = await new Promise((resolve) => {
  (worker.port ?? worker).onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => resolve(`error ${message}`);
});
worker.terminate?.();
return answer;
"""


def test_a_worker_that_is_terminated_is_going_away(home: Tab) -> None:
    home.run_in_frame(
        """
        const worker = new Worker('/worker/plain.js', { name: 'terminated' });
        await new Promise((resolve) => (worker.onmessage = resolve));
        worker.terminate();
        """
    )
    expected = [{"text": "from a worker"}, *GOING_AWAY]
    home.wait(lambda: told_of(home, "terminated") == expected, 20)


# ---- policies --------------------------------------------------------------------------------

BLOCKED = """
const violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(
  [event.effectiveDirective, event.blockedURI.replace(location.host, 'HOST')]));
const events = await new Promise((done) => {
  const events = [];
  let socket;
  try {
    socket = new WebSocket('/ws?mode=close');
  } catch {
    return done(['throws']);
  }
  for (const type of ['open', 'error', 'close']) {
    socket.addEventListener(type, (event) => {
      events.push(event.code ? `${type} ${event.code}` : type);
      if (type === 'close') done(events);
    });
  }
});
await new Promise((resolve) => setTimeout(resolve, 300));
return [events, violations.length > 0];
"""


SHOWN = "return location.search.includes(arguments[0]) && document.readyState === 'complete'"


def show(home: Tab, name: str, value: str) -> None:
    """Open the page with a policy in its header, or in an element of its own."""
    home.in_frame(
        "location.href = `/?${arguments[0]}=${encodeURIComponent(arguments[1])}`", name, value
    )
    home.wait(lambda: home.in_frame(SHOWN, name))


def assert_blocked(home: Tab) -> None:
    """As the browser's own, which throws at once in Firefox and WebKit, or fires its events."""
    events, reported = home.run_in_frame(BLOCKED)
    if home.engine.name != "chromium" and events == ["throws"]:
        return
    assert (events, reported) == (["error", "close 1006"], True)


@pytest.mark.parametrize("policy", ["connect-src 'none'", "default-src 'self'; connect-src data:"])
def test_a_policy_forbids_sockets(home: Tab, policy: str) -> None:
    show(home, "policy", policy)
    assert_blocked(home)


@pytest.mark.parametrize(
    "policy", ["connect-src 'self'", "default-src 'self'", "script-src 'self'"]
)
def test_a_policy_that_lets_sockets_be(home: Tab, policy: str) -> None:
    show(home, "policy", policy)
    assert home.run_in_frame(BLOCKED) == [["open", "close 1000"], False]


def test_a_policy_of_the_documents_own(home: Tab) -> None:
    meta = "<meta http-equiv=Content-Security-Policy content=\"connect-src 'none'\">"
    show(home, "meta", meta)
    assert_blocked(home)
