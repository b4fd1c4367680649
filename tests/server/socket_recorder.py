"""A page that holds the other end of a WebSocket, and writes down what it sees."""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG002

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tabcorn.server import headers as header_lists
from tabcorn.server.scope import Site, socket_scope
from tabcorn.server.types import App, Chunk, Header
from tabcorn.server.websocket import OVERHEAD, WebSocketCycle


@dataclass
class SocketPage:
    """The transport of the tests: takes everything, and grants what it got unless told not to.

    `seen` holds what a page would see, in order: ("open", subprotocol), ("text", …),
    ("bytes", …), ("closed", code, reason), ("refused", status), ("lost",).
    """

    reads: bool = True
    answers: bool = True  # a close frame with one of its own
    seen: list[tuple[Any, ...]] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    taken: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    cycle: WebSocketCycle | None = None
    closed: bool = False

    def note(self, *event: Any) -> None:
        self.seen.append(event)
        self.news.set()

    def socket_accept(self, id: int, subprotocol: str, headers: str) -> None:
        assert not self.seen
        self.headers = header_lists.parse(headers)
        self.note("open", subprotocol)

    def socket_reject(self, id: int, status: int, headers: str) -> None:
        assert not self.seen
        self.headers = header_lists.parse(headers)
        self.note("refused", status)

    def socket_text(self, id: int, text: str) -> None:
        self.message("text", text, len(text.encode()))

    def socket_bytes(self, id: int, data: Chunk) -> None:
        self.message("bytes", bytes(data), len(data))

    def message(self, kind: str, content: object, size: int) -> None:
        assert self.seen, "a message before the socket was accepted"
        assert not self.closed, "a message after the end"
        self.note(kind, content)
        if self.reads and self.cycle:
            self.cycle.grant(size + OVERHEAD)

    def socket_consumed(self, id: int, size: int) -> None:
        self.taken += size

    def socket_close(self, id: int, code: int, reason: str) -> None:
        assert not self.closed
        self.closed = True
        self.note("closed", code, reason)
        if self.answers and self.cycle:
            asyncio.get_running_loop().call_soon(self.cycle.close, code, reason)

    def socket_lost(self, id: int, message: str) -> None:
        assert not self.closed
        self.closed = True
        self.note("lost")

    async def sees(self, kind: str) -> tuple[Any, ...]:
        """Wait for an event of this kind; return the last one."""
        async with asyncio.timeout(5):
            while not any(event[0] == kind for event in self.seen):
                self.news.clear()
                await self.news.wait()
        return [event for event in self.seen if event[0] == kind][-1]

    async def hears(self, count: int) -> None:
        """Wait until so many messages have come, or the end."""
        async with asyncio.timeout(5):
            while not self.closed and len(self.messages) < count:
                self.news.clear()
                await self.news.wait()

    @property
    def messages(self) -> list[object]:
        return [event[1] for event in self.seen if event[0] in ("text", "bytes")]


def connect(
    page: SocketPage,
    path: str = "/",
    query: str = "",
    headers: str = "host\nexample.org",
    subprotocols: tuple[str, ...] = (),
    site: Site | None = None,
) -> WebSocketCycle:
    """Open a cycle for one socket of the page."""
    scope = socket_scope(site or Site(), path, query, headers, 50000, list(subprotocols))
    page.cycle = WebSocketCycle(1, scope, page)
    return page.cycle


Use = Callable[[SocketPage, WebSocketCycle], Awaitable[object]]


def visit(app: App, use: Use | None = None, page: SocketPage | None = None) -> SocketPage:
    """Connect a page to an app, use the socket, and wait for the app's end."""

    async def main() -> SocketPage:
        own = page or SocketPage()
        cycle = connect(own)
        task = asyncio.create_task(cycle.run(app))
        if use:
            await use(own, cycle)
        async with asyncio.timeout(5):
            await task
        return own

    return asyncio.run(main())
