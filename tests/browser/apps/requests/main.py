# /// script
# dependencies = ["starlette>=0.46"]
# ///
"""What a page's script can ask for in all its ways; told are the requests as the app sees them."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "patch", "LINK"]
fates: dict[str, str] = {}


async def home(request: Request) -> Response:
    """A page with the headers and elements that are asked for."""
    headers = json.loads(request.query_params.get("headers", "{}"))
    head = request.query_params.get("head", "")
    return HTMLResponse(f"<!doctype html><title>Home</title>{head}<p>home", headers=headers)


async def echo(request: Request) -> Response:
    """Tell what of a request the app sees."""
    seen = {
        "method": request.method,
        "path": request.scope["raw_path"].decode("latin-1"),
        "query": request.scope["query_string"].decode("latin-1"),
        "port": request.scope["client"][1],
        "headers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in request.headers.raw],
        "body": (await request.body()).decode("latin-1"),
    }
    return JSONResponse(seen)


async def answer(request: Request) -> Response:
    """Answer with what the query says: status, headers as pairs, text, and how it is sent."""
    given = request.query_params
    status, text = int(given.get("status", 200)), given.get("text", "words")
    body = gzip.compress(text.encode()) if "gzip" in given else text.encode()
    pairs = json.loads(given.get("headers", "[]"))
    streams = "stream" in given
    response = StreamingResponse(pieces(body), status) if streams else Response(body, status)
    response.raw_headers += [(n.encode("latin-1"), v.encode("latin-1")) for n, v in pairs]
    return response


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), 4):
        yield body[at : at + 4]
        await asyncio.sleep(0.02)


async def big(request: Request) -> Response:
    """As many bytes as asked for, in a pattern."""
    size = int(request.query_params["size"])
    return Response((bytes(range(251)) * (size // 251 + 1))[:size])


async def broken(request: Request) -> Response:
    """An answer that breaks off: after its start, or before it with a head that HTTP forbids."""
    if "start" in request.query_params:
        return StreamingResponse(half())
    response = Response()
    response.raw_headers.append((b"a b", b"c"))
    return response


async def half() -> AsyncIterator[bytes]:
    yield b"half"
    await asyncio.sleep(0.1)
    raise RuntimeError("it breaks off")


async def slow(request: Request) -> Response:
    """Wait until the page leaves, before the start or while the body is sent."""
    name = request.query_params["name"]
    fates[name] = "waiting"
    if "stream" in request.query_params:
        return StreamingResponse(ticks(name))
    while (await request.receive())["type"] != "http.disconnect":
        pass
    fates[name] = "disconnected"
    return Response()


async def ticks(name: str) -> AsyncIterator[bytes]:
    try:
        while True:
            yield b"tick"
            await asyncio.sleep(0.05)
    finally:
        fates[name] = "disconnected"


async def fate(request: Request) -> Response:
    return JSONResponse(fates.get(request.query_params["name"]))


app = Starlette(
    routes=[
        Route("/", home),
        Route("/echo", echo, methods=METHODS),
        Route("/answer", answer, methods=METHODS),
        Route("/big", big),
        Route("/broken", broken, methods=METHODS),
        Route("/slow", slow),
        Route("/fate", fate),
    ]
)
