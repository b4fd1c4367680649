"""One WebSocket: the `receive` and `send` that the app is called with.

Runs in Pyodide and under pytest; knows the page only as a `SocketTransport`. What may be sent when
is decided by a table in `states`. What else is said and refused, and in which words, is what
uvicorn does with the package websockets (ASGI, "WebSocket"; RFC 6455, 5.5.1 and 7.4).
"""

import asyncio
from collections.abc import Callable, Iterable
from operator import index
from typing import Any

from tabcorn.server import logs
from tabcorn.server.cookies.exchange import take_nothing
from tabcorn.server.disconnect import ClientDisconnected, caused_by_disconnect
from tabcorn.server.errors import without_our_frame
from tabcorn.server.flow import MessageQueue, MessageWindow, as_chunk
from tabcorn.server.headers import flatten
from tabcorn.server.states import Page, Socket, next_socket
from tabcorn.server.types import App, Header, Message, Scope, SocketTransport

MAX_SIZE = 16 * 1024 * 1024  # bytes of a message from the page: uvicorn's --ws-max-size
OVERHEAD = 64  # what a message costs besides its bytes, so that empty ones cannot flood a page

_SUBPROTOCOL = b"sec-websocket-protocol"
_NO_CODE = 1005  # RFC 6455, 7.4.1: stands for a close frame without a code
_ABNORMAL = 1006  # stands for a connection that broke
_MAX_REASON = 123  # bytes: 125 for a control frame, less two for the code
_ENDED = (Socket.CLOSED, Socket.DENIED)
_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})


class CloseError(Exception):
    """The app closed with a code or a reason that no close frame can carry."""


class WebSocketCycle:
    """Carries the messages of one socket between the page and the app."""

    def __init__(
        self,
        id: int,
        scope: Scope,
        transport: SocketTransport,
        take_cookies: Callable[[str], str] = take_nothing,
    ) -> None:
        self.id = id
        self._take_cookies = take_cookies
        self.scope = scope
        self._transport = transport
        self._page = Page.PRESENT
        self._socket = Socket.CONNECTING
        self._accepted = False
        self._queue = MessageQueue()
        self._queue.put({"type": "websocket.connect"})
        self._window = MessageWindow()
        self._wake = asyncio.Event()
        self._perform = {
            "websocket.accept": self._accept,
            "websocket.send": self._send,
            "websocket.close": self._close,
            "websocket.http.response.start": self._start_denial,
            "websocket.http.response.body": self._end_denial,
        }

    # What the page does

    def text(self, text: str) -> None:
        """Add a text message."""
        size = len(text) if text.isascii() else len(text.encode())
        self._put({"type": "websocket.receive", "text": text}, size)

    def binary(self, data: bytes) -> None:
        """Add a binary message."""
        self._put({"type": "websocket.receive", "bytes": data}, len(data))

    def grant(self, size: int) -> None:
        """Note that the page has read so many bytes of messages."""
        self._window.grant(size)

    def close(self, code: int, reason: str) -> None:
        """Note that the page closed the socket, answered our closing, or has left.

        The code 1005 is a close frame without one, 1006 no close frame at all.
        """
        if self._page is not Page.PRESENT:
            return
        if self._socket is Socket.OPEN and code != _ABNORMAL:
            self._disconnect(code, reason)
            self._transport.socket_close(self.id, code, reason)
        self._lose()

    def shut_down(self) -> None:
        """End the socket, since the server stops."""
        if self._page is not Page.PRESENT or self._socket in _ENDED:
            return
        if self._socket is Socket.OPEN:
            self._disconnect(1012, "")
            self._transport.socket_close(self.id, 1012, "")
        else:
            self._reject(500, "")
        self._lose()

    def _put(self, message: Message, size: int) -> None:
        if self._page is not Page.PRESENT or self._socket is not Socket.OPEN:
            return
        if size > MAX_SIZE:
            self._refuse(size)
            return
        if taken := self._queue.put(message, size):
            self._transport.socket_consumed(self.id, taken)
        self._wake.set()

    def _refuse(self, size: int) -> None:
        reason = f"frame with {size} bytes exceeds limit of {MAX_SIZE} bytes"
        self._disconnect(1009, reason)
        self._transport.socket_close(self.id, 1009, reason)
        self._lose()

    def _disconnect(self, code: int, reason: str | None = None) -> None:
        message: Message = {"type": "websocket.disconnect", "code": code}
        self._queue.put(message if reason is None else {**message, "reason": reason})
        self._wake.set()

    def _lose(self) -> None:
        """Let the connection end: at once for messages, and for the app with the next turn.

        An app that has just been told may still say `websocket.close` without an error.
        """
        self._page = Page.LEAVING
        self._window.close()
        asyncio.get_running_loop().call_soon(self._lost)

    def _lost(self) -> None:
        self._page = Page.GONE
        self._wake.set()

    # What the app does

    async def run(self, app: App) -> None:
        """Call the app, and make a proper end of whatever it leaves behind. Never raises."""
        try:
            result = await app(self.scope, self.receive, self.send)
        except BaseException as exc:
            self._end_failed(exc)
        else:
            self._end_returned(result)

    async def receive(self) -> Message:
        """Return the next event, or wait for it; after the last, that the socket is gone."""
        while not self._queue:
            if self._page is Page.GONE:
                code = _NO_CODE if self._accepted else _ABNORMAL
                return {"type": "websocket.disconnect", "code": code}
            self._wake.clear()
            await self._wake.wait()
        message, taken = self._queue.take()
        if taken and self._page is Page.PRESENT:
            self._transport.socket_consumed(self.id, taken)
        return message

    async def send(self, message: Message) -> None:
        """Send one message; waits for a page that does not read.

        Raises OSError when the page has left, RuntimeError when the message is out of order.
        """
        await self._window.room()
        if self._page is Page.GONE:
            raise ClientDisconnected("The page has left and no longer reads this socket.")
        kind = message["type"]
        more_body = kind == "websocket.http.response.body" and bool(message.get("more_body"))
        following = next_socket(self._socket, kind, more_body)
        if self._page is Page.LEAVING:
            if kind == "websocket.close":
                return
            raise ClientDisconnected("The page has closed this socket.")
        self._perform[kind](message)
        self._socket = following
        if following in _ENDED and not self._accepted:
            self._lose()

    def _accept(self, message: Message) -> None:
        self._log("[accepted]")
        headers = _decoded(message.get("headers", ()))
        if subprotocol := message.get("subprotocol"):
            headers.append((_SUBPROTOCOL, str(subprotocol).encode()))
        flat, _ = flatten(headers)
        self._accepted = True
        # Two are one that no page has asked for: browsers fail the connection.
        chosen = b", ".join(value for name, value in headers if name == _SUBPROTOCOL)
        self._transport.socket_accept(
            self.id, chosen.decode("utf-8", "replace"), self._take_cookies(flat)
        )

    def _send(self, message: Message) -> None:
        data, text = message.get("bytes"), message.get("text")
        if data is not None:
            chunk = as_chunk(data if isinstance(data, bytes) else memoryview(data))
            self._window.take(len(chunk) + OVERHEAD)
            self._transport.socket_bytes(self.id, chunk)
        elif text is not None:
            self._window.take(len(text.encode()) + OVERHEAD)
            self._transport.socket_text(self.id, text)

    def _close(self, message: Message) -> None:
        if not self._accepted:
            self._disconnect(_ABNORMAL)
            self._log("403")
            self._reject(403, "")
            return
        code, reason = message.get("code", 1000), message.get("reason") or ""
        self._disconnect(code, reason)  # before it is known whether the page can be told
        self._transport.socket_close(self.id, *_checked(code, reason))

    def _start_denial(self, message: Message) -> None:
        status = message["status"]
        if not 100 <= status < 600:
            raise RuntimeError(f"Invalid HTTP status code '{status:d}' in response.")
        self._log(str(int(status)))
        flat, _ = flatten(_decoded(message.get("headers", ())))
        self._denial = status, self._take_cookies(flat)

    def _end_denial(self, message: Message) -> None:
        """Drop the body: no page can see it. With its end, the page learns of the denial."""
        if not message.get("more_body"):
            self._disconnect(_ABNORMAL)
            self._reject(*self._denial)

    def _reject(self, status: int, headers: str) -> None:
        self._transport.socket_reject(self.id, status, headers)

    def _log(self, outcome: str) -> None:
        logs.logger.info(
            '%s - "WebSocket %s" %s', logs.client(self.scope), logs.target(self.scope), outcome
        )

    # How it ends

    def _end_failed(self, exc: BaseException) -> None:
        if self._page is not Page.PRESENT and caused_by_disconnect(exc):
            logs.logger.debug("The app stopped, since the page has left.")
        else:
            error = without_our_frame(exc)
            logs.logger.error("Exception in ASGI application\n", exc_info=error)
        self._end("The ASGI app raised an exception.")

    def _end_returned(self, result: Any) -> None:
        if self._socket in (Socket.CONNECTING, Socket.DENYING):
            logs.logger.error("ASGI callable returned without completing handshake.")
        elif result is not None:
            logs.logger.error("ASGI callable should return None, but returned '%s'.", result)
        self._end("The ASGI app returned without closing the WebSocket.")

    def _end(self, reason: str) -> None:
        """Drop the connection, unless it was closed by either side."""
        unfinished, self._socket = self._socket, Socket.CLOSED
        if self._page is not Page.PRESENT or unfinished in _ENDED:
            return
        self._lose()
        if unfinished is Socket.CONNECTING:
            self._reject(500, "")
        else:
            self._transport.socket_lost(self.id, reason)


def _decoded(headers: Iterable[Header]) -> list[Header]:
    """Return the headers as the package websockets reads them.

    Text is an error; white space around a value is none, since it is no part of the value.
    """
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [
        (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in pairs
    ]


def _checked(code: int | None, reason: str) -> tuple[int, str]:
    """Return what a close frame carries; the words are those of the package websockets."""
    if code is None:
        if reason:
            raise CloseError("cannot send a reason without a code")
        return _NO_CODE, ""
    if not (code in _CODES or 3000 <= code < 5000):
        raise CloseError("invalid status code")
    code = index(code)
    if len(reason.encode()) > _MAX_REASON:
        raise CloseError("control frame too long")
    return code, reason
