"""Python's memory, kept in one visit and restored in the next: what is in it, what is not.

A snapshot is made when a tab is idle: each test has to wait for it, and for the host to end.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import GUESTBOOK
from tests.browser.visitor import GONE, Visitor

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App, Sites
    from tests.browser.tab import Tab

SOURCE = """
import json, os, pathlib, random, secrets, sys, time

THIS = pathlib.Path(__file__)
IMPORTED = {
    "secret": secrets.token_hex(8),
    "chance": random.random(),
    "clock": time.time(),
    "file": THIS.stat().st_mtime,
    "monotonic": time.monotonic(),
}
STARTED = []

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                STARTED.append(secrets.token_hex(8))
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    told = {
        **IMPORTED,
        "started": STARTED,
        "source": THIS.read_text()[:20],
        "lazy": __import__("colorsys").__name__,  # of the files that come later
        "cwd": os.getcwd(),
        "path": sys.path[0],
    }
    body = ("<title>Told</title>" + json.dumps(told)).encode()
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""

MADE = "return performance.getEntriesByName('tabcorn.snapshot').length > 0"
FROM = "return performance.getEntriesByName('tabcorn.ready')[0]?.detail"
KEPT = """
const cache = await caches.open(`tabcorn snapshots ${location.origin}/`);
const names = (await cache.keys()).map(({ url }) => url.split('/').at(-1));
return names.sort();
"""
DAMAGE = """
const cache = await caches.open(`tabcorn snapshots ${location.origin}/`);
const open = async (name) => {
  const key = (await cache.keys()).find(({ url }) => url.endsWith(name));
  return [key, new Uint8Array(await (await cache.match(key)).arrayBuffer())];
};
const [headKey, head] = await open('/head');
const [sliceKey, slice] = await open('/slice-3');
(%s)(slice, head);
await cache.put(headKey, new Response(head));
await cache.put(sliceKey, new Response(slice));
"""
ATTEMPT = """
const cache = await caches.open(`tabcorn snapshots ${location.origin}/`);
const { url } = (await cache.keys()).find(({ url }) => url.endsWith('/head'));
await cache.put(url.replace(/head$/, 'attempt'), new Response(''));
"""

# Whether a piece out of the middle of a shared object's file is in the memory that was kept.
IN_IMAGE = """
const cache = await caches.open(`tabcorn snapshots ${location.origin}/`);
const all = async (part) => {
  const keys = (await cache.keys()).filter(({ url }) => url.includes(part));
  const found = await Promise.all(keys.map((key) => cache.match(key)));
  return Promise.all(found.map(async (response) => new Uint8Array(await response.arrayBuffer())));
};
const [library] = await all('/library-');
const piece = library.subarray(library.length / 4, library.length / 4 + 64);
const begins = (bytes, at) => piece.every((byte, n) => bytes[at + n] === byte);
for (const slice of await all('/slice-')) {
  for (let at = slice.indexOf(piece[0]); at >= 0; at = slice.indexOf(piece[0], at + 1)) {
    if (begins(slice, at)) return true;
  }
}
return false;
"""

SLICES = [f"slice-{n}" for n in range(8)]


def wait_for_snapshot(tab: Tab) -> None:
    tab.wait(lambda: tab.script(MADE), 120)


@pytest.fixture
def visitor(engine: Engine, tab: Tab, fresh: Callable[..., Host], sites: Sites) -> Visitor:
    del tab  # so that windows are closed
    return Visitor(engine, fresh(replace(sites.write("snapshots", SOURCE), snapshot=True)))


def origin(tab: Tab) -> str:
    return str(tab.wait(lambda: tab.script(FROM)))


def told(tab: Tab) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tab.text().removeprefix("Told"))
    return answer


def test_the_next_visit_starts_from_it_and_nothing_of_the_app_is_in_it(visitor: Visitor) -> None:
    tab = visitor.comes()
    first = told(tab)
    assert origin(tab) == "packages"
    wait_for_snapshot(tab)
    assert tab.run(KEPT) == ["head", "script", *SLICES, "wasm"]
    visitor.leaves(tab)

    tab = visitor.comes()
    assert origin(tab) == "snapshot"
    second = told(tab)
    for drawn in ("secret", "chance", "started"):
        assert second[drawn] != first[drawn], drawn
    assert len(second["started"]) == 1
    assert first["clock"] + GONE < second["clock"] < time.time() + 1
    for same in ("source", "lazy", "cwd", "path"):
        assert second[same] == first[same], same
    visitor.leaves(tab)

    tab = visitor.comes()
    assert origin(tab) == "snapshot"
    assert told(tab)["chance"] not in (first["chance"], second["chance"])


def test_without_a_network_files_are_there_at_once(visitor: Visitor) -> None:
    tab = visitor.comes()
    first = told(tab)
    wait_for_snapshot(tab)
    visitor.leaves(tab)
    visitor.host.stop()
    tab = visitor.comes()
    assert origin(tab) == "snapshot"
    second = told(tab)
    for same in ("source", "lazy"):
        assert second[same] == first[same]


@pytest.mark.parametrize(
    "damage",
    [
        "(bytes) => bytes.fill(0, 100_000, 200_000)",
        "(bytes) => bytes.fill(7)",
        # Right by its sums, and nothing that runs.
        """(bytes, head) => {
            const sums = (words) => {
                let [first, second] = [0, 0];
                for (const word of words) {
                    first = (first + word) | 0;
                    second = (second + first) | 0;
                }
                return [first, second];
            };
            bytes.fill(0);
            const words = new Uint32Array(head.buffer);
            words.set(sums(new Uint32Array(bytes.buffer)), 8 + 3 * 2);
            words.set(sums(words.subarray(8)), 6);
        }""",
    ],
    ids=["cut", "overwritten", "wrong"],
)
def test_a_bad_one_is_dropped_and_the_app_starts_without(visitor: Visitor, damage: str) -> None:
    tab = visitor.comes()
    wait_for_snapshot(tab)
    tab.run(DAMAGE % damage)
    visitor.leaves(tab)

    tab = visitor.comes()
    assert origin(tab) == "packages"
    assert told(tab)["cwd"] == "/app"
    assert "head" not in tab.run(KEPT)
    wait_for_snapshot(tab)  # another one
    visitor.leaves(tab)
    tab = visitor.comes()
    assert origin(tab) == "snapshot"


def test_one_whose_restore_never_ended_is_not_tried_again(visitor: Visitor) -> None:
    tab = visitor.comes()
    wait_for_snapshot(tab)
    tab.run(ATTEMPT)
    visitor.leaves(tab)
    tab = visitor.comes()
    assert origin(tab) == "packages"
    assert tab.run(KEPT)[0] == "failures"


def test_compiled_modules_and_their_files_come_back(
    engine: Engine, tab: Tab, fresh: Callable[[App], Host]
) -> None:
    del tab
    visitor = Visitor(engine, fresh(replace(GUESTBOOK, snapshot=True)))
    tab = visitor.comes()
    wait_for_snapshot(tab)
    assert tab.run(KEPT) == ["head", "library-0", "script", *SLICES, "wasm"]
    assert not tab.run(IN_IMAGE), "the file of a shared object is in the image"
    visitor.leaves(tab)
    tab = visitor.comes()
    assert origin(tab) == "snapshot"
    answer = "return await (await fetch('/api/sum?a=1&b=x')).json()"
    assert tab.run_in_frame(answer)["detail"][0]["type"] == "float_parsing"
    assert tab.run_in_frame("return (await fetch('/docs')).status") == 200
