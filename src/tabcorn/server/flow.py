"""Flow control in both directions, counted in bytes: what stands between the app and the page.

Credits are explicit: the page grants what it has read of a response, the app's `receive` frees
what it has taken of a request. Neither side ever holds more than one window.
"""

import asyncio
import sys
from collections import deque

from tabcorn.server.types import Chunk, Message

WINDOW = 1024 * 1024
CHUNK = 256 * 1024  # no single message to the page is longer


class ResponseWindow:
    """The bytes that may be on their way to the page; senders wait in order for room."""

    def __init__(self, size: int = WINDOW) -> None:
        self.free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._open = True

    async def take(self, size: int) -> None:
        """Wait until `size` more bytes fit (at most a chunk), or until the window is closed."""
        if not self._open or (size <= self.free and not self._waiting):
            self.free -= size
            return
        room = asyncio.get_running_loop().create_future()
        self._waiting.append((size, room))
        try:
            await room
        except asyncio.CancelledError:
            if not room.cancelled():  # the room was given in the very moment of the cancellation
                self.grant(size)
            raise

    def grant(self, size: int) -> None:
        """Take back what the page has read, and let those in who now fit."""
        self.free += size
        while self._waiting and self._waiting[0][0] <= self.free:
            size, room = self._waiting.popleft()
            if not room.done():
                self.free -= size
                room.set_result(None)

    def close(self) -> None:
        """Let everybody in: nobody reads any more, and waiting would be for ever."""
        self._open = False
        while self._waiting:
            _, room = self._waiting.popleft()
            if not room.done():
                room.set_result(None)


class MessageWindow:
    """The bytes of messages that may be on their way to a page.

    As with a socket's high-water mark, a message of any length may be sent as long as less than
    a window is under way: what waits is the one after it.
    """

    def __init__(self, size: int = WINDOW) -> None:
        self.free = size
        self._room = asyncio.Event()
        self._room.set()

    async def room(self) -> None:
        """Wait until a message may be sent, or until the window is closed."""
        while not self._room.is_set():
            await self._room.wait()

    def take(self, size: int) -> None:
        """Note that a message of this size is on its way."""
        self.free -= size
        if self.free <= 0:
            self._room.clear()

    def grant(self, size: int) -> None:
        """Note that the page has read so many bytes."""
        self.free += size
        if self.free > 0:
            self._room.set()

    def close(self) -> None:
        """Let everybody in, for good: nobody reads any more."""
        self.grant(sys.maxsize)


class MessageQueue:
    """The messages for the app, and how much of them its page has been told is taken.

    A message counts as taken when it arrives, as with a socket whose buffer has room; when more
    than a window waits for the app, only when the app has received it.
    """

    def __init__(self, size: int = WINDOW) -> None:
        self._size = size
        self._messages: deque[tuple[Message, int]] = deque()
        self._waiting = 0  # bytes in the queue
        self._owed = 0  # of these, those that the page was not told about

    def put(self, message: Message, size: int = 0) -> int:
        """Add a message; returns the number of bytes that the page may be told are taken."""
        self._messages.append((message, size))
        self._waiting += size
        if self._waiting <= self._size:
            return size
        self._owed += size
        return 0

    def take(self) -> tuple[Message, int]:
        """Return the next message, and how many more bytes are taken now."""
        message, size = self._messages.popleft()
        self._waiting -= size
        if self._waiting > self._size:
            return message, 0
        paid, self._owed = self._owed, 0
        return message, paid

    def __bool__(self) -> bool:
        return bool(self._messages)


class RequestBody:
    """The pieces of a request's body that arrived and were not yet received by the app."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._arrived_whole = False
        self._delivered_whole = False

    def feed(self, chunk: bytes, more_body: bool) -> None:
        """Add what arrived; what comes after the end is dropped."""
        if self._arrived_whole:
            return
        if chunk:
            self._chunks.append(chunk)
        self._arrived_whole = not more_body

    @property
    def ready(self) -> bool:
        """Whether there is something to receive: a chunk, or the end."""
        return bool(self._chunks) or (self._arrived_whole and not self._delivered_whole)

    def take(self) -> tuple[bytes, bool]:
        """Return the next piece and whether more will come; only when `ready`."""
        chunk = self._chunks.popleft() if self._chunks else b""
        self._delivered_whole = self._arrived_whole and not self._chunks
        return chunk, not self._delivered_whole


def as_chunk(body: Chunk) -> Chunk:
    """Return the body of a message as something whose length is its number of bytes."""
    if isinstance(body, (bytes, bytearray)):
        return body
    try:
        return memoryview(body).cast("B")
    except TypeError:
        given = type(body).__name__
        words = f"The body of 'http.response.body' must be bytes, but got {given}."
        raise TypeError(words) from None
