"""Set-Cookie lines as the browser's own jar takes them, under uvicorn, and as the tab's does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.browser.known import COOKIES
from tests.browser.sites import ROOT

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

# All at once, each cookie with a name of its own; then what is left, first of a server's, then of
# a script's; and they are taken back, since other tests use the browser's jar too.
KEPT = """
    const named = (kind) => args[0].map((line, i) => line.replace(/^a=/, `${kind}${i}=`));
    const send = (lines) => fetch('/folder/lines', { method: 'POST', body: JSON.stringify(lines) });
    const kept = (lines) => {
        const seen = document.cookie.split('; ');
        const there = (line) => seen.some((pair) => pair.split('=')[0] === line.split('=')[0]);
        return args[0].filter((_, i) => there(lines[i]));
    };
    const again = (lines) => lines.map((line) => `${line}; max-age=0`);
    const [sent, set] = [named('server'), named('script')];
    await send(sent);
    const byServer = kept(sent);
    await send(again(sent));
    for (const line of set) document.cookie = line;
    const byScript = kept(set);
    for (const line of again(set)) document.cookie = line;
    return [byServer, byScript];
"""

# Where an engine does not do what the RFC says; docs/server-behavior.md has the reasons in words.
DIFFERENT = {
    "chromium": set[str](),
    "firefox": set[str](),
    "webkit": set[str](),
}


def lines() -> list[str]:
    """The vectors of one cookie named a, on localhost, that an HTTP server can send."""
    folder = ROOT / "tests/server/cookies"
    general = json.loads((folder / "vectors.json").read_text())["cookies"]
    steps = json.loads((folder / "steps.json").read_text())["steps"].values()
    found = [
        line
        for line, _ in [*general, *(pair for step in steps for pair in step.get("cookies", ()))]
    ]
    usable = {line.replace("example.org", "localhost") for line in found if line.startswith("a=")}
    return sorted(
        line for line in usable if line == line.strip() and line.isascii() and line.isprintable()
    )


def test_lines_are_kept_as_by_the_browser(
    tab: Tab, engine: Engine, visit: Callable[[App], Host], under_uvicorn: Callable[[App], str]
) -> None:
    given = lines()
    tab.load(under_uvicorn(COOKIES) + "folder/page?page")
    native = tab.run(KEPT, given)
    tab.open(visit(COOKIES).url + "folder/page?page")
    ours = tab.run_in_frame(KEPT, given)
    assert ours[0] == ours[1]
    for kept in native:
        assert set(kept) ^ set(ours[0]) == DIFFERENT[engine.name]
