# /// script
# dependencies = []
# ///
"""A bare ASGI app of awkward answers; it logs what it is asked and what becomes of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log: list[str] = []

PAGE = """<!doctype html><title>page</title><h1>{path}</h1>
<a id=a href=/a>a</a> <a id=b href=/b>b</a>
<form method=post action=/posted><input name=a value=b><button id=send>send</button></form>
<p style="height: 3000px">"""
# Leaves a frame as soon as it is in one.
UNFRAMED = "<script>if (top !== self) top.location = self.location</script>"
EMBEDS = """<!doctype html><object id=drawn data=/drawing.svg></object>
<embed id=drawn-too src=/drawing.svg><object id=document data=/a></object>
<input id=field autofocus>"""
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'></svg>"


async def app(scope: Scope, receive: Receive, send: Send) -> object:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return None
    path, status, headers = scope["path"], 200, [(b"content-type", b"text/html")]
    if path == "/value":
        return "a value"
    if path == "/never":
        await disconnected(path, receive)
        return None
    if path.startswith("/to-"):
        status, headers = int(path[-3:]), [(b"location", b"/seen")]
    if path == "/early":
        status = 413
    if path == "/denied":
        headers = [(b"content-type", b"application/json"), (b"x-frame-options", b"DENY")]
    if path == "/drawing.svg":
        headers = [(b"content-type", b"image/svg+xml")]
    if path == "/download":
        await download(send)
        return None
    body = await content(scope, receive)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
    return None


async def content(scope: Scope, receive: Receive) -> str:
    path = scope["path"]
    if path == "/log":
        return json.dumps(log)
    if path == "/seen":
        return json.dumps(await seen(scope, receive))
    if path == "/posted":
        log.append(f"{scope['method']} {(await receive())['body'].decode()}")
    page = PAGE.format(path=path)
    special = {"/unframed": UNFRAMED + page, "/embeds": EMBEDS, "/drawing.svg": DRAWING}
    return special.get(path, page)


async def seen(scope: Scope, receive: Receive) -> dict[str, str | None]:
    """Tell what a server would have been told of where the request came from."""
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    names = ("sec-fetch-site", "origin", "referer")
    message = await receive()
    told = {name: headers.get(name) for name in names}
    return {"method": scope["method"], "body": message["body"].decode(), **told}


async def disconnected(path: str, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    log.append(f"{path} disconnected")


async def download(send: Send) -> None:
    """Take longer than the service worker takes to look who is gone."""
    headers = [(b"content-disposition", b"attachment; filename=slow.txt")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(24):
        await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
        await asyncio.sleep(0.5)
    await send({"type": "http.response.body", "body": b""})
    log.append("/download complete")


async def lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
