"""The boundary to JavaScript: the only module that imports `pyodide`.

Runs in Pyodide alone. Every message is one call with flat arguments, in both directions; bytes
are copied once. `null` arrives as jsnull, `undefined` as None and a Uint8Array as a proxy: of
these, only a Uint8Array that holds something is true.
"""

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyodide.ffi  # type: ignore[import-not-found]
import pyodide.webloop  # type: ignore[import-not-found]
import pyodide_js  # type: ignore[import-not-found]
from pyodide.ffi import to_js

from tabcorn.server import adaptations, logs, outside, standins
from tabcorn.server.config import Config
from tabcorn.server.errors import StartError
from tabcorn.server.itself import OwnSite
from tabcorn.server.server import Server
from tabcorn.server.snapshots.preload import preload
from tabcorn.server.snapshots.renewal import renew
from tabcorn.server.sync import interpreter, waiting
from tabcorn.server.sync.gate import Gate
from tabcorn.server.types import Chunk

_server: Server


_OF_SOCKETS = (
    "socket_accept",
    "socket_reject",
    "socket_text",
    "socket_bytes",
    "socket_consumed",
    "socket_close",
    "socket_lost",
)


class SinkTransport:
    """Hands the server's messages to the sink, a JavaScript object with a method for each."""

    def __init__(self, sink: Any) -> None:
        self.start = sink.start  # looked up once: an attribute of a proxy costs a crossing
        self.consumed = sink.consumed
        self.abort = sink.abort
        self._body = sink.body
        # A rehearsal opens no sockets, and its sink has no methods for them.
        sockets: dict[str, Any] = {name: getattr(sink, name, None) for name in _OF_SOCKETS}
        self.socket_accept = sockets["socket_accept"]
        self.socket_reject = sockets["socket_reject"]
        self.socket_text = sockets["socket_text"]
        self.socket_consumed = sockets["socket_consumed"]
        self.socket_close = sockets["socket_close"]
        self.socket_lost = sockets["socket_lost"]
        self._socket_bytes = sockets["socket_bytes"]

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        """Send a copy, as a Uint8Array that fills its own buffer, so that it can be transferred."""
        self._body(id, to_js(chunk), more_body)

    def socket_bytes(self, id: int, data: Chunk) -> None:
        """Send a copy, as above."""
        self._socket_bytes(id, to_js(data))


class JsBrowser:
    """Makes the app's requests to the outside by runtime/host/outside.js."""

    def __init__(self, functions: Any) -> None:
        self._functions = functions

    def send(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> outside.Answer:
        """Make a synchronous request."""
        seen = self._functions.send(method, url, headers, _or_nothing(body), _ms(timeout))
        _raise_failure(method, url, seen)
        return outside.Answer(seen.status, seen.reason, seen.headers, _bytes(seen.body))

    async def fetch(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> outside.Answer:
        """Make a request whose body can be read piece by piece."""
        seen = await self._functions.open(method, url, headers, _or_nothing(body), _ms(timeout))
        _raise_failure(method, url, seen)

        async def read() -> bytes:
            piece = await seen.next()
            _raise_failure(method, url, piece)
            return _bytes(piece)

        return outside.Answer(seen.status, seen.reason, seen.headers, b"", read, seen.cancel)


def _ms(seconds: float | None) -> int:
    return max(1, round(seconds * 1000)) if seconds else 0


def _or_nothing(body: bytes) -> Any:
    return to_js(body) if body else None


def _raise_failure(method: str, url: str, seen: Any) -> None:
    message = getattr(seen, "error", None)
    if message is not None:
        raise outside.failed(method, url, message, seen.late)


class JsPasswords:
    """Hashes passwords by runtime/host/passwords.js."""

    def __init__(self, functions: Any) -> None:
        self._functions = functions

    def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """Compute PBKDF2-HMAC-SHA-256."""
        given = to_js(password), to_js(salt), iterations, length
        if password and waiting.can_wait():  # not all engines take an empty one
            return _bytes(waiting.suspend(self._functions.pbkdf2Beside(*given)))
        return _bytes(self._functions.pbkdf2(*given))

    def scrypt(self, password: bytes, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
        """Compute scrypt."""
        return _bytes(self._functions.scrypt(to_js(password), to_js(salt), n, r, p, length))


_prepared = False
"""Whether this interpreter is ready for an app; in one that was restored it is."""


async def prepare(config_json: str, modules: str) -> str:
    """Get ready for the app and import packages ahead of it, for a snapshot.

    `modules` is a JSON list of names in their order; returns JSON, `imported` and `failed`.
    """
    _prepare(Config.from_json(config_json))
    imported, failed = preload(json.loads(modules))
    return json.dumps({"imported": imported, "failed": failed})


def _prepare(config: Config) -> None:
    global _prepared
    if _prepared:
        renew()
    else:
        interpreter.enable(pyodide.ffi, pyodide.webloop)
        adaptations.install()
        standins.install()
        _prepared = True
    config.enter()  # the working directory is not in Python's memory


async def start(config_json: str, sink: Any) -> str:
    """Start the server; returns JSON, `{"ok": true}` or what failed at which stage."""
    global _server
    config = Config.from_json(config_json)
    _prepare(config)
    logs.configure(config.log_level, config.access_log)
    if schedule := getattr(sink, "schedule", None):
        pyodide.webloop.scheduleCallback = schedule
    if enter := getattr(sink, "enter", None):
        pyodide_js._api.scheduleCallback = enter
    interpreter.soon = getattr(sink, "soon", None)
    if functions := getattr(sink, "outside", None):
        outside.browser = JsBrowser(functions)
    if functions := getattr(sink, "passwords", None):
        adaptations.hashlib.fast = JsPasswords(functions)
    if flush := getattr(sink, "flush", None):
        Gate.before = flush
    _server = Server(config, SinkTransport(sink))
    outside.itself = OwnSite(_server)
    if changed := getattr(sink, "cookies", None):
        _server.cookies.listen(changed)
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
    credentials: bool = True,
) -> None:
    """Begin a request; `body` is a Uint8Array or nothing."""
    content = _bytes(body)
    _server.open(id, method, path, query, headers, client_port, content, more_body, credentials)


def load_cookies(rows: str) -> str:
    """Take back cookies that the store kept, as JSON; returns what scripts may see, as JSON."""
    _server.cookies.load(rows)
    return _server.cookies.sight()


def write_cookies(writes: str) -> None:
    """Set cookies as scripts do: a JSON list of the document's path and the line, in order."""
    for path, group in groupby(json.loads(writes), itemgetter("path")):
        _server.cookies.write(path, [write["line"] for write in group])


def feed(id: int, body: Any, more_body: bool) -> None:
    """Add a piece of a request's body; `body` is a Uint8Array or nothing."""
    _server.feed(id, _bytes(body), more_body)


def grant(id: int, size: int) -> None:
    """Note that the page has read so many bytes of a response."""
    _server.grant(id, size)


def disconnect(id: int) -> None:
    """Note that the page no longer waits for a response."""
    _server.disconnect(id)


def open_socket(
    id: int, path: str, query: str, headers: str, client_port: int, subprotocols: str
) -> None:
    """Begin a WebSocket; the subprotocols cross as one string with a line break between them."""
    offered = subprotocols.split("\n") if subprotocols else []
    _server.open_socket(id, path, query, headers, client_port, offered)


def socket_text(id: int, text: str) -> None:
    """Add a text message."""
    if socket := _server.socket(id):
        socket.text(text)


def socket_bytes(id: int, data: Any) -> None:
    """Add a binary message; `data` is a Uint8Array, perhaps an empty one."""
    if socket := _server.socket(id):
        socket.binary(_bytes(data))


def socket_grant(id: int, size: int) -> None:
    """Note that the page has read so many bytes of messages."""
    if socket := _server.socket(id):
        socket.grant(size)


def socket_close(id: int, code: int, reason: str) -> None:
    """Note that the page closed its socket, or has left; 1005 is a closing without a code."""
    if socket := _server.socket(id):
        socket.close(code, reason)


async def stop() -> None:
    """Shut the app down."""
    await _server.stop()


def _bytes(body: Any) -> bytes:
    return body.to_bytes() if body else b""
