"""The types that the server's parts share: ASGI's callables and the transport to the page."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[object]]

Header = tuple[bytes, bytes]
Chunk = bytes | bytearray | memoryview


class SocketTransport(Protocol):
    """Where a WebSocket leads to: the page in a browser, a recorder in the tests."""

    def socket_accept(self, id: int, subprotocol: str, headers: str) -> None:
        """Open the socket; no subprotocol is the empty string."""

    def socket_reject(self, id: int, status: int, headers: str) -> None:
        """Refuse to open it, with the status and headers of the answer. No page sees more."""

    def socket_text(self, id: int, text: str) -> None:
        """Send a text message: one without surrogates."""

    def socket_bytes(self, id: int, data: Chunk) -> None:
        """Send a binary message; the transport copies it before it returns."""

    def socket_consumed(self, id: int, size: int) -> None:
        """Tell that the page may send so many bytes more."""

    def socket_close(self, id: int, code: int, reason: str) -> None:
        """Send a close frame; 1005 stands for one without a code."""

    def socket_lost(self, id: int, message: str) -> None:
        """Drop the connection without a close frame: the page sees 1006."""


class HttpTransport(Protocol):
    """Where a response goes: the page in a browser, a recorder in the tests.

    Header lists cross as one string, `name\\nvalue\\nname\\nvalue`; see `headers`.
    """

    def start(self, id: int, status: int, reason: str, headers: str) -> None:
        """Begin the response; the reason phrase is what a script sees as `statusText`."""

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        """Send a piece of the body; the transport copies it before it returns."""

    def consumed(self, id: int, size: int) -> None:
        """Tell that the app has taken so many bytes of the request body."""

    def abort(self, id: int, message: str) -> None:
        """Break the response off, before or after its start: the page sees a network error."""


class Transport(HttpTransport, SocketTransport, Protocol):
    """Where all goes that a server sends."""
