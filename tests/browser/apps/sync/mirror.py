"""Tells what it was asked: an app that is asked on another origin, and in the site itself."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "access-control-allow-methods": "*",
    "access-control-expose-headers": "x-shown",
}


async def home(request: Request) -> Response:
    body = await request.body() or b'{"got": "nothing"}'
    return Response(body, headers={"x-shown": "yes"})


async def echo(request: Request) -> Response:
    body = await request.body()
    told: dict[str, Any] = {
        "method": request.method,
        "query": request.url.query,
        "own": request.headers.get("x-own"),
        "type": request.headers.get("content-type", "").partition("boundary=")[0],
        "length": int(request.headers.get("content-length", 0)),  # browsers tell 0 of some methods
        "credentials": request.headers.get("authorization"),
    }
    if "multipart" in told["type"]:  # a boundary is drawn by lot
        async with request.form() as form:
            told["form"] = {
                name: value if isinstance(value, str) else [value.filename, value.size]
                for name, value in form.items()
            }
    else:
        told["body"] = sha256(body).hexdigest()
    return JSONResponse(told, headers={"x-shown": "yes"})


async def nothing(_: Request) -> Response:
    return Response(status_code=204, headers={"x-shown": "yes"})


async def missing(_: Request) -> Response:
    return PlainTextResponse("no such thing", 404)


async def fails(_: Request) -> Response:
    return PlainTextResponse("out of order", 503, {"retry-after": "7"})


async def redirect(request: Request) -> Response:
    return Response(status_code=int(request.query_params.get("status", 302)), headers=TO_ECHO)


TO_ECHO = {"location": "echo?redirected"}


async def late(_: Request) -> Response:
    await asyncio.sleep(2)
    return PlainTextResponse("late")


async def pieces(request: Request) -> Response:
    size = int(request.query_params.get("size", 10))

    async def some() -> AsyncIterator[bytes]:
        for number in range(5):
            yield bytes([65 + number]) * size
            await asyncio.sleep(0.02)

    return StreamingResponse(some())


async def stuck(_: Request) -> Response:
    async def some() -> AsyncIterator[bytes]:
        yield b"begun"
        await asyncio.sleep(2)

    return StreamingResponse(some())


async def packed(_: Request) -> Response:
    return Response(gzip.compress(b"packed " * 100), headers={"content-encoding": "gzip"})


def allowed_elsewhere(app: ASGIApp) -> ASGIApp:
    """Let every site ask, for everything but /closed."""

    async def allowing(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_allowed(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(k.encode(), v.encode()) for k, v in CORS.items()]
            await send(message)

        closed = scope["type"] != "http" or scope["path"].endswith("/closed")
        if not closed and scope["method"] == "OPTIONS":
            await Response(headers=CORS)(scope, receive, send)
        else:
            await app(scope, receive, send if closed else send_allowed)

    return allowing


ROUTES = [
    Route("/", home, methods=EVERY),
    Route("/closed", home),
    *(
        Route(f"/{answer.__name__}", answer, methods=EVERY)
        for answer in (echo, nothing, missing, fails, redirect, late, pieces, stuck, packed)
    ),
]
app = allowed_elsewhere(Starlette(routes=ROUTES))
