"""Bodies of every size and pace, both ways: no byte is lost, nobody floods anybody."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import STREAMS
from tests.browser.memory import MB, Bodies, grown_by

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

SOAK = (STREAMS.folder / "soak.js").read_text()

# A body of /download, whose byte at i is i % 251, or what is wrong with it.
CHECK = """
const check = async (query) => {
  const answer = await fetch(`/download/${crypto.randomUUID()}?${query}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const wrong = bytes.findIndex((byte, i) => byte !== i % 251);
  return wrong < 0 ? bytes.length : `byte ${wrong} of ${query}`;
};
"""

# Streams of every kind, and what became of each.
ENDED = """
const play = (name, ...steps) =>
  `/play/ended-${name}?parts=${encodeURIComponent(JSON.stringify([steps]))}`;
const start = ['start', 200, 'text/plain'];
const read = async (url) => {
  const reader = (await fetch(url)).body.getReader();
  while (!(await reader.read()).done);
};
const failed = (promise) => promise.then(() => 'a clean end', (error) => error.name);
const xhr = new XMLHttpRequest();
xhr.open('GET', play('xhr', start, ['ticks', 600, 0.05, '#']));
xhr.send();
const made = new ReadableStream({
  pull: (controller) => new Promise((resolve) => setTimeout(() => {
    controller.enqueue(new Uint8Array(9));
    resolve();
  }, 50)),
});
const socket = new WebSocket('/echo');
const outcomes = {
  fetch: failed(read(play('fetch', start, ['ticks', 600, 0.05, '#']))),
  quiet: failed(read(play('quiet', start, ['text', 'a'], ['wait']))),
  poll: failed(fetch(play('poll', ['wait']))),
  upload: failed(fetch('/upload/ended', { method: 'POST', body: made, duplex: 'half' })),
  xhr: new Promise((resolve) => {
    for (const type of ['load', 'error', 'abort']) xhr.addEventListener(type, () => resolve(type));
  }),
  socket: new Promise((resolve) => {
    for (const type of ['error', 'close']) socket.addEventListener(type, () => resolve(type));
    socket.onmessage = ({ data }) => resolve(data);
  }),
};
await new Promise((resolve) => (socket.onopen = resolve));
const cookie = [['set-cookie', 'hidden=1; HttpOnly']];
await (await fetch(play('cookie', ['start', 200, 'text/plain', cookie]))).text();
await new Promise((resolve) => setTimeout(resolve, 300));
window.outcome = async () => {
  await fetch(play('next', start));
  await fetch(play('gone', [...start, [['set-cookie', 'hidden=; Max-Age=0']]]));
  socket.send('echo');
  const entries = Object.entries(outcomes).map(async ([name, end]) => [name, await end]);
  return Object.fromEntries(await Promise.all(entries));
};
"""

# A page that is left while it has a stream and a socket.
KEPT = """
const log = [];
let count = 0;
addEventListener('pagehide', ({ persisted }) => log.push(`pagehide ${persisted}`));
addEventListener('pageshow', ({ persisted }) => log.push(`pageshow ${persisted}`));
const steps = [['start', 200, 'text/plain'], ['ticks', 1000, 0.05, '#']];
const url = `/play/kept?parts=${encodeURIComponent(JSON.stringify([steps]))}`;
const reader = (await fetch(url)).body.getReader();
const read = async () => {
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    count += part.value.length;
  }
};
read().catch((error) => log.push(`fetch ${error.name}`));
const opened = (socket) => new Promise((resolve) => (socket.onopen = resolve));
const socket = new WebSocket('/echo');
for (const type of ['error', 'close']) {
  socket.addEventListener(type, ({ code }) => log.push(`socket ${code ?? type}`));
}
await opened(socket);
addEventListener('pageshow', () => (count = 0));
window.seen = async () => {
  const another = new WebSocket('/echo');
  await opened(another);
  another.send('again');
  const { data } = await new Promise((resolve) => (another.onmessage = resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { log, count, echo: data };
};
"""


@pytest.fixture
def home(tab: Tab, visit: Callable[[App], Host]) -> Tab:
    return tab.open(visit(STREAMS).url)


def told(home: Tab, name: str) -> dict[str, Any]:
    notes: list[dict[str, Any]] = home.run_in_frame(
        "return await (await fetch(`/told/${args[0]}`)).json()", name
    )
    return notes[-1] if notes else {}


def test_no_byte_is_lost(home: Tab) -> None:
    """Chunks of random sizes, empty ones among them, of one byte, and of three megabytes."""
    queries = [f"size=1000000&chunk=50000&seed={seed}" for seed in range(4)]
    queries += ["size=10000&chunk=1", "size=3000000&chunk=3000000", "size=700&chunk=3&seed=1"]
    script = CHECK + "return await Promise.all(args[0].map(check))"
    sizes = [int(query.split("&")[0].removeprefix("size=")) for query in queries]
    assert home.run_in_frame(script, queries) == sizes


def test_a_hundred_streams_at_once(home: Tab) -> None:
    """There is no limit of six connections; each stream is as it would be alone."""
    script = """
        const parts = JSON.stringify([[['start'], ['ticks', 5, 0.1, '#']]]);
        const url = `/play/hundred?parts=${encodeURIComponent(parts)}`;
        const one = async () => (await fetch(url)).text();
        return await Promise.all(Array.from({ length: 100 }, one));
    """
    assert home.run_in_frame(script) == ["01234"] * 100


def test_send_waits_for_a_page_that_does_not_read(home: Tab, engine: Engine) -> None:
    if engine.name != "chromium":
        pytest.skip(f"{engine.name} reads all itself, from a server too")
    begin = """
        window.reader = (await fetch('/download/held?size=400000000')).body.getReader();
        await window.reader.read();
    """
    home.run_in_frame(begin)
    seen: list[int] = []

    def stands_still() -> bool:
        seen.append(told(home, "held")["sent"])
        time.sleep(0.3)
        return len(seen) > 3 and seen[-1] == seen[-3]

    home.wait(stands_still, 20)
    assert seen[-1] < 150_000_000
    other = home.run_in_frame(CHECK + "return await check('size=1000000')")
    assert other == 1_000_000  # one that does not read holds up nobody else
    read = "let n = 0; while (n < args[0]) n += (await window.reader.read()).value.length"
    home.run_in_frame(read, seen[-1])
    home.wait(lambda: told(home, "held")["sent"] > seen[-1])
    home.run_in_frame("await window.reader.cancel()")
    home.wait(lambda: told(home, "held")["end"] == "over")


def test_an_upload_waits_for_the_app(home: Tab, engine: Engine) -> None:
    """A body that the page is still making (Chromium) is not made faster than it is received."""
    size = 20_000_000
    begin = """
        window.made = 0;
        const part = new Uint8Array(100_000);
        const made = new ReadableStream({
          pull(controller) {
            if (window.made >= args[0]) return controller.close();
            window.made += part.length;
            controller.enqueue(part.slice());
          },
        });
        const body = args[1] ? made : new Blob(Array(args[0] / part.length).fill(part));
        const init = { method: 'POST', body, duplex: 'half' };
        window.answer = fetch('/upload/held?gate', init).then((answer) => answer.json());
    """
    streams = engine.name == "chromium"
    home.run_in_frame(begin, size, streams)
    home.wait(lambda: told(home, "held").get("received"))
    time.sleep(0.5)
    note = told(home, "held")
    assert note["received"] <= 256 * 1024
    assert note["asked"]["content-length"] == (None if streams else str(size))
    if streams:
        assert home.in_frame("return window.made") < 4_000_000
    home.run_in_frame("await fetch('/open/held')")
    digest = hashlib.sha256(bytes(size)).hexdigest()
    assert home.run_in_frame("return await window.answer") == [size, digest]


def test_a_minute_of_waiting(home: Tab, engine: Engine) -> None:
    """All kinds of streams, quiet ones too, and a long poll: in a tab behind another one, and
    twice as long as Firefox lets a service worker idle. scripts/soak does the same for longer."""
    seconds = 65
    kinds = home.run_in_frame(SOAK, seconds)
    front = engine.tab()
    time.sleep(seconds)
    front.close()
    home.wait(lambda: len(home.in_frame("return window.soaked")) == len(kinds), 30)
    results = home.in_frame("return window.soaked")
    assert {kind: each for kind, each in results.items() if not each["good"]} == {}


@pytest.mark.parametrize("way", ["download to a file", "upload by fetch"])
def test_a_large_body_costs_no_memory(home: Tab, engine: Engine, way: str) -> None:
    """What each piece takes is freed before the next comes; scripts/soak --memory shows more."""
    if engine.name == "webkit":
        pytest.skip("gives a service worker an upload in one piece, and saves no files here")
    assert grown_by(Bodies(home), way, 128 * MB, patience=2) < 32


def test_a_service_worker_that_is_ended(home: Tab, engine: Engine) -> None:
    """Whatever it carried fails at once; cookies, sockets and all that is asked next do not."""
    if engine.name != "chromium":
        pytest.skip(f"nothing ends one in {engine.name} when a test wants it")
    home.run_in_frame(ENDED)
    home.driver.execute_cdp_cmd("ServiceWorker.enable", {})
    home.driver.execute_cdp_cmd("ServiceWorker.stopAllWorkers", {})
    seen = home.run_in_frame("return await window.outcome()")
    expected = {"fetch": "TypeError", "quiet": "TypeError", "poll": "TypeError"}
    expected |= {"upload": "TypeError", "xhr": "error", "socket": "echo"}
    assert seen == expected
    assert told(home, "ended-next")["asked"]["cookie"] == "hidden=1"
    home.wait(lambda: told(home, "ended-fetch")["end"] == "ClientDisconnected")


def test_back_from_another_site(
    engine: Engine,
    tab: Tab,
    fresh: Callable[..., Host],
    under_uvicorn: Callable[[App], str],
) -> None:
    """A tab that Chromium has kept: streams and sockets are as uvicorn's would be. WebKit's is
    loaded anew, since no host would know of it."""
    if engine.name == "firefox":
        pytest.skip("keeps no tab that has a SharedWorker")
    host = fresh(STREAMS)
    tab.open(host.url)
    tab.run_in_frame(KEPT)
    other = under_uvicorn(STREAMS)
    tab.script("location.href = arguments[0]", other)  # not as a driver does, who stops all first
    there = "return document.readyState === 'complete'"
    tab.wait(lambda: tab.url.startswith(other) and tab.script(there))
    tab.script("history.back()")
    tab.wait(lambda: tab.url.startswith(host.origin))
    time.sleep(4)  # a host is given three seconds to be wanted again
    tab.ready()
    told(tab, "kept")
    seen = tab.run_in_frame("return await window.seen?.()")
    if engine.name == "webkit":
        assert seen is None
        return
    shown = ["pagehide true", "pageshow true", "socket error", "socket 1006"]
    assert sorted(seen["log"]) == sorted(shown)
    assert seen["echo"] == "again"
    assert seen["count"] > 0
    assert told(tab, "kept")["end"] is None
