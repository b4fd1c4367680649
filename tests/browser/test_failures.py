"""What the shell says when an app cannot run: the cause in words, and never a blank page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import TOUR
from tests.browser.proxy import INSECURE_HOST

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import Sites
    from tests.browser.tab import Tab

HEADER = "# /// script\n# dependencies = []\n# ///\n"

BROKEN_IMPORT = (
    HEADER + "def prepare():\n    raise LookupError('no such planet')\n\napp = prepare()\n"
)

BROKEN_LIFESPAN = (
    HEADER
    + """
async def app(scope, receive, send):
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "the cellar is flooded"})
"""
)

# What asks for a WebAssembly module to be refused, and nothing else.
NO_WASM = {"content-security-policy": "script-src 'self' 'unsafe-inline'"}


def failure(tab: Tab, url: str) -> str:
    """Open what cannot work and return what the shell says about it."""
    tab.start(url)
    state, words = tab.settled()
    assert state == "failed"
    assert words
    return words


def asset(site: Path) -> Path:
    """Choose the largest asset: the interpreter itself."""
    return max(site.glob("_tabcorn/*/assets/*.bin"), key=lambda file: file.stat().st_size)


def test_import_error_with_its_traceback(
    tab: Tab, sites: Sites, serve: Callable[[Path], Host]
) -> None:
    app = sites.write("broken-import", BROKEN_IMPORT, "--no-run")
    assert "LookupError: no such planet" in failure(tab, serve(sites.build(app)).url)
    shown = tab.script("return document.body.innerText")
    assert 'main.py", line 5, in prepare' in shown


def test_lifespan_failure_with_the_app_s_message(
    tab: Tab, sites: Sites, serve: Callable[[Path], Host]
) -> None:
    app = sites.write("broken-lifespan", BROKEN_LIFESPAN, "--no-run")
    assert "the cellar is flooded" in failure(tab, serve(sites.build(app)).url)


def test_missing_asset_is_named(tab: Tab, fresh: Callable[..., Host]) -> None:
    host = fresh(TOUR)
    gone = asset(host.folder)
    gone.unlink()
    assert gone.name in failure(tab, host.url)


def test_asset_with_a_wrong_hash_is_named(tab: Tab, fresh: Callable[..., Host]) -> None:
    host = fresh(TOUR)
    spoilt = asset(host.folder)
    content = bytearray(spoilt.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt.write_bytes(content)
    assert spoilt.name in failure(tab, host.url)


def test_insecure_origin(tab: Tab, fresh: Callable[..., Host]) -> None:
    host = fresh(TOUR)
    words = failure(tab, f"http://{INSECURE_HOST}:{host.port}/")
    assert "https" in words.lower()


def test_webassembly_forbidden(tab: Tab, fresh: Callable[..., Host]) -> None:
    if tab.engine.name == "webkit":
        pytest.skip("WebKitGTK does not apply script-src to WebAssembly")
    words = failure(tab, fresh(TOUR, headers=NO_WASM).url)
    assert "WebAssembly" in words
