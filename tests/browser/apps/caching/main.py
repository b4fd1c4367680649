# /// script
# dependencies = ["starlette>=0.46"]
# ///
"""What a cache may answer in the app's place: each answer tells how many came before it."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Of a request, what has to do with caches.
TOLD = ("if-none-match", "if-modified-since", "cache-control", "pragma")
STATIC = {
    "style.css": "@font-face { font-family: f; src: url(font.woff) } body { font-family: f }",
    "script.js": "window.ran = (window.ran ?? 0) + 1;",
    "module.js": "import './imported.js'; window.modules = (window.modules ?? 0) + 1;",
    "imported.js": "export const imported = 1;",
    "picture.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "font.woff": "no font",
    "worker.js": "fetch('data.json').then((r) => r.json()).then((data) => postMessage(data));",
    "data.json": '{"a": 1}',
}
PAGE = """<!doctype html><title>Page</title><link rel=stylesheet href=/static/style.css>
<script src=/static/script.js></script><script type=module src=/static/module.js></script>
<img src=/static/picture.svg><p>words</p>
<script>
const worker = new Worker('/static/worker.js');
const worked = new Promise((done) => worker.onmessage = done);
const fetched = fetch('/static/data.json').then((response) => response.text());
window.all = Promise.all([worked, fetched, document.fonts.load('9px f').catch(() => 0)]);
</script>"""

asked: dict[str, list[list[object]]] = {}


def static_folder() -> Path:
    """Files that were last modified long ago, and so are fresh for a while."""
    folder = Path(tempfile.mkdtemp())
    for name, text in STATIC.items():
        (folder / name).write_text(text)
        os.utime(folder / name, (1_500_000_000, 1_500_000_000))
    return folder


class Noting:
    """Note what is asked for, by the last part of its path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            told = {name: request.headers[name] for name in TOLD if name in request.headers}
            if told.get("if-modified-since", "").startswith(formatdate(usegmt=True)[:16]):
                told["if-modified-since"] = "today"
            name = request.url.path.rsplit("/", 1)[-1]
            asked.setdefault(name, []).append([request.method, told])
        await self.app(scope, receive, send)


async def home(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Home</title><p>home")


async def page(_request: Request) -> Response:
    return HTMLResponse(PAGE)


async def told(request: Request) -> Response:
    """Tell what was asked of an address; of conditions, that they are there."""
    return JSONResponse(
        asked.get(request.query_params["of"], []), headers={"cache-control": "no-store"}
    )


def written(value: str) -> str:
    """Write a header's value; "@60" is the date in a minute."""
    return formatdate(time.time() + int(value[1:]), usegmt=True) if value[:1] == "@" else value


async def kept(request: Request) -> Response:
    """Answer with what the query says: status, headers as pairs, size, and how it is sent."""
    given = request.query_params
    pairs = [(name, written(value)) for name, value in json.loads(given.get("headers", "[]"))]
    count = len(asked[request.path_params["name"]])
    headers = dict(pairs)
    status = int(request.headers.get("x-status") or given.get("status") or 200)
    matches = request.headers.get("if-none-match") or request.headers.get("if-modified-since")
    if "holds" in given and matches:
        status = 304
    body = b"" if status == 304 else f"{count} ".encode().ljust(int(given.get("size", 2)), b"-")
    if "gzip" in given:
        body, headers["content-encoding"] = gzip.compress(body), "gzip"
    response: Response = Response(body, status)
    if "stream" in given:
        response = StreamingResponse(pieces(body), status)
    headers["x-count"] = str(count)
    for name, value in headers.items():
        response.headers.append(name, value)
    return response


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), len(body) // 4 + 1):
        yield body[at : at + len(body) // 4 + 1]
        await asyncio.sleep(0.02)


app = Noting(
    Starlette(
        routes=[
            Route("/", home),
            Route("/page", page),
            Route("/told", told),
            Route("/kept/{name}", kept, methods=METHODS),
            Mount("/static", StaticFiles(directory=static_folder())),
        ]
    )
)
