"""Bodies of every size and pace, both ways: no byte is lost, nobody floods anybody."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import STREAMS

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
