"""A page that records what the server sends it, and a one-line way to send it a request."""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG002

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tabcorn.server import headers as header_lists
from tabcorn.server.defaults import DefaultHeaders
from tabcorn.server.http import RequestResponseCycle
from tabcorn.server.scope import Site, http_scope
from tabcorn.server.types import App, Chunk, Header

NO_DEFAULTS = DefaultHeaders(date=False, server="")


@dataclass
class Page:
    """The transport of the tests: takes everything, and grants what it got unless told not to."""

    reads: bool = True
    status: int | None = None
    reason: str = ""
    headers: list[Header] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    complete: bool = False
    aborted: str | None = None
    taken: int = 0
    cycle: RequestResponseCycle | None = None

    def start(self, id: int, status: int, reason: str, headers: str) -> None:
        assert self.status is None
        self.reason = reason
        self.status = status
        self.headers = header_lists.parse(headers)

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        assert self.status is not None
        assert not self.complete
        assert self.aborted is None
        self.chunks.append(bytes(chunk))
        self.complete = not more_body
        if self.reads and self.cycle:
            self.cycle.grant(len(chunk))

    def consumed(self, id: int, size: int) -> None:
        self.taken += size

    def abort(self, id: int, message: str) -> None:
        assert not self.complete
        assert self.aborted is None
        self.aborted = message

    @property
    def content(self) -> bytes:
        return b"".join(self.chunks)


def connect(
    page: Page,
    method: str = "GET",
    path: str = "/",
    query: str = "",
    headers: str = "host\nexample.org",
    site: Site | None = None,
    default_headers: DefaultHeaders = NO_DEFAULTS,
) -> RequestResponseCycle:
    """Open a cycle for one request of the page."""
    scope = http_scope(site or Site(), method, path, query, headers, 50000)
    page.cycle = RequestResponseCycle(1, scope, page, default_headers)
    return page.cycle


def request(
    app: App, method: str = "GET", path: str = "/", query: str = "", body: bytes = b""
) -> Page:
    """Send one request to an app, and return the page that saw its response."""

    async def main() -> Page:
        page = Page()
        cycle = connect(page, method, path, query)
        cycle.feed(body, False)
        await cycle.run(app)
        return page

    return asyncio.run(main())


async def settle() -> None:
    """Let every task run until it waits for something that is not a turn of the loop."""
    for _ in range(20):
        await asyncio.sleep(0)


@contextmanager
def log_of(name: str = "tabcorn", level: int = logging.DEBUG) -> Iterator[list[str]]:
    """Collect what a logger is given: the level and the message, as one line."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name == name:
                lines.append(f"{record.levelname}: {record.getMessage().strip()}")

    logger, collector = logging.getLogger(name), Collector()
    before = logger.level
    logger.addHandler(collector)
    logger.setLevel(level)
    try:
        yield lines
    finally:
        logger.removeHandler(collector)
        logger.setLevel(before)
