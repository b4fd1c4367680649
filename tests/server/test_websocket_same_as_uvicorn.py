"""The oracle of sockets: the same apps and pages under uvicorn, and through our server.

What the page sees, what the app hears and what it is told when it errs are all compared.
"""

# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as dial

from tabcorn.server.scope import Site
from tabcorn.server.types import Receive, Scope, Send
from tests.server.oracle import Oracle
from tests.server.recorder import log_of
from tests.server.socket_recorder import SocketPage, connect

Seen = list[tuple[Any, ...]]
Heard = list[Any]
Body = Callable[[Scope, Receive, Send, Heard], Awaitable[object]]
ACCEPT = {"type": "websocket.accept"}


class Listening:
    """Wraps an app: writes down all that it hears, and what `send` raises in it."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.heard: Heard = []
        self.ended = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        assert scope["type"] == "websocket"

        async def listen() -> Any:
            message = await receive()
            self.heard.append(message)
            return message

        try:
            return await self.body(scope, listen, send, self.heard)
        finally:
            self.ended.set()


def through_uvicorn(oracle: Oracle, body: Body, steps: list[Any]) -> tuple[Seen, Heard]:
    app = oracle.app = Listening(body)
    seen: Seen = []
    url = f"ws://127.0.0.1:{oracle.port}/caf%C3%A9?a=%20b"
    try:
        with dial(url, subprotocols=["one", "two"], compression=None, max_size=None) as socket:  # type: ignore[list-item]
            seen.append(("open", socket.subprotocol or ""))
            use(socket, steps, seen)
    except InvalidStatus as refused:
        seen.append(("refused", refused.response.status_code))
    except InvalidMessage:
        seen.append(("lost",))
    assert app.ended.wait(5)
    return seen, app.heard


def use(socket: ClientConnection, steps: list[Any], seen: Seen) -> None:
    try:
        for step in steps:
            perform(socket, step, seen)
        while True:
            listen(socket, seen)
    except ConnectionClosed as exc:
        seen.append(("closed", exc.rcvd.code, exc.rcvd.reason) if exc.rcvd else ("lost",))


def perform(socket: ClientConnection, step: Any, seen: Seen) -> None:
    kind, *rest = step
    if kind == "send":
        socket.send(*rest)
    elif kind == "hear":
        listen(socket, seen)
    elif kind == "drop":
        socket.socket.close()
    else:
        with socket.send_context():
            socket.protocol.send_close(*rest)


def listen(socket: ClientConnection, seen: Seen) -> None:
    message = socket.recv(5)
    seen.append(("text" if isinstance(message, str) else "bytes", message))


def through_tabcorn(body: Body, steps: list[Any]) -> tuple[Seen, Heard]:
    app = Listening(body)

    async def main() -> SocketPage:
        page = SocketPage()
        site = Site(root_path="/root")
        cycle = connect(page, "/root/caf%C3%A9", "a=%20b", HOST, ("one", "two"), site)
        task = asyncio.create_task(cycle.run(app))
        heard = 0
        for step in steps:
            await asyncio.sleep(0.01)
            if page.closed:
                break
            match step:
                case ("send", str(text)):
                    cycle.text(text)
                case ("send", data):
                    cycle.binary(data)
                case ("hear",):
                    heard += 1
                    await page.hears(heard)
                case ("close", *frame):
                    code, reason = [*frame, 1005, ""][:2] if frame else (1005, "")
                    cycle.close(code, reason or "" if len(frame) > 1 else "")
        async with asyncio.timeout(5):
            await task
        return page

    return asyncio.run(main()).seen, app.heard


HOST = "host\nexample.org"


def sending(*messages: dict[str, Any]) -> Body:
    """Send these one after the other, note what is raised, then listen to the end."""

    async def body(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
        for message in messages:
            await attempt(send, heard, message)
        while (await receive())["type"] != "websocket.disconnect":
            pass

    return body


async def attempt(send: Send, heard: Heard, message: dict[str, Any]) -> None:
    try:
        await send(message)
    except OSError:
        heard.append("OSError")
    except RuntimeError as exc:
        heard.append(f"RuntimeError: {exc}")
    except Exception as exc:
        heard.append(f"{exc}")


async def echo(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
    await receive()
    await send(ACCEPT)
    while (message := await receive())["type"] != "websocket.disconnect":
        await send({**message, "type": "websocket.send"})


async def scope_told(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
    apart = {"server", "client", "headers", "state"}
    await send(ACCEPT)
    seen = sorted((key, value) for key, value in scope.items() if key not in apart)
    await send({"type": "websocket.send", "text": repr(seen)})
    await send({"type": "websocket.close"})


def raising(*messages: dict[str, Any]) -> Body:
    async def body(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
        for message in messages:
            await send(message)
        raise ValueError("no")

    return body


def returning(value: object, *messages: dict[str, Any]) -> Body:
    async def body(scope: Scope, receive: Receive, send: Send, heard: Heard) -> object:
        for message in messages:
            await send(message)
        return value

    return body


def after_the_end(wait: float, *messages: dict[str, Any]) -> Body:
    """Listen until the page has gone, then send all the same."""

    async def body(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
        await send(ACCEPT)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        await asyncio.sleep(wait)
        for message in messages:
            await attempt(send, heard, message)
        if wait:
            await receive()

    return body


def text(content: Any) -> dict[str, Any]:
    return {"type": "websocket.send", "text": content}


def data(content: Any) -> dict[str, Any]:
    return {"type": "websocket.send", "bytes": content}


def close(*frame: Any) -> dict[str, Any]:
    return {"type": "websocket.close", **dict(zip(("code", "reason"), frame, strict=False))}


def denial(status: Any, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "websocket.http.response.start", "status": status, "headers": headers}


def denied(content: bytes, more_body: bool = False) -> dict[str, Any]:
    return {"type": "websocket.http.response.body", "body": content, "more_body": more_body}


@dataclass(frozen=True)
class Case:
    body: Body
    steps: tuple[Any, ...] = ()
    logged: bool = True  # uvicorn's log lines are ours as well


SEND, HEAR = "send", ("hear",)
CASES: dict[str, Case] = {
    "scope": Case(scope_told),
    "echo of texts": Case(echo, ((SEND, "a"), (SEND, ""), (SEND, "é€😀"), *[HEAR] * 3, ("close",))),
    "echo of bytes": Case(echo, ((SEND, b"a\0\xff"), (SEND, b""), HEAR, HEAR, ("close", 1000))),
    "echo of much": Case(echo, ((SEND, "x" * 3_000_000), HEAR, ("close", 3000, "done"))),
    "as much as fits": Case(echo, ((SEND, bytes(16 * 2**20)), HEAR, ("close", 1000, ""))),
    "close of the page": Case(echo, (("close", 4999, "é" * 61),)),
    "going away": Case(echo, (("close", 1001, ""),)),
    "nothing to send": Case(sending(ACCEPT, {"type": "websocket.send"}, close())),
    "both kinds": Case(sending(ACCEPT, {**text("a"), "bytes": b"b"}, close())),
    "null kinds": Case(
        sending(ACCEPT, {**text("a"), "bytes": None}, {**data(b"b"), "text": None}),
        (HEAR, HEAR, ("close",)),
    ),
    "surrogates": Case(sending(ACCEPT, text("a\ud800"), close())),
    "bytearray": Case(sending(ACCEPT, data(bytearray(b"ab")), close())),
    "memoryview": Case(sending(ACCEPT, data(memoryview(b"ab")), close())),
    "subprotocol": Case(sending({**ACCEPT, "subprotocol": "two"}, close())),
    "no subprotocol": Case(sending({**ACCEPT, "subprotocol": None}, close())),
    "close": Case(sending(ACCEPT, close())),
    "close with a code": Case(sending(ACCEPT, close(3001))),
    "close with a reason": Case(sending(ACCEPT, close(1011, "é" * 61 + "x"))),
    "close without a code": Case(sending(ACCEPT, close(None))),
    "reason without a code": Case(sending(ACCEPT, close(None, "why"), close())),
    "null reason": Case(sending(ACCEPT, close(1000, None))),
    "reason too long": Case(sending(ACCEPT, close(1000, "x" * 124), close())),
    **{
        f"close with {code}": Case(sending(ACCEPT, close(code, "x"), close(1000)))
        for code in (999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 2999, 4999, 5000)
    },
    "after the close": Case(sending(ACCEPT, close(), text("late"), close(), ACCEPT)),
    "messages before the close": Case(sending(ACCEPT, text("1"), text("2"), close(1000, "3"))),
    "denied": Case(sending(close())),
    "denied with a code": Case(sending(close(3000, "no"))),
    "after a denial": Case(sending(close(), ACCEPT, text("a"))),
    "denied by a response": Case(sending(denial(401, (b"x-a", b"b")), denied(b"no")), logged=False),
    "denied in pieces": Case(sending(denial(404), denied(b"a", True), denied(b"b")), logged=False),
    "denial unfinished": Case(returning(None, denial(404), denied(b"a", True))),
    "denial out of order": Case(sending(denial(404), text("x"), ACCEPT, denied(b"")), logged=False),
    "denial with 600": Case(sending(denial(600), close())),
    "denial begun by its body": Case(sending(denied(b""), close())),
    "send before accept": Case(sending(text("x"), ACCEPT, close())),
    "unknown before accept": Case(sending({"type": "http.response.start"}, close())),
    "accept twice": Case(sending(ACCEPT, ACCEPT, close())),
    "unknown after accept": Case(sending(ACCEPT, {"type": "websocket.nonsense"}, close())),
    "denial after accept": Case(sending(ACCEPT, denial(404), denied(b""), close())),
    "raising at once": Case(raising()),
    "raising after accept": Case(raising(ACCEPT)),
    "raising after a message": Case(raising(ACCEPT, text("a"))),
    "raising after the close": Case(raising(ACCEPT, close(3000, "x"))),
    "raising after a denial": Case(raising(close())),
    "raising in a denial": Case(raising(denial(404))),
    "returning at once": Case(returning(None)),
    "returning after accept": Case(returning(None, ACCEPT)),
    "returning after the close": Case(returning(None, ACCEPT, close(3000, "x"))),
    "returning after a denial": Case(returning(None, close())),
    "returning a value at once": Case(returning("value")),
    "returning a value after the close": Case(returning("value", ACCEPT, close())),
    "at once after the page's close": Case(after_the_end(0, close(), text("x")), (("close",),)),
    "later after the page's close": Case(
        after_the_end(0.05, close(), text("x"), ACCEPT), (("close", 3000, "x"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_same(oracle: Oracle, name: str) -> None:
    case = CASES[name]
    with log_of("uvicorn.error") as theirs_logged:
        theirs = through_uvicorn(oracle, case.body, list(case.steps))
        time.sleep(0.02)
    with log_of("tabcorn") as ours_logged:
        ours = through_tabcorn(case.body, list(case.steps))
    assert ours == theirs
    if case.logged:
        assert lines(ours_logged) == lines(theirs_logged)


def lines(logged: list[str]) -> list[str]:
    """Leave out the port, and what only one of the two has to tell."""
    apart = ("DEBUG", "INFO: connection ")
    kept = [line for line in logged if not line.startswith(apart)]
    return [line if '"WebSocket' not in line else line[line.index('"') :] for line in kept]
