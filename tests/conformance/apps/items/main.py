# /// script
# dependencies = ["starlette>=0.46", "python-multipart"]
# ///
"""The app of the conformance suite: one route for each thing that two servers must do alike."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

MEGABYTE = 2**20
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]

# The keys of the specification but two: headers have a route of their own, and `server` names
# the address that a socket was bound to, where a tab knows only the name it was reached by.
SPECIFIED = [
    *("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string"),
    *("root_path", "client"),
]

# Headers of the transport between two machines: a tab has none.
TRANSPORT = {b"accept-encoding", b"connection", b"priority", b"te"}


async def home(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Items</title><h1>Items</h1>")


async def scope(request: Request) -> Response:
    """Tell the request's scope, bytes written as Latin-1."""
    return JSONResponse({key: plain(request.scope.get(key)) for key in SPECIFIED})


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, tuple) and isinstance(value[1], int):
        return [value[0], "port"]
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


async def headers(request: Request) -> Response:
    """Tell the request's headers in the order of their names."""
    told = [pair for pair in request.headers.raw if pair[0] not in TRANSPORT]
    return JSONResponse([plain(pair) for pair in sorted(told)])


async def echo(request: Request) -> Response:
    """Give the body back as it came."""
    kind = request.headers.get("content-type", "application/octet-stream")
    return Response(await request.body(), headers={"content-type": kind})


async def measure(request: Request) -> Response:
    body = await request.body()
    return JSONResponse([len(body), hashlib.sha256(body).hexdigest()])


async def status(request: Request) -> Response:
    code = request.path_params["code"]
    return Response(None if code in (204, 304) else f"status {code}", status_code=code)


async def redirect(request: Request) -> Response:
    code = request.path_params["code"]
    return RedirectResponse(request.query_params["to"], status_code=code)


async def duplicates(_request: Request) -> Response:
    response = PlainTextResponse("twice")
    for value in ("one", "two", "three"):
        response.headers.append("x-item", value)
    response.headers.append("vary", "accept")
    response.headers.append("vary", "origin")
    return response


async def odd_headers(_request: Request) -> Response:
    return PlainTextResponse("odd", headers={"X-Empty": "", "X-UPPER": "A", "ETag": '"v1"'})


async def latin_header(_request: Request) -> Response:
    return PlainTextResponse("latin", headers={"X-Latin": "caf\xe9"})


async def binary(_request: Request) -> Response:
    return Response(bytes(range(256)) * 4, media_type="application/octet-stream")


async def megabyte(_request: Request) -> Response:
    return Response(bytes(index % 251 for index in range(MEGABYTE)))


async def unicode(_request: Request) -> Response:
    return PlainTextResponse("grün 水 🐚 \N{COMBINING ACUTE ACCENT}")


async def latin(_request: Request) -> Response:
    return Response("d\xe9j\xe0 vu", headers={"content-type": "text/plain; charset=iso-8859-1"})


async def compressed(_request: Request) -> Response:
    """A body that the app compressed itself; the page reads it as it was before."""
    body = gzip.compress(b"pressed " * 100, mtime=0)
    return Response(body, headers={"content-encoding": "gzip", "content-type": "text/plain"})


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "raw": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),
    "identity": lambda body: body,
}


async def coded(request: Request) -> Response:
    """A body in content codings, one after the other; `as` says what is declared instead."""
    body, codings = b"coded " * 100, request.path_params["codings"].split("+")
    for coding in codings:
        body = CODINGS[coding](body)
    declared = request.query_params.get("as", ", ".join(codings))
    status = int(request.query_params.get("status", "200"))
    headers = {"content-encoding": declared, "content-type": "text/plain"}
    return Response(body, status_code=status, headers=headers)


async def tagged(request: Request) -> Response:
    """An answer with validators, which says so when the page has it already."""
    headers = {"etag": '"v1"', "last-modified": "Sun, 06 Nov 1994 08:49:37 GMT", "vary": "accept"}
    if request.headers.get("if-none-match") in ('"v1"', "*"):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse("tagged", headers={**headers, "cache-control": "no-cache"})


async def located(request: Request) -> Response:
    """Any status with any Location, or none."""
    to = request.query_params.get("to")
    headers = {} if to is None else {"location": to}
    response = Response("elsewhere", int(request.path_params["code"]), headers)
    if "and" in request.query_params:
        response.headers.append("location", request.query_params["and"])
    return response


async def round_and_round(request: Request) -> Response:
    left = int(request.query_params["left"])
    return RedirectResponse(f"/round?left={left - 1}" if left else "/scope", 302)


async def stream(request: Request) -> Response:
    async def numbers() -> AsyncIterator[str]:
        for number in range(int(request.query_params.get("count", "5"))):
            yield f"{number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(numbers(), media_type="text/plain")


async def empty_stream(_request: Request) -> Response:
    async def nothing() -> AsyncIterator[str]:
        for each in ("", "a", "", "b", ""):
            yield each

    return StreamingResponse(nothing())


async def form(request: Request) -> Response:
    """Tell a form's fields, and of its files the name, type, size and hash."""
    async with request.form() as data:
        return JSONResponse([[name, await told(value)] for name, value in data.multi_items()])


async def told(value: UploadFile | str) -> object:
    if isinstance(value, str):
        return value
    content = await value.read()
    return [value.filename, value.content_type, len(content), hashlib.sha256(content).hexdigest()]


async def file(_request: Request) -> Response:
    """A file of 1,000 bytes that answers ranges and conditions."""
    path = Path(tempfile.gettempdir()) / f"tabcorn-conformance-{os.getpid()}.txt"
    path.write_bytes(b"0123456789" * 100)
    # The validators come from the file's date; a fixed one makes two machines agree.
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return FileResponse(path, filename="numbers.txt")


async def error(_request: Request) -> Response:
    raise RuntimeError("before the start")


async def raw_early(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("an app that is no framework fails before the start")


async def raw_late(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise RuntimeError("after the start")


async def raw_silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Return without an answer."""


async def raw_short(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"too short"})


async def raw_long(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"3")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"too long"})


async def raw_disorder(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.body", "body": b"no start"})


async def raw_plain(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An answer with no headers at all, in three messages."""
    await send({"type": "http.response.start", "status": 200})
    for body in (b"one ", b"", b"two"):
        await send({"type": "http.response.body", "body": body, "more_body": body != b"two"})


RAW: dict[str, ASGIApp] = {
    "early": raw_early,
    "late": raw_late,
    "silent": raw_silent,
    "short": raw_short,
    "long": raw_long,
    "disorder": raw_disorder,
    "plain": raw_plain,
}

items = Starlette(
    routes=[
        Route("/", home),
        Route("/scope", scope, methods=EVERY_METHOD),
        Route("/scope/{rest:path}", scope, methods=EVERY_METHOD),
        Route("/headers", headers, methods=EVERY_METHOD),
        Route("/echo", echo, methods=EVERY_METHOD),
        Route("/measure", measure, methods=["POST"]),
        Route("/status/{code:int}", status, methods=EVERY_METHOD),
        Route("/redirect/{code:int}", redirect, methods=EVERY_METHOD),
        Route("/duplicates", duplicates),
        Route("/odd-headers", odd_headers),
        Route("/latin-header", latin_header),
        Route("/binary", binary),
        Route("/megabyte", megabyte),
        Route("/unicode", unicode),
        Route("/latin", latin),
        Route("/compressed", compressed),
        Route("/coded/{codings}", coded),
        Route("/tagged", tagged),
        Route("/located/{code:int}", located, methods=EVERY_METHOD),
        Route("/round", round_and_round),
        Route("/stream", stream),
        Route("/empty-stream", empty_stream),
        Route("/form", form, methods=["POST"]),
        Route("/file", file),
        Route("/error", error),
    ]
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Send /raw/... past the framework, which would mend what these apps do wrong."""
    raw = RAW.get(scope.get("path", "").removeprefix("/raw/"), items)
    await raw(scope, receive, send)
