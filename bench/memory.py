"""How much a browser grows while 200 MB pass, up and down, beside the same app under uvicorn.

The growth of all its processes at most; too much is what is above the limits, which
docs/server-behavior.md states ("Large bodies pass through").
"""

from __future__ import annotations

from pathlib import Path

from tests.browser import engines
from tests.browser.hosts import static_host
from tests.browser.known import STREAMS
from tests.browser.memory import MB, WAYS, Bodies, grown_by
from tests.browser.sites import uvicorn_server

SIZE = 200 * MB
LIMIT = 32
# What an engine makes larger: what a page's script has read, or WebKit's uploads in one piece.
LIMITS = {
    ("chromium", "read by a script"): 128,
    ("firefox", "read by a script"): 192,
    ("webkit", "read by a script"): 192,
    ("webkit", "upload by fetch"): 512,
    ("webkit", "upload by XMLHttpRequest"): 512,
    ("webkit", "upload in FormData"): 512,
}
# WebKitGTK's MiniBrowser saves no files when it is driven.
UNSEEN = {("webkit", "download to a file")}


def measure(name: str, site: Path, folder: Path) -> bool:
    """Let bodies pass in one engine, print how it grew by each; is all within the limits?"""
    seen: dict[str, list[float]] = {way: [] for way in WAYS if (name, way) not in UNSEEN}
    with static_host(site) as host, uvicorn_server(STREAMS) as oracle:
        for framed in (True, False):
            with engines.start(name, folder / ("tab" if framed else "uvicorn")) as engine:
                tab = engine.tab()
                (tab.open if framed else tab.load)(host.url if framed else oracle)
                for way, grown in seen.items():
                    grown.append(attempt(Bodies(tab, framed), way))
    good = [told(name, way, *grown) for way, grown in seen.items()]
    return all(good)


def attempt(bodies: Bodies, way: str) -> float:
    """Return the growth in megabytes, infinite where no body passed."""
    try:
        return grown_by(bodies, way, SIZE)
    except AssertionError as error:
        print(f"       {bodies.tab.engine.name:9} {way}: {error}", flush=True)
        return float("inf")


def told(name: str, way: str, grown: float, under_uvicorn: float) -> bool:
    limit = LIMITS.get((name, way), LIMIT)
    word = "ok    " if grown <= limit else "FAILED"
    figures = f"{grown:4.0f} MB of {limit}, {under_uvicorn:4.0f} MB from uvicorn"
    print(f"{word} {name:9} {way:26} {figures}", flush=True)
    return grown <= limit
