"""WSGI apps (PEP 3333) as ASGI apps, without a thread.

Runs in Pyodide and under pytest. The app runs where it stands, in its turn (see `sync.gate`); each
piece of its response is sent before the next is asked for. The request's body is read by pieces
where sync code can wait, and otherwise received whole before the app is called.
"""

import asyncio
import io
import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Any

from tabcorn.server.sync.gate import gate
from tabcorn.server.sync.waiting import Engine, can_wait, wait
from tabcorn.server.sync.workers import worker_for
from tabcorn.server.types import App, Message, Receive, Scope, Send

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_END: Any = object()


def as_asgi(app: WsgiApp) -> App:
    """Wrap a WSGI app."""

    async def wsgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"WSGI apps know no {scope['type']!r} connections.")
        await Call(app, scope, receive, send).run()

    return wsgi


class Call:
    """One call of the app."""

    def __init__(self, app: WsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._app = app
        self._send = send
        self._input = Input(receive)
        self._head = Head()
        self._environ = environ_of(scope, self._input)
        self._written: deque[bytes] = deque()  # by write(), and not sent yet
        self._context = copy_context()

    async def run(self) -> None:
        """Call the app, send what it returns, and close that whatever happens."""
        if not Engine.can_run_sync():
            await self._input.receive_all()
        if self._input.cut_short:
            return  # the page has left: there is nobody to answer
        with worker_for(self._context):
            await self._respond()

    async def _respond(self) -> None:
        result = await self._turn(lambda: self._app(self._environ, self.start_response))
        try:
            chunks = iter(result)
            while (chunk := await self._turn(lambda: next(chunks, _END))) is not _END:
                await self._pass_on(chunk)
                await asyncio.sleep(0)  # others have their turn between two pieces
        finally:
            await self._turn(getattr(result, "close", lambda: None))
        await self._send_written()
        await self._send_head()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _turn(self, call: Callable[[], Any]) -> Any:
        """Run a part of the app when it is its turn, always in the same context."""
        return await gate.submit(lambda: self._context.run(call))

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """Take the head of the response: PEP 3333, 'The start_response() Callable'."""
        self._head.set(status, headers, exc_info)
        return self._write

    def _write(self, data: bytes) -> None:
        """Send at once where this can wait for the page; elsewhere after this part of the app."""
        self._written.append(_checked(data))
        if can_wait():
            wait(self._send_written())

    async def _pass_on(self, chunk: bytes) -> None:
        if not isinstance(chunk, bytes):
            raise TypeError(f"The WSGI app returned {type(chunk).__name__!r}, not bytes.")
        self._written.append(chunk)
        await self._send_written()

    async def _send_written(self) -> None:
        """The head goes out with the first bytes: until then the app may change its mind."""
        while self._written:
            chunk = self._written.popleft()
            if chunk:
                await self._send_head()
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _send_head(self) -> None:
        if message := self._head.message():
            await self._send(message)


class Head:
    """Status and headers, from start_response to the wire."""

    def __init__(self) -> None:
        self._message: Message | None = None
        self._sent = False

    def set(self, status: str, headers: list[tuple[str, str]], exc_info: Any) -> None:
        """Set them; a second time only with exc_info, and not after the first bytes."""
        try:
            if exc_info and self._sent:
                raise exc_info[1].with_traceback(exc_info[2])
        finally:
            exc_info, again = None, self._message is not None and not exc_info
        if again:
            raise AssertionError("start_response() was called a second time without exc_info.")
        self._message = {
            "type": "http.response.start",
            "status": _code(status),
            "headers": [(_bytes(name.strip()), _bytes(value.strip())) for name, value in headers],
        }

    def message(self) -> Message | None:
        """Return the message once, when it is to be sent."""
        if self._message is None:
            raise RuntimeError("The WSGI app returned without calling start_response().")
        if self._sent:
            return None
        self._sent = True
        return self._message


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _code(status: str) -> int:
    code, _, _ = status.partition(" ")
    if not (len(code) == 3 and code.isascii() and code.isdecimal()):
        raise ValueError(f"The status must be like '200 OK', not {status!r}.")
    return int(code)


def _checked(data: bytes) -> bytes:
    if not isinstance(data, bytes):
        raise TypeError(f"write() takes bytes, not {type(data).__name__!r}.")
    return data


class Input(io.RawIOBase):
    """The request's body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._chunks: deque[bytes] = deque()
        self._more = True
        self.cut_short = False

    async def receive_all(self) -> None:
        """Take the body in whole."""
        while self._more:
            await self._receive_next()

    async def _receive_next(self) -> None:
        message = await self._receive()
        self._more = message.get("more_body", False)
        self.cut_short = message["type"] == "http.disconnect"
        if chunk := message.get("body", b""):
            self._chunks.append(chunk)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come, or wait for some."""
        while not self._chunks and self._more:
            wait(self._receive_next())
        if not self._chunks:
            return 0
        chunk = self._chunks[0]
        size = min(len(buffer), len(chunk))
        buffer[:size] = chunk[:size]
        if size == len(chunk):
            self._chunks.popleft()
        else:
            self._chunks[0] = chunk[size:]
        return size


def environ_of(scope: Scope, body: Input) -> dict[str, Any]:
    """Return the environ of a request: what uvicorn's has, text as bytes-in-Latin-1."""
    host, port = scope.get("server") or ("localhost", 80)
    client, client_port = scope.get("client") or ("", 0)
    root_path = scope.get("root_path", "")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _latin_1(root_path),
        "PATH_INFO": _latin_1(scope["path"].removeprefix(root_path)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BufferedReader(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _latin_1(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
        key = f"HTTP_{key}"
    separator = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
