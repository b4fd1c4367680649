"""What a page's own script sees: bodies both ways, streams as they come, aborts that arrive."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import TOUR

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

FATE = "return await (await fetch('/fate?name=' + args[0])).json()"


@pytest.fixture
def home(tab: Tab, visit: Callable[[App], Host]) -> Tab:
    return tab.open(visit(TOUR).url)


def fate_of(tab: Tab, name: str, *ends: str) -> None:
    """Wait until the app has noticed the end of a request."""
    tab.wait(lambda: tab.run_in_frame(FATE, name) in ends, 20, lambda: f"{name} to end")


def test_script_calls_the_app(home: Tab) -> None:
    script = "const r = await fetch('/fate?name=none'); return [r.status, r.url, await r.json()]"
    status, url, body = home.run_in_frame(script)
    assert (status, body) == (200, None)
    assert url.endswith("/fate?name=none")


def test_stream_is_progressive_for_a_script(home: Tab) -> None:
    times = home.run_in_frame(
        """
        const reader = (await fetch('/five')).body.getReader(), times = [];
        while (!(await reader.read()).done) times.push(performance.now());
        return times;
        """
    )
    assert len(times) == 5
    assert all(after - before > 150 for before, after in itertools.pairwise(times))


def test_stream_is_progressive_for_a_navigation(home: Tab) -> None:
    home.in_frame("location.href = '/five?page'")
    home.wait(lambda: home.in_frame("return document.querySelectorAll('p').length") in (1, 2, 3))
    home.sees("end")
    times = home.in_frame("return window.times")
    assert len(times) == 5
    assert times[-1] - times[0] > 800


def test_large_response(home: Tab) -> None:
    script = "return (await (await fetch('/big?size=' + args[0])).arrayBuffer()).byteLength"
    assert home.run_in_frame(script, 5_000_000) == 5_000_000


def test_large_request(home: Tab) -> None:
    script = """
        const body = new Uint8Array(args[0]).fill(7);
        return await (await fetch('/measure', { method: 'POST', body })).json();
    """
    size = 5_000_000
    digest = hashlib.sha256(b"\7" * size).hexdigest()
    assert home.run_in_frame(script, size) == [size, digest]


def test_requests_run_side_by_side(home: Tab) -> None:
    """Two streams of 1.5 s take little more together; a third request is not held up."""
    took = home.run_in_frame(
        """
        const begin = performance.now();
        const streams = [1, 2].map(async () => (await fetch('/five')).text());
        await fetch('/about');
        const quick = performance.now() - begin;
        await Promise.all(streams);
        return [quick, performance.now() - begin];
        """
    )
    assert took[0] < 1000
    assert took[1] < 2800


def test_abort_of_a_stream_reaches_the_app(home: Tab) -> None:
    home.run_in_frame(
        """
        const control = new AbortController();
        const answer = await fetch('/endless?name=aborted', { signal: control.signal });
        await answer.body.getReader().read();
        control.abort();
        """
    )
    fate_of(home, "aborted", "CancelledError", "GeneratorExit", "OSError", "ClientDisconnect")


def test_abort_before_the_answer_reaches_the_app(home: Tab) -> None:
    home.run_in_frame(
        """
        const control = new AbortController();
        const wait = fetch('/slow?name=early', { signal: control.signal }).catch(() => null);
        setTimeout(() => control.abort(), 300);
        await wait;
        """
    )
    fate_of(home, "early", "disconnected")


# Every way in which a page can give a request up, each under a name of its own: first those that
# the app has not answered, then those whose answer is under way.
GIVE_UP = """
    const soon = (act) => setTimeout(act, 700);
    const asked = (name, how = 'endless', type = 'text/plain') =>
        `/${how}?name=${name}&type=${type}`;
    const xhr = (name, how, timeout = 0) => {
        const request = new XMLHttpRequest();
        request.open('GET', asked(name, how));
        request.timeout = timeout;
        request.send();
        return request;
    };
    const early = xhr('early-xhr', 'slow');
    soon(() => early.abort());
    xhr('early-timeout', 'slow', 700);
    const signal = AbortSignal.timeout(700);
    fetch(asked('early-signal', 'slow'), { signal }).catch(() => null);
    fetch(new Request(asked('early-request', 'slow'), { signal })).catch(() => null);
    const waiting = new EventSource(asked('early-events', 'slow'));
    soon(() => waiting.close());

    for (let i = 0; i < 10; i++) {  // the word of it may be faster than the request
        xhr(`at-once-${i}`, 'endless', 1 + 3 * i);
        const given = AbortSignal.timeout(3 * i);
        fetch(asked(`at-once-fetch-${i}`), { signal: given }).catch(() => null);
    }

    const late = xhr('late-xhr', 'endless');
    late.onprogress = () => late.abort();
    xhr('late-timeout', 'endless', 1500);
    const events = new EventSource(asked('late-events', 'endless', 'text/event-stream'));
    events.onmessage = () => events.close();
    const reader = (await fetch(asked('late-reader'))).body.getReader();
    await reader.read();
    await reader.cancel();

    const url = new URL(asked('late-worker'), location.href);
    const code = `fetch("${url}").then((answer) => answer.body.getReader().read())
        .then(() => postMessage(1))`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    await new Promise((done) => worker.onmessage = done);
    worker.terminate();
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.src = '/about';
    await new Promise((done) => frame.onload = done);
    await (await frame.contentWindow.fetch(asked('late-frame'))).body.getReader().read();
    frame.remove();
"""
GIVEN_UP = (
    *("early-xhr", "early-timeout", "early-signal", "early-request", "early-events"),
    *("late-xhr", "late-timeout", "late-events", "late-reader", "late-worker", "late-frame"),
)


def test_however_a_page_gives_up_the_app_is_told(home: Tab) -> None:
    home.run_in_frame(GIVE_UP)
    told = "return await (await fetch('/fate')).json()"

    def fates() -> dict[str, str]:
        known = home.run_in_frame(told)
        at_once = {name: end for name, end in known.items() if name.startswith("at-once")}
        return at_once | {name: known.get(name, "not asked") for name in GIVEN_UP}

    def over() -> bool:
        return not {"open", "waiting", "not asked"} & set(fates().values())

    home.wait(over, 25, lambda: str(fates()))


def test_an_answer_that_breaks_off_is_an_error_to_every_reader(home: Tab) -> None:
    """Never a clean end, and never something that the page has done itself."""
    seen = home.run_in_frame(
        """
        const xhr = (url, end) => new Promise((done) => {
            const events = [], request = new XMLHttpRequest();
            request.open('GET', url);
            for (const name of ['load', 'error', 'abort', 'timeout', 'loadend'])
                request.addEventListener(name, () => events.push(name));
            request.addEventListener('loadend', () => done([events, request.status]));
            request.send();
            if (end) setTimeout(() => request.abort(), 300);
        });
        const script = (url) => new Promise((done) => {
            const node = document.createElement('script');
            node.onload = () => done('load');
            node.onerror = () => done('error');
            node.src = url;
            document.head.append(node);
        });
        const read = async (url) => (await fetch(url)).text().then(() => 'whole', () => 'error');
        return {
            fetch: await read('/broken'),
            'fetch, with a length': await read('/broken?length'),
            'fetch, compressed': await read('/broken?gzip'),
            xhr: await xhr('/broken'),
            'xhr, given up': await xhr('/endless?name=xhr', true),
            script: await script('/broken'),
            next: await (await fetch('/fate?name=nobody')).json(),
        };
        """
    )
    assert seen == {
        "fetch": "error",
        "fetch, with a length": "error",
        "fetch, compressed": "error",
        "xhr": [["error", "loadend"], 0],
        "xhr, given up": [["abort", "loadend"], 0],
        "script": "error",
        "next": None,
    }


def test_page_that_goes_away_ends_its_streams(home: Tab) -> None:
    home.run_in_frame(
        "await (await fetch('/endless?name=left')).body.getReader().read(); return true"
    )
    home.click("#about")
    home.sees("About")
    fate_of(home, "left", "CancelledError", "GeneratorExit", "OSError", "ClientDisconnect")


def test_window_that_closes_ends_its_streams(home: Tab) -> None:
    other = home.engine.tab().open(home.url)
    other.run_in_frame(
        "await (await fetch('/endless?name=shut')).body.getReader().read(); return true"
    )
    other.close()
    fate_of(home, "shut", "CancelledError", "GeneratorExit", "OSError", "ClientDisconnect")


def test_print_and_access_log_reach_the_console(home: Tab) -> None:
    home.record_console()
    home.run_in_frame("await fetch('/speak?words=good+morning')")
    home.wait(lambda: "good morning" in home.console())
    line = '"GET /speak?words=good+morning HTTP/1.1" 200 OK'
    home.wait(lambda: line in home.console(), 5, home.console)


def test_traceback_reaches_the_console(home: Tab) -> None:
    home.record_console()
    assert home.run_in_frame("return (await fetch('/crash')).status") == 500
    home.wait(lambda: "RuntimeError: the app's own bug" in home.console())
