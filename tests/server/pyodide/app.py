"""The app that probe.mjs serves: echoes what it is sent, or does what the path says."""

import asyncio
from typing import Any


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        raise NotImplementedError
    if scope["path"] == "/raise":
        raise ValueError("no")
    if scope["path"] == "/wait":
        message = await receive()
        while message["type"] != "http.disconnect":
            message = await receive()
        print("the page has left")
        return
    body, more_body = b"", True
    while more_body:
        message = await receive()
        body, more_body = body + message["body"], message["more_body"]
    if scope["path"] == "/large":
        body = bytes(range(256)) * 8192
    headers = [(b"X-Path", scope["path"].encode("latin-1"))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": memoryview(body), "more_body": True})
    await asyncio.sleep(0)
    await send({"type": "http.response.body"})
