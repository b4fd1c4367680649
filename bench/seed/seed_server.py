"""The seed's ASGI server, in Pyodide: a whole request in, a whole response out."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

_app: Any = None
_running: list[asyncio.Task[None]] = []


async def start(target: str) -> None:
    """Import the app (`module:name`) and run its startup."""
    global _app
    os.chdir("/app")
    _run_sync_code_inline()
    module, name = target.split(":")
    _app = getattr(importlib.import_module(module), name)
    await _start_lifespan()


async def call(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request."""
    answer: dict[str, Any] = {"status": 500, "headers": [], "body": b""}
    bodies = [bytes(request["body"])]

    async def receive() -> dict[str, Any]:
        if not bodies:
            await asyncio.Event().wait()  # a page that leaves is not seen
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [
                [name.decode(), value.decode("latin-1")] for name, value in message["headers"]
            ]
            answer.update(status=message["status"], headers=headers)
        else:
            answer["body"] += message.get("body", b"")

    await _app(_scope(request), receive, send)
    return answer


def _scope(request: dict[str, Any]) -> dict[str, Any]:
    url = urlsplit(request["url"])
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request["headers"]]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request["method"],
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": [(b"host", url.netloc.encode()), *headers],
        "client": ("127.0.0.1", 0),
        "server": (url.hostname, url.port),
    }


async def _start_lifespan() -> None:
    """Begin the app's lifespan; an app that has none raises."""
    started = asyncio.Event()
    told = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if told.is_set():
            await asyncio.Event().wait()  # the tab is never shut down in order
        told.set()
        return {"type": "lifespan.startup"}

    async def send(_message: dict[str, Any]) -> None:
        started.set()

    async def live() -> None:
        try:
            await _app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
        finally:
            started.set()

    _running.append(asyncio.create_task(live()))
    await started.wait()


def _run_sync_code_inline() -> None:
    """Pyodide has no threads: `def` endpoints and static files need this to run at all."""
    if importlib.util.find_spec("anyio") is None:
        return
    import anyio.to_thread

    async def run_sync(func: Callable[..., Any], *args: Any, **_options: Any) -> Any:
        return func(*args)

    vars(anyio.to_thread)["run_sync"] = run_sync
