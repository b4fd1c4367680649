"""The boundary to JavaScript: the only module that imports `pyodide`.

Runs in Pyodide alone. Every message is one call with flat arguments, in both directions; bytes
are copied once. `null` arrives as jsnull, `undefined` as None and a Uint8Array as a proxy: of
these, only a Uint8Array that holds something is true.
"""

import json
from typing import Any

from pyodide.ffi import to_js  # type: ignore[import-not-found]

from tabcorn.server import adaptations, logs
from tabcorn.server.config import Config
from tabcorn.server.errors import StartError
from tabcorn.server.server import Server
from tabcorn.server.types import Chunk

_server: Server


class SinkTransport:
    """Hands the server's messages to the sink, a JavaScript object with a method for each."""

    def __init__(self, sink: Any) -> None:
        self.start = sink.start  # looked up once: an attribute of a proxy costs a crossing
        self.consumed = sink.consumed
        self.abort = sink.abort
        self._body = sink.body

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        """Send a copy, as a Uint8Array that fills its own buffer, so that it can be transferred."""
        self._body(id, to_js(chunk), more_body)


async def start(config_json: str, sink: Any) -> str:
    """Start the server; returns JSON, `{"ok": true}` or what failed at which stage."""
    global _server
    config = Config.from_json(config_json)
    logs.configure(config.log_level, config.access_log)
    adaptations.install()
    config.enter()
    _server = Server(config, SinkTransport(sink))
    try:
        await _server.start()
    except StartError as exc:
        failure = {"stage": exc.stage, "message": exc.message, "traceback": exc.traceback}
        return json.dumps({"ok": False, **failure})
    return json.dumps({"ok": True})


def open(
    id: int,
    method: str,
    path: str,
    query: str,
    headers: str,
    client_port: int,
    body: Any,
    more_body: bool,
) -> None:
    """Begin a request; `body` is a Uint8Array or nothing."""
    _server.open(id, method, path, query, headers, client_port, _bytes(body), more_body)


def feed(id: int, body: Any, more_body: bool) -> None:
    """Add a piece of a request's body; `body` is a Uint8Array or nothing."""
    _server.feed(id, _bytes(body), more_body)


def grant(id: int, size: int) -> None:
    """Note that the page has read so many bytes of a response."""
    _server.grant(id, size)


def disconnect(id: int) -> None:
    """Note that the page no longer waits for a response."""
    _server.disconnect(id)


async def stop() -> None:
    """Shut the app down."""
    await _server.stop()


def _bytes(body: Any) -> bytes:
    return body.to_bytes() if body else b""
