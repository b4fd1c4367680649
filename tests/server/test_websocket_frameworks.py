"""WebSockets as the frameworks give them to their users: the same under uvicorn and through us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketException
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect, WebSocketState

from tests.server.test_websocket_same_as_uvicorn import through_tabcorn, through_uvicorn

if TYPE_CHECKING:
    from tabcorn.server.types import Receive, Scope, Send
    from tests.server.oracle import Oracle
    from tests.server.test_websocket_same_as_uvicorn import Body, Heard

SEND, HEAR = "send", ("hear",)
noted: list[Any] = []


async def iterating(websocket: WebSocket) -> None:
    await websocket.accept()
    async for each in websocket.iter_text():
        await websocket.send_text(each.upper())
    noted.append(websocket.client_state is WebSocketState.DISCONNECTED)


async def iterating_json(websocket: WebSocket) -> None:
    await websocket.accept("two", [(b"x-one", b"1")])
    async for each in websocket.iter_json():
        await websocket.send_json({"got": each}, mode="binary" if each == "binary" else "text")


async def iterating_bytes(websocket: WebSocket) -> None:
    await websocket.accept()
    async for each in websocket.iter_bytes():
        await websocket.send_bytes(each[::-1])


async def until_gone(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect as gone:
        noted.append((gone.code, gone.reason))


async def of_the_wrong_kind(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_json()


async def sending_to_nobody(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text("are you there?")
            await asyncio.sleep(0.005)
    except WebSocketDisconnect as gone:
        noted.append(gone.code)


async def refusing(websocket: WebSocket) -> None:
    await websocket.close(code=3000, reason="no")


async def refusing_in_words(websocket: WebSocket) -> None:
    await websocket.send_denial_response(JSONResponse({"error": "no"}, 401))


async def twice(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()
    await websocket.close()


class Endpoint(WebSocketEndpoint):
    encoding = "json"

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(dict(websocket.query_params))

    async def on_receive(self, websocket: WebSocket, data: Any) -> None:
        await websocket.send_json([data])

    async def on_disconnect(self, _websocket: WebSocket, close_code: int) -> None:
        noted.append(close_code)


api = FastAPI()


async def user(token: str | None = None) -> AsyncIterator[str]:
    if token == "wrong":
        raise WebSocketException(code=3003, reason="who?")
    noted.append("opened")
    yield token or "nobody"
    noted.append("closed")


@api.websocket("/café")
async def depending(
    websocket: WebSocket, name: Annotated[str, Depends(user)], a: Annotated[str, Query()]
) -> None:
    await websocket.accept()
    await websocket.send_text(f"{name} {a}")
    data = await websocket.receive_json()
    raise WebSocketException(code=1008, reason=f"not {data}")


async def refused_by_dependency(_websocket: WebSocket) -> None:
    raise WebSocketException(code=3003, reason="who?")


numbers = FastAPI()


@numbers.websocket("/café")
async def needing_a_number(websocket: WebSocket, a: int) -> None:
    await websocket.accept()
    await websocket.send_text(f"never {a}")


def routed(endpoint: Any) -> Starlette:
    return Starlette(routes=[WebSocketRoute("/café", endpoint)])


CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "iter_text": (routed(iterating), ((SEND, "a"), (SEND, "é"), HEAR, HEAR, ("close", 3001, "x"))),
    "iter_text, given bytes": (routed(iterating), ((SEND, b"a"),)),
    "iter_json": (
        routed(iterating_json),
        ((SEND, "[1]"), (SEND, '"binary"'), HEAR, HEAR, ("close",)),
    ),
    "iter_json, given no JSON": (routed(iterating_json), ((SEND, "{"),)),
    "iter_bytes": (routed(iterating_bytes), ((SEND, b"ab"), (SEND, b""), HEAR, HEAR, ("close",))),
    "disconnect": (routed(until_gone), ((SEND, "a"), ("close", 4001, "bye"))),
    "disconnect without a code": (routed(until_gone), (("close",),)),
    "the wrong kind": (routed(of_the_wrong_kind), ((SEND, b"1"),)),
    "nobody listens": (routed(sending_to_nobody), (HEAR, ("close", 1001, ""))),
    "refusing": (routed(refusing), ()),
    "refusing in words": (routed(refusing_in_words), ()),
    "closing twice": (routed(twice), ()),
    "no such route": (Starlette(routes=[Route("/", refusing)]), ()),
    "endpoint": (routed(Endpoint), (HEAR, (SEND, "1"), HEAR, ("close", 3002, ""))),
    "endpoint, given no JSON": (routed(Endpoint), (HEAR, (SEND, "{"))),
    "fastapi": (api, (HEAR, (SEND, "5"))),
    "fastapi, an exception before the acceptance": (routed(refused_by_dependency), ()),
    "fastapi, not valid": (numbers, ()),
}


def noting(app: Any) -> Body:
    async def body(scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
        noted.clear()
        try:
            await app(scope, receive, send)
        except Exception as exc:
            heard.append(f"{type(exc).__name__}: {exc}")
        heard.extend(noted)

    return body


@pytest.mark.parametrize("name", CASES)
def test_the_same(oracle: Oracle, name: str) -> None:
    app, steps = CASES[name]
    theirs = through_uvicorn(oracle, noting(app), list(steps))
    ours = through_tabcorn(noting(app), list(steps))
    if name == "nobody listens":  # how often it asks depends on the clock
        ours, theirs = (
            (list(dict.fromkeys(ours[0])), ours[1]),
            (list(dict.fromkeys(theirs[0])), theirs[1]),
        )
    assert ours == theirs
