"""The three browsers start, run scripts, open windows and reach nothing but localhost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from tests.browser import engines

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

PAGE = """<!doctype html><title>plain</title><h1>hello</h1>
<script>fetch("http://elsewhere.test/x").catch(() => document.title = "refused")</script>"""


def test_plain_page(tab: Tab, serve: Callable[[Path], Host], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    host = serve(tmp_path)
    tab.load(host.url)
    tab.wait(lambda: tab.title == "refused")
    assert tab.run("return await Promise.resolve(args[0] + 1)", 1) == 2
    assert "elsewhere.test" in tab.engine.proxy.foreign()
    tab.engine.proxy.hosts.clear()
    assert "/" in host.asked


def test_windows(engine: Engine, serve: Callable[[Path], Host], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>one</title>")
    host = serve(tmp_path)
    first, second = engine.tab(), engine.tab()
    first.load(host.url)
    second.load(host.url + "two")
    assert first.title == "one"
    assert second.url.endswith("/two")
    first.close()
    second.close()


def test_a_browser_that_died_is_started_anew(engine: Engine, tmp_path: Path) -> None:
    with engines.start(engine.name, tmp_path) as mortal:
        driver: Any = mortal.driver
        for browser in psutil.Process(driver.service.process.pid).children():
            browser.kill()
        assert mortal.tab().run("return 1 + 1") == 2
        assert mortal.lives == 2
