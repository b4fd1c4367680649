"""EventSource in the tab: the same as under uvicorn, to the page and to the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.known import STREAMS

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

BATTERY = (STREAMS.folder / "events.js").read_text()
BEGIN = f"window.battery = (async () => {{ {BATTERY} }})(); return true"
AWAIT = "return await window.battery"


@pytest.fixture
def home(tab: Tab, visit: Callable[[App], Host]) -> Tab:
    return tab.open(visit(STREAMS).url)


def test_as_under_uvicorn(engine: Engine, home: Tab, under_uvicorn: Callable[[App], str]) -> None:
    """Both at the same time, since each mostly waits."""
    oracle = engine.tab()
    oracle.load(under_uvicorn(STREAMS))
    oracle.script(BEGIN)
    home.in_frame(BEGIN)
    seen: dict[str, Any] = home.run_in_frame(AWAIT)
    expected: dict[str, Any] = oracle.run(AWAIT)
    oracle.close()
    assert expected.keys() == seen.keys()
    differ = {name: (expected[name], seen[name]) for name in seen if expected[name] != seen[name]}
    assert differ == {}


def told(home: Tab, name: str) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = home.run_in_frame(
        "return await (await fetch(`/told/${args[0]}`)).json()", name
    )
    return notes


def test_event_source_response_of_sse_starlette(home: Tab) -> None:
    """Its messages, its pings between them, and its word to the app that the page has left."""
    script = """
        const source = new EventSource('/events/starlette'), seen = [];
        await new Promise((resolve) => {
          source.onmessage = () => seen.push('a ping is no message');
          source.addEventListener('tick', ({ data, lastEventId }) => {
            if (seen.push([data, lastEventId]) === 4) resolve();
          });
        });
        source.close();
        return seen;
    """
    assert home.run_in_frame(script) == [[f"é\n{number}", str(number)] for number in range(4)]
    home.wait(lambda: told(home, "starlette") == [{"end": "closed", "closed": True}])


def test_a_page_that_goes_away_is_a_disconnect(home: Tab) -> None:
    parts = '[[["start"],["text","data: a\\n\\n"],["wait"]]]'
    script = """
        const source = new EventSource(`/play/left?parts=${encodeURIComponent(args[0])}`);
        await new Promise((resolve) => (source.onmessage = resolve));
    """
    home.run_in_frame(script, parts)
    home.click("#away")
    home.at("/away")
    home.wait(lambda: [note["end"] for note in told(home, "left")] == ["disconnected"], 20)


def test_retry_and_a_flood(engine: Engine, home: Tab) -> None:
    """It comes back after the time that the app set, and of many events it misses none. (Each turn
    of Pyodide's loop takes WebKit some milliseconds.)"""
    flood = 500 if engine.name == "webkit" else 5000
    script = """
        const play = (name, ...parts) =>
          new EventSource(`/play/${name}?parts=${encodeURIComponent(JSON.stringify(parts))}`);
        const last = [['start'], ['text', 'data: b\\n\\n'], ['wait']];
        const backAfter = (ms) => new Promise((resolve) => {
          const source = play(`retry-${ms}`, [['start'], ['text', `retry: ${ms}\\n\\n`]], last);
          let left;
          source.onerror = () => (left ??= performance.now());
          source.onmessage = () => resolve([ms, performance.now() - left, source.close()]);
        });
        const back = await Promise.all([700, 1500].map(backAfter));
        const source = play('flood', [
          ['start'],
          ['ticks', args[0], 0, 'id: #\\ndata: #\\n\\n'],
          ['text', 'event: end\\ndata\\n\\n'],
          ['wait'],
        ]);
        let count = 0;
        source.onmessage = ({ data, lastEventId }) => {
          if (data === String(count) && lastEventId === data) count += 1;
        };
        await new Promise((resolve, reject) => {
          source.addEventListener('end', resolve);
          source.onerror = () => reject(new Error(`an error after ${count}`));
        });
        source.close();
        return [count, back];
    """
    count, back = home.run_in_frame(script, flood)
    assert count == flood
    assert all(-20 < after - ms < 500 for ms, after, _ in back), back


def test_a_fetch_sees_the_bytes_of_an_event_stream(home: Tab) -> None:
    """And an error where it breaks off: only an EventSource is spared that."""
    script = """
        const url = `/play/bytes?parts=${encodeURIComponent(args[0])}`;
        const headers = { accept: 'text/event-stream' };
        const reader = (await fetch(url, { headers, cache: 'no-store' })).body.getReader();
        let text = '';
        try {
          for (let part = await reader.read(); !part.done; part = await reader.read()) {
            text += new TextDecoder().decode(part.value);
          }
        } catch (error) {
          return [text, 'broken'];
        }
        return [text, 'whole'];
    """
    whole = '[[["start"],["sleep",0.2],["text","data: a\\n\\n"]]]'
    assert home.run_in_frame(script, whole) == ["data: a\n\n", "whole"]
    broken = '[[["start"],["text","data: a\\n\\n"],["sleep",0.2],["raise"]]]'
    assert home.run_in_frame(script.replace("/bytes", "/broken"), broken) == [
        "data: a\n\n",
        "broken",
    ]
