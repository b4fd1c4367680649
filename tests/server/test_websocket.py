# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

import asyncio
from typing import Any

import pytest

from tabcorn.server.config import Config
from tabcorn.server.flow import WINDOW
from tabcorn.server.lifespan import Mode
from tabcorn.server.server import Server
from tabcorn.server.states import SOCKET, Socket, next_socket
from tabcorn.server.types import Receive, Scope, Send
from tabcorn.server.websocket import MAX_SIZE, WebSocketCycle
from tests.server.recorder import log_of, settle
from tests.server.socket_recorder import SocketPage, visit

ACCEPT = {"type": "websocket.accept"}


async def listening(scope: Scope, receive: Receive, send: Send) -> None:
    await send(ACCEPT)
    while (message := await receive())["type"] != "websocket.disconnect":
        pass
    heard.append(message)


heard: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_heard() -> None:
    heard.clear()


# The table


def test_every_message_has_its_state() -> None:
    kinds = {kind for _, kind, _ in SOCKET}
    for state in Socket:
        for kind in [*kinds, "websocket.nonsense"]:
            if (state, kind, False) in SOCKET:
                assert next_socket(state, kind, False) is SOCKET[state, kind, False]
            else:
                with pytest.raises(RuntimeError, match=f"'{kind}'"):
                    next_socket(state, kind, False)


# What the page does (what a client on a socket can do is compared with uvicorn)


@pytest.mark.parametrize("accepted", [True, False])
def test_a_page_that_breaks_off(accepted: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if accepted:
            await send(ACCEPT)
        heard.append(await receive())
        heard.append(await receive())
        with pytest.raises(OSError, match="left"):
            await send({"type": "websocket.close"})

    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await settle()
        cycle.close(1006, "")

    page = visit(app, use)
    code = 1005 if accepted else 1006
    assert heard == [{"type": "websocket.disconnect", "code": code}] * 2
    assert page.seen == ([("open", "")] if accepted else [])


def test_a_page_that_closes_before_it_is_accepted() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        heard.append(await receive())

    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await settle()
        cycle.close(1001, "")

    page = visit(app, use)
    assert heard == [{"type": "websocket.disconnect", "code": 1006}]
    assert page.seen == []


def test_a_message_that_is_too_large() -> None:
    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await page.sees("open")
        cycle.binary(bytes(MAX_SIZE + 1))

    page = visit(listening, use)
    reason = f"frame with {MAX_SIZE + 1} bytes exceeds limit of {MAX_SIZE} bytes"
    assert page.seen == [("open", ""), ("closed", 1009, reason)]
    assert heard == [{"type": "websocket.disconnect", "code": 1009, "reason": reason}]


def test_what_comes_after_the_end_is_dropped() -> None:
    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await page.sees("open")
        cycle.close(3000, "")
        cycle.text("late")
        cycle.close(3001, "")

    page = visit(listening, use)
    assert page.seen == [("open", ""), ("closed", 3000, "")]
    assert heard == [{"type": "websocket.disconnect", "code": 3000, "reason": ""}]


# Flow control


def test_send_waits_for_a_page_that_does_not_read() -> None:
    sent = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal sent
        await send(ACCEPT)
        while True:
            await send({"type": "websocket.send", "bytes": bytes(WINDOW // 4)})
            sent += 1

    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await settle()
        assert sent == 4
        cycle.grant(WINDOW // 2)
        await settle()
        assert sent == 6
        cycle.close(1001, "")

    with log_of() as lines:
        visit(app, use, SocketPage(reads=False))
    assert not [line for line in lines if line.startswith("ERROR")]


def test_empty_messages_count() -> None:
    sent = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal sent
        await send(ACCEPT)
        while True:
            await send({"type": "websocket.send", "text": ""})
            sent += 1

    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await settle()
        assert sent == WINDOW // 64
        cycle.close(1001, "")

    visit(app, use, SocketPage(reads=False))


def test_messages_count_as_taken_while_there_is_room() -> None:
    go = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(ACCEPT)
        await go.wait()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def use(page: SocketPage, cycle: WebSocketCycle) -> None:
        await page.sees("open")
        for _ in range(6):
            cycle.binary(bytes(WINDOW // 4))
        assert page.taken == WINDOW
        go.set()
        await settle()
        assert page.taken == WINDOW * 6 // 4
        cycle.close(1000, "")

    visit(app, use)


# The server


def test_a_shutdown_closes_sockets() -> None:
    async def main() -> SocketPage:
        page = SocketPage()
        config = Config("tests.server.test_websocket:listening", lifespan=Mode.OFF)
        server = Server(config, page)  # type: ignore[arg-type]
        await server.start()
        server.open_socket(1, "/", "", "host\nexample.org", 50000, [])
        page.cycle = server.socket(1)
        await page.sees("open")
        await server.stop()
        assert server.socket(1) is None
        return page

    assert asyncio.run(main()).seen == [("open", ""), ("closed", 1012, "")]
    assert heard == [{"type": "websocket.disconnect", "code": 1012, "reason": ""}]
