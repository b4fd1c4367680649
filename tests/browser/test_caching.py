"""What a browser's own HTTP cache answers for an app under uvicorn, tabcorn's answers in the tab.

The page sees the same and the app is asked the same, by the service worker's way and by the port.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.inside import WATCH_PORT, observe
from tests.browser.known import CACHING, CACHING_BY_SW

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

OBSERVATIONS = Path(__file__).with_name("caching.js").read_text()

SEE_ALL = f"""
{WATCH_PORT}
{OBSERVATIONS}
await opened(() => told('nothing'), 20);
const seen = {{}};
for (const [name, observe] of Object.entries(OBSERVATIONS)) seen[name] = await observe();
return {{ seen, sent }};
"""

# What Chromium made of it; a file that is not there is written anew.
STORED = Path(__file__).with_name("caching.json")

NAMED = {"POST elsewhere, location", "POST elsewhere, content-location"}
UNSAFE = ("POST", "PUT", "DELETE", "PATCH")
CHROMIUM = {"PUT 200", "POST by a form", *NAMED, "authorization", "own range"}
# Where an engine's own cache does otherwise: it gives again what RFC 9111 holds to be void, does
# not keep what it may, or keeps what is not kept here.
OTHERWISE: dict[str, set[str]] = {
    "chromium": CHROMIUM,
    "firefox": {
        *(f"{method} {status}" for method in UNSAFE for status in (404, 500)),
        *(f"status {status}" for status in (301, 302, 307, 403, 404, 500)),
        *("authorization", "own no-cache"),
    },
    # Compared with Chromium: it words its own conditions otherwise, and asks when nothing is kept.
    "webkit": {
        *CHROMIUM,
        *("own condition", "own condition, nothing kept", "only-if-cached, nothing kept"),
    },
}
# By the port, what does not come whole with its start is kept from the second time on.
BY_PORT = {"streamed", "large"}


@pytest.fixture(scope="module")
def expected(engine: Engine, under_uvicorn: Callable[[App], str]) -> dict[str, Any]:
    """Ask the browser's own cache; an automated WebKitGTK has none but for elements."""
    if engine.name == "webkit":
        stored: dict[str, Any] = json.loads(STORED.read_text())
        return stored
    tab = engine.tab()
    tab.load(under_uvicorn(CACHING))
    told: dict[str, Any] = observe(tab, tab.script, SEE_ALL)["seen"]
    return told


def test_what_is_stored_for_engines_without_a_cache(
    engine: Engine, expected: dict[str, Any]
) -> None:
    if engine.name == "chromium" and not STORED.exists():
        lines = (f"{json.dumps(name)}: {json.dumps(told)}" for name, told in expected.items())
        STORED.write_text("{{\n{}\n}}\n".format(",\n".join(lines)))
    if engine.name != "firefox":
        assert json.loads(STORED.read_text()) == expected


@pytest.mark.parametrize("app", [CACHING, CACHING_BY_SW], ids=["by the port", "by the sw"])
def test_the_same_answers_and_requests_as_with_a_server(
    engine: Engine,
    tab: Tab,
    visit: Callable[[App], Host],
    expected: dict[str, Any],
    app: App,
) -> None:
    tab.open(visit(app).url)
    told = observe(tab, tab.in_frame, SEE_ALL)
    assert (told["sent"] > 50) == (app is CACHING)
    seen = told["seen"]
    differing = {name for name in expected if seen[name] != expected[name]}
    both = [f"{name}: {json.dumps([expected[name], seen[name]])}" for name in sorted(differing)]
    known = OTHERWISE[engine.name] | (BY_PORT if app is CACHING else set())
    assert differing == known, "\n".join([*sorted(known ^ differing), *both])


FILES = "style.css script.js module.js imported.js picture.svg font.woff worker.js data.json"
# How the app was asked for each file.
ASKED = """
    await window.all;
    await new Promise((done) => setTimeout(done, 200));
    const told = {};
    for (const name of FILES.split(' '))
        told[name] = await (await fetch(`/told?of=${name}`, { cache: 'no-store' })).json();
    return told;
""".replace("FILES", json.dumps(FILES))


def test_static_files_are_asked_for_once(tab: Tab, visit: Callable[[App], Host]) -> None:
    home = visit(CACHING).url
    tab.open(f"{home}page")
    first = tab.run_in_frame(ASKED)
    assert {name: len(asked) for name, asked in first.items()} == dict.fromkeys(FILES.split(), 1)
    for _ in range(2):
        tab.in_frame("location.href = '/'")
        tab.sees("home")
        tab.in_frame("location.href = '/page'")
        tab.sees("words")
        assert tab.run_in_frame(ASKED) == first


def more(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: asked[len(before[name]) :] for name, asked in after.items()}


@pytest.fixture(scope="module")
def reloaded(engine: Engine, under_uvicorn: Callable[[App], str]) -> dict[str, Any]:
    """What is asked for again when the page is reloaded."""
    tab = engine.tab()
    tab.load(f"{under_uvicorn(CACHING)}page")
    before = tab.run(ASKED)
    tab.script("window.left = true; location.reload()")
    tab.wait(lambda: tab.script("return !window.left && window.all && true"))
    return more(before, tab.run(ASKED))


@pytest.mark.parametrize("who", ["tab", "frame"])
def test_a_reload_asks_as_with_a_server(
    tab: Tab, visit: Callable[[App], Host], reloaded: dict[str, Any], who: str
) -> None:
    """In WebKit with less: a server is asked for what is fresh, too, the app not without need."""
    tab.open(f"{visit(CACHING).url}page")
    before = tab.run_in_frame(ASKED)
    if who == "tab":
        tab.reload()
    else:
        tab.in_frame("window.left = true; location.reload()")
    tab.wait(lambda: tab.in_frame("return !window.left && window.all && true"))
    seen = more(before, tab.run_in_frame(ASKED))
    if tab.engine.name == "webkit":  # which may ask whether what it has in memory still holds
        assert all("if-none-match" in told for asked in seen.values() for _, told in asked)
    else:
        assert seen == reloaded
