# /// script
# dependencies = ["starlette>=0.46", "sse-starlette"]
# ///
"""Answers that a test writes step by step, and bodies of any size. Also run under uvicorn.

What became of a request is told by its name at /told/<name>: whatever it was asked with, how
many bytes have passed, how it ended.
"""

import asyncio
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

HOME = """<!doctype html><meta charset=utf-8><title>Streams</title><h1>Streams</h1>
<a id=away href=/away>away</a><input id=file type=file>"""


async def home(_: Request) -> Response:
    return HTMLResponse(HOME)


async def tell(request: Request) -> Response:
    return JSONResponse(told[request.path_params["name"]])


async def open_gate(request: Request) -> Response:
    gates[request.path_params["name"]].set()
    return JSONResponse(None)


class Play:
    """/play/<name>?parts=…: JSON, a list of steps for each request of that name in turn.

    A step is `["start", status, type, headers]`, `["text", …]`, `["bytes", [numbers]]`,
    `["sleep", seconds]`, `["raise"]`, `["wait"]` (for the disconnect) or
    `["ticks", count, seconds, text]`, where `#` stands for the number.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        parts = json.loads(request.query_params["parts"])
        named = told[scope["path_params"]["name"]]
        steps = parts[min(len(named), len(parts) - 1)]
        note: dict[str, Any] = {"asked": asked(request), "end": None, "sent": 0}
        named.append(note)
        try:
            for name, *arguments in steps:
                await getattr(self, f"_{name}")(request, send, note, *arguments)
            await send({"type": "http.response.body"})
            note["end"] = note["end"] or "whole"
        except BaseException as end:
            note["end"] = note["end"] or type(end).__name__
            raise

    async def _start(
        self,
        _request: Request,
        send: Send,
        _note: dict[str, Any],
        status: int = 200,
        kind: str = "text/event-stream",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        pairs = [("content-type", kind), *headers] if kind else list(headers)
        raw = [(name.encode(), value.encode()) for name, value in pairs]
        await send({"type": "http.response.start", "status": status, "headers": raw})

    async def _text(self, _request: Request, send: Send, note: dict[str, Any], text: str) -> None:
        await self._send(send, note, text.encode())

    async def _bytes(
        self, _request: Request, send: Send, note: dict[str, Any], numbers: list[int]
    ) -> None:
        await self._send(send, note, bytes(numbers))

    async def _sleep(
        self, _request: Request, _send: Send, _note: dict[str, Any], seconds: float
    ) -> None:
        await asyncio.sleep(seconds)

    async def _raise(self, _request: Request, _send: Send, _note: dict[str, Any]) -> None:
        raise RuntimeError("scripted")

    async def _wait(self, request: Request, _send: Send, note: dict[str, Any]) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        note["end"] = "disconnected"

    async def _ticks(
        self,
        _request: Request,
        send: Send,
        note: dict[str, Any],
        count: int,
        seconds: float,
        text: str,
    ) -> None:
        for number in range(count):
            await self._send(send, note, text.replace("#", str(number)).encode())
            await asyncio.sleep(seconds)

    async def _send(self, send: Send, note: dict[str, Any], body: bytes) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        note["sent"] += len(body)


def asked(request: Request) -> dict[str, str | None]:
    names = ("accept", "cache-control", "pragma", "last-event-id", "cookie", "content-length")
    return {name: request.headers.get(name) for name in names}


async def events(request: Request) -> Response:
    """EventSourceResponse: a message each `every` seconds, its own pings between them."""
    every = float(request.query_params.get("every", 0.2))
    note: dict[str, Any] = {"end": None, "closed": False}
    told[request.path_params["name"]].append(note)

    async def messages() -> AsyncIterator[dict[str, Any]]:
        try:
            for number in range(1000):
                yield {"event": "tick", "id": str(number), "data": f"é\n{number}", "retry": 100}
                await asyncio.sleep(every)
        finally:
            note["end"] = "closed"

    async def closed(_: Any) -> None:
        note["closed"] = True

    return EventSourceResponse(messages(), ping=0.3, client_close_handler_callable=closed)


class Noted(StreamingResponse):
    """A response that notes how it ended."""

    media_type = "application/octet-stream"

    def __init__(self, note: dict[str, Any], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.note["end"] = "over"


async def download(request: Request) -> Response:
    """As many bytes as asked for, in chunks of one size or, with a seed, of random ones."""
    asked = request.query_params
    size, chunk = int(asked["size"]), int(asked.get("chunk", 65536))
    note: dict[str, Any] = {"sent": 0, "end": None}
    told[request.path_params["name"]].append(note)
    chance = random.Random(asked["seed"]) if "seed" in asked else None

    async def chunks() -> AsyncIterator[bytes]:
        pattern = bytes(range(251)) * (chunk // 251 + 2)
        while note["sent"] < size:
            length = min(chance.randint(0, chunk) if chance else chunk, size - note["sent"])
            start = note["sent"] % 251
            yield pattern[start : start + length]
            note["sent"] += length

    headers = {"content-length": str(size)} if "known" in asked else {}
    if "attachment" in asked:
        headers["content-disposition"] = "attachment; filename=large.bin"
    return Noted(note, chunks(), headers=headers)


async def upload(request: Request) -> Response:
    """Read the body to its end; with `gate`, only the first message before the gate is opened."""
    name = request.path_params["name"]
    note: dict[str, Any] = {"received": 0, "end": None, "asked": asked(request)}
    told[name].append(note)
    digest = hashlib.sha256()
    async for chunk in request.stream():
        note["received"] += len(chunk)
        digest.update(chunk)
        if "gate" in request.query_params:
            await gates[name].wait()
    note["end"] = "whole"
    return JSONResponse([note["received"], digest.hexdigest()])


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


async def ticks(socket: WebSocket) -> None:
    """Send the page a number each so many seconds, and wait for its answer."""
    await socket.accept()
    for number in range(int(socket.query_params["count"])):
        await socket.send_text(str(number))
        assert await socket.receive_text() == str(number)
        await asyncio.sleep(float(socket.query_params["every"]))
    await socket.close()


app = Starlette(
    routes=[
        Route("/", home),
        Route("/away", home, name="away"),
        Route("/told/{name}", tell),
        Route("/open/{name}", open_gate, methods=["GET", "POST"]),
        Route("/play/{name}", Play(), methods=["GET", "HEAD", "POST"]),
        Route("/events/{name}", events),
        Route("/download/{name}", download),
        Route("/upload/{name}", upload, methods=["POST", "PUT"]),
        WebSocketRoute("/echo", echo),
        WebSocketRoute("/ticks", ticks),
    ],
)
