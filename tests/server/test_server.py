# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG002

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tabcorn.server import server as server_module
from tabcorn.server.config import Config
from tabcorn.server.lifespan import Mode
from tabcorn.server.server import Server
from tabcorn.server.types import Chunk, Receive, Scope, Send
from tests.server.recorder import log_of, settle
from tests.server.socket_recorder import SocketPage


class Recorder(SocketPage):
    """A transport for many requests: what each was sent, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []

    def start(self, id: int, status: int, reason: str, headers: str) -> None:
        self.calls.append(("start", id, status))

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        self.calls.append(("body", id, bytes(chunk), more_body))

    def consumed(self, id: int, size: int) -> None:
        self.calls.append(("consumed", id, size))

    def abort(self, id: int, message: str) -> None:
        self.calls.append(("abort", id, message))


events: list[str] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Echo the body; keep a count in the state; at /wait, wait until the page leaves."""
    if scope["type"] == "lifespan":
        scope["state"]["count"] = [0]
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        events.append("shutdown")
        await send({"type": "lifespan.shutdown.complete"})
        return
    scope["state"]["count"][0] += 1
    if scope["path"].endswith("/where"):
        events.append(f"{scope['root_path']} {scope['path']}")
    if scope["path"] == "/stuck":
        await asyncio.Event().wait()
    message = await receive()
    while message.get("more_body"):
        message = await receive()
    if scope["path"] == "/wait":
        events.append((await receive())["type"])
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": str(scope["state"]["count"]).encode()})


def open_request(server: Server, id: int, path: str = "/", more_body: bool = False) -> None:
    server.open(id, "GET", path, "", "", 50000, b"", more_body)


async def started(transport: Recorder) -> Server:
    events.clear()
    server = Server(Config(target=f"{__name__}:app"), transport)
    await server.start()
    return server


def test_the_root_path_is_decoded_as_the_path_is() -> None:
    """The site's URL has it encoded; frameworks look for the one in the other."""

    async def main() -> None:
        server = Server(Config(f"{__name__}:app", root_path="/a%20b"), Recorder())
        await server.start()
        server.open(1, "GET", "/a%20b/where", "", "", 50000, b"", False)
        await settle()
        await server.stop()

    events.clear()
    asyncio.run(main())
    assert events[0] == "/a b /a b/where"


@pytest.mark.parametrize("where", ["query", "headers"])
def test_a_head_that_is_too_large_is_refused_without_the_app(where: str) -> None:
    async def main() -> Recorder:
        transport = Recorder()
        server = await started(transport)
        much = "y" * 200_000
        given = {"query": (much, ""), "headers": ("", f"x-big\n{much}")}[where]
        server.open(1, "GET", "/", *given, 50000, b"", False)
        open_request(server, 2)
        await settle()
        await server.stop()
        return transport

    with log_of() as log:
        transport = asyncio.run(main())
    assert transport.calls[:2] == [
        ("start", 1, 400),
        ("body", 1, b"Invalid HTTP request received.", False),
    ]
    assert ("body", 2, b"[1]", False) in transport.calls  # the app has seen one request
    assert "WARNING: Invalid HTTP request received." in log


def test_requests_share_the_values_of_the_state() -> None:
    async def main() -> None:
        page = Recorder()
        server = await started(page)
        open_request(server, 1)
        open_request(server, 2)
        await settle()
        bodies = [call for call in page.calls if call[0] == "body"]
        assert bodies == [("body", 1, b"[1]", False), ("body", 2, b"[2]", False)]
        await server.stop()
        assert events == ["shutdown"]

    asyncio.run(main())


def test_a_body_that_comes_later() -> None:
    async def main() -> None:
        page = Recorder()
        server = await started(page)
        open_request(server, 1, more_body=True)
        await settle()
        assert page.calls == []
        server.feed(1, b"abc", True)
        server.feed(1, b"", False)
        await settle()
        assert page.calls[0] == ("consumed", 1, 3)
        assert page.calls[-1] == ("body", 1, b"[1]", False)
        await server.stop()

    asyncio.run(main())


def test_what_comes_too_late_is_dropped() -> None:
    async def main() -> None:
        server = await started(Recorder())
        server.feed(9, b"", False)
        server.grant(9, 1)
        server.disconnect(9)
        await server.stop()

    asyncio.run(main())


def test_stopping_ends_open_requests_before_the_lifespan() -> None:
    async def main() -> None:
        page = Recorder()
        server = await started(page)
        open_request(server, 1, "/wait")
        await settle()
        await server.stop()
        await server.stop()
        assert events == ["http.disconnect", "shutdown"]
        open_request(server, 2)
        assert page.calls == [("abort", 2, "The server is shutting down.")]

    asyncio.run(main())


def test_a_request_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "GRACE", 0.01)

    async def main() -> None:
        server = await started(Recorder())
        open_request(server, 1, "/stuck")
        await settle()
        await server.stop()
        assert events == ["shutdown"]

    with log_of() as log:
        asyncio.run(main())
    assert "ERROR: Cancel 1 running task(s), timeout graceful shutdown exceeded" in log


def test_the_config_is_read_from_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setattr("sys.path", ["/already"])
    given: dict[str, object] = {"target": "main:app", "lifespan": "on"}
    given["server"] = ["example.org", None]
    given |= {"env": {"TABCORN_TEST": "1"}, "cwd": str(tmp_path), "path": ["/app", "/already"]}
    config = Config.from_json(json.dumps({**given, "interface": None}))
    assert (config.lifespan, config.server) == (Mode.ON, ("example.org", None))
    monkeypatch.setenv("TABCORN_TEST", "0")
    config.enter()
    assert (os.environ["TABCORN_TEST"], Path.cwd()) == ("1", tmp_path)
    assert sys.path == ["/app", "/already"]
