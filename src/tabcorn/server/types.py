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


class Transport(Protocol):
    """Where a response goes: the page in a browser, a recorder in the tests.

    Header lists cross as one string, `name\\nvalue\\nname\\nvalue`; see `headers`.
    """

    def start(self, id: int, status: int, headers: str) -> None:
        """Begin the response."""

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        """Send a piece of the body; the transport copies it before it returns."""

    def consumed(self, id: int, size: int) -> None:
        """Tell that the app has taken so many bytes of the request body."""

    def abort(self, id: int, message: str) -> None:
        """Break the response off, before or after its start: the page sees a network error."""
