"""The development server: the site, its endpoints, reload and a quick end."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tabcorn.build.publish import publish
from tabcorn.devserver import serve
from tabcorn.devserver.address import bind, url_of
from tabcorn.devserver.events import BuildEvents
from tabcorn.devserver.serve import Reload, dev_app
from tabcorn.devserver.watch import changes
from tests.build.test_site import make_site


@pytest.fixture
def site(tmp_path: Path) -> Path:
    publish(make_site(), tmp_path / "site")
    return tmp_path / "site"


def test_it_serves_the_site_and_its_own_endpoints(site: Path) -> None:
    with TestClient(dev_app(site, BuildEvents("b"))) as client:
        assert client.get("/").status_code == 200
        assert client.get("/deep/link").status_code == 404
        assert client.get("/_tabcorn/site.json").json()["build"] == make_site().build
        assert client.post("/_tabcorn/dev/log", json={}).status_code == 403


def test_it_ends_at_once_although_a_page_listens(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = BuildEvents("b")
    servers: list[serve._Server] = []
    real = serve._Server.startup

    async def startup(self: serve._Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await real(self, sockets)

    monkeypatch.setattr(serve._Server, "startup", startup)
    started = threading.Event()
    with bind("127.0.0.1", 0) as sock:
        app = dev_app(site, events)
        thread = threading.Thread(target=serve.run, args=(app, sock, started.set, events))
        thread.start()
        assert started.wait(10)
        with httpx.stream("GET", url_of(sock, "/_tabcorn/dev/events")) as stream:
            lines = stream.iter_lines()
            assert [next(lines), next(lines)] == ["event: build", "data: b"]
            before = time.monotonic()
            servers[0].should_exit = True
            thread.join(5)
            assert time.monotonic() - before < 1
            assert not thread.is_alive()


def test_a_change_makes_a_new_build(site: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        events = BuildEvents("one")
        reload = Reload([tmp_path], lambda: "two")
        app = dev_app(site, events, reload)
        async with app.router.lifespan_context(app):
            await touch_until(tmp_path / "main.py", lambda: events.build == "two")

    asyncio.run(scenario())


def test_a_failed_build_leaves_the_old_one(site: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        events, tried = BuildEvents("one"), threading.Event()
        reload = Reload([tmp_path], lambda: tried.set())
        app = dev_app(site, events, reload)
        async with app.router.lifespan_context(app):
            await touch_until(tmp_path / "main.py", tried.is_set)
        assert events.build == "one"

    asyncio.run(scenario())


def test_caches_and_hidden_files_are_not_watched(tmp_path: Path) -> None:
    async def scenario() -> None:
        seen = asyncio.ensure_future(anext(changes([tmp_path])))
        (tmp_path / "__pycache__").mkdir()
        for name in (".hidden", "x.pyc", "__pycache__/x.pyc"):
            (tmp_path / name).write_text("x")
        await asyncio.sleep(1)
        assert not seen.done()
        seen.cancel()

    asyncio.run(scenario())


async def touch_until(file: Path, happened: Callable[[], bool]) -> None:
    """Change a file until the watcher, which starts in its own time, has seen it."""
    for n in range(100):
        file.write_text(str(n))
        await asyncio.sleep(0.1)
        if happened():
            return
    raise AssertionError("the change was not seen")
