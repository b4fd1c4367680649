# /// script
# dependencies = []
# ///
"""An app that answers what it is told: status, headers and chunks are in the query, as JSON.

Any other path shows a page with its name, sets a cookie and is written down; `/log` tells.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log: list[str] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"] == "/answer":
        await answer(send, json.loads(unquote_to_bytes(scope["query_string"])))
    elif scope["path"].startswith("/chain/"):
        await answer(send, {"status": 302, "headers": [["location", chain(scope["path"])]]})
    elif scope["path"] == "/log":
        headers = [["content-type", "application/json"]]
        await answer(send, {"headers": headers, "chunks": [json.dumps(log)]})
    else:
        log.append(f"{scope['method']} {scope['path']}")
        page = f"<!doctype html><meta charset=utf-8><title>page</title><h1>{scope['path']}</h1>"
        headers = [["content-type", "text/html"], ["set-cookie", "seen=first; Path=/"]]
        await answer(send, {"headers": headers, "chunks": [page]})


def chain(path: str) -> str:
    """Lead round and round, or to the end after so many redirects."""
    rest = path.rpartition("/")[2]
    if rest == "round":
        return path
    return f"/chain/{int(rest) - 1}" if int(rest) > 1 else "/end"


async def answer(send: Send, told: dict[str, Any]) -> None:
    """Each character of a chunk is a byte; a list repeats one, a number is a pause in seconds."""
    head = [(name.encode(), value.encode("latin-1")) for name, value in told.get("headers", [])]
    await send({"type": "http.response.start", "status": told.get("status", 200), "headers": head})
    for chunk in told.get("chunks", []):
        if isinstance(chunk, int | float):
            await asyncio.sleep(chunk)
        else:
            text = chunk if isinstance(chunk, str) else chunk[0] * chunk[1]
            await send(body(text.encode("latin-1"), more=True))
    await send(body(b"", more=False))


def body(chunk: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": more}


async def lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
