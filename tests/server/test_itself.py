"""The app's own site, asked by its own code: on the loop that serves it, and on a nested one."""

import asyncio
import json
import sys
from types import ModuleType
from typing import Any

import pytest

from tabcorn.server import outside
from tabcorn.server.config import Config
from tabcorn.server.itself import OwnSite
from tabcorn.server.server import Server
from tabcorn.server.sync.waiting import wait
from tabcorn.server.types import Receive, Scope, Send
from tests.server.socket_recorder import SocketPage

OWN = "http://localhost:8000"
left: list[str] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell what was asked; stream, redirect, break off, or never answer, as the path says."""
    if scope["type"] == "lifespan":
        raise NotImplementedError
    kind = scope["path"].removeprefix("/site")
    message = await receive()
    if kind == "/never":
        left.append((await receive())["type"])
        return
    told = {
        "path": scope["path"],
        "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
        "body": message["body"].decode(),
    }
    headers = [(b"set-cookie", b"a=1"), (b"location", b"/else")]
    await send(
        {
            "type": "http.response.start",
            "status": 302 if kind == "/go" else 200,
            "headers": headers if kind == "/go" else [],
        }
    )
    if kind == "/breaks":
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        raise ValueError("on purpose")
    if kind == "/large":
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})
    left.append("after")


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> OwnSite:
    module: Any = ModuleType("asks_itself")
    module.app = app
    monkeypatch.setitem(sys.modules, "asks_itself", module)
    left.clear()
    server = Server(
        Config("asks_itself:app", server=("localhost", 8000), root_path="/site"),
        SocketPage(),  # type: ignore[arg-type]
    )
    own = OwnSite(server)
    monkeypatch.setattr(outside, "itself", own)
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(outside.request_async("GET", f"{OWN}/site/", [], b"", None))
    asyncio.run(server.start())
    return own


def ask(path: str, method: str = "GET", body: bytes = b"", timeout: float | None = None) -> Any:
    """Ask from async code, and read all."""

    async def main() -> tuple[int, list[tuple[str, str]], bytes]:
        headers = [("Host", "localhost:8000"), ("User-Agent", "mine"), ("Cookie", "c=1")]
        reply = await outside.request_async(method, OWN + path, headers, body, timeout)
        chunks = []
        while chunk := await reply.read_async():
            chunks.append(chunk)
        return reply.status, reply.headers, b"".join(chunks)

    return asyncio.run(main())


def test_whose_requests_it_answers(own: OwnSite) -> None:
    assert own.serves(f"{OWN}/anything?q")
    for other in ("http://localhost/", "https://localhost:8000/", "http://127.0.0.1:8000/", "x"):
        assert not own.serves(other)


@pytest.mark.usefixtures("own")
class TestOwnSite:
    def test_the_apps_answer_to_the_clients_own_headers(self) -> None:
        status, _, body = ask("/site/tell?a=1", "POST", b"sent")
        told = json.loads(body)
        assert (status, told["path"], told["body"]) == (200, "/site/tell", "sent")
        sent = [["host", "localhost:8000"], ["user-agent", "mine"], ["cookie", "c=1"]]
        assert told["headers"] == sent

    def test_a_path_outside_the_site_is_the_apps(self) -> None:
        assert json.loads(ask("/tell")[2])["path"] == "/site/tell"

    def test_redirects_and_cookies_are_the_clients(self) -> None:
        status, headers, _ = ask("/site/go")
        assert status == 302
        assert {("set-cookie", "a=1"), ("location", "/else")} <= set(headers)

    def test_more_than_the_window_passes(self) -> None:
        assert len(ask("/site/large")[2]) > 100 * 100_000

    def test_what_breaks_off_is_an_error(self) -> None:
        with pytest.raises(ConnectionError, match="/site/breaks"):
            ask("/site/breaks")

    def test_one_that_is_late_is_left(self) -> None:
        async def main() -> None:
            with pytest.raises(TimeoutError):
                await outside.request_async("GET", f"{OWN}/site/never", [], b"", 0.01)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        asyncio.run(main())
        assert left == ["http.disconnect"]

    def test_sync_code_where_nothing_can_be_suspended(self) -> None:
        reply = outside.request("POST", f"{OWN}/site/tell", [("x", "1")], b"sent", None)
        told = json.loads(reply.read())
        assert (reply.status, told["headers"], told["body"]) == (200, [["x", "1"]], "sent")
        assert reply.read() == b""
        assert left == ["after"]  # what comes after the response has come

    def test_async_code_that_sync_code_waits_for(self) -> None:
        async def inner() -> bytes:
            reply = await outside.request_async("GET", f"{OWN}/site/large", [], b"", None)
            return await reply.read_async()

        assert len(wait(inner())) > 100 * 100_000

    def test_a_blocking_client_in_async_code_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outside, "browser", outside.NoBrowser())

        async def main() -> None:
            outside.request("GET", f"{OWN}/site/tell", [], b"", None)

        with pytest.raises(ConnectionError):
            asyncio.run(main())
