"""The oracle: one uvicorn on a socket, which serves whatever app was last put into it.

Its loggers are left as pytest has them, so that what it says can be collected and compared.
"""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tabcorn.server.scope import Site
from tabcorn.server.types import App
from tests.server.recorder import Page, connect


class Oracle:
    """A uvicorn in a thread of its own, with h11 and the sans-I/O WebSockets."""

    def __init__(self) -> None:
        self.app: Any = None
        config = uvicorn.Config(self.serve, port=0, log_level="info", interface="asgi3")
        config.root_path = "/root"
        config.http = "h11"
        config.log_config = None
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    async def serve(self, scope: Any, receive: Any, send: Any) -> Any:
        return await self.app(scope, receive, send)

    @property
    def port(self) -> int:
        while not self.server.started:
            time.sleep(0.005)
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    def settle(self) -> None:
        """Wait until every app has ended, so that the log is whole."""
        while self.server.server_state.tasks:
            time.sleep(0.0005)


@contextmanager
def running() -> Iterator[Oracle]:
    """Run an oracle until the block ends."""
    oracle = Oracle()
    oracle.thread.start()
    assert oracle.port
    try:
        yield oracle
    finally:
        oracle.server.should_exit = True
        oracle.thread.join()


# A whole answer, or: it broke off, or nothing more came, after this status or before any.
Answer = tuple[int, list[tuple[str, str]], bytes] | tuple[str, int | None]

# What belongs to the connection, to the clock or to the server's name.
NOT_COMPARED = {"date", "server", "connection", "transfer-encoding"}
HEADERS = [("host", "example.org"), ("x-one", "1"), ("x-two", "2"), ("x-one", "3")]


def through_uvicorn(
    oracle: Oracle, app: App, method: str, path: str, query: str, body: bytes
) -> Answer:
    """Ask on a socket; returns when the app has ended."""
    oracle.app = app
    connection = http.client.HTTPConnection("127.0.0.1", oracle.port, timeout=10)
    connection.putrequest(method, f"{path}?{query}", skip_host=True, skip_accept_encoding=True)
    for name, value in [*HEADERS, ("content-length", str(len(body)))]:
        connection.putheader(name, value)
    connection.endheaders(body)
    status = None
    try:
        response = connection.getresponse()
        status = response.status
        response.chunked = response.chunked and status not in (204, 304)  # they have no body
        content = response.read()
    except (http.client.HTTPException, ConnectionError):
        return "broken", status
    except TimeoutError:
        return "waiting", status
    finally:
        connection.close()
        oracle.settle()
    return status, comparable(response.getheaders()), content


def through_tabcorn(app: App, method: str, path: str, query: str, body: bytes) -> Answer:
    """Ask our server the same."""
    flat = [part for pair in HEADERS for part in pair]

    async def main() -> Page:
        page = Page()
        headers = "\n".join([*flat, "content-length", str(len(body))])
        site = Site(root_path="/root")
        cycle = connect(page, method, "/root" + path, query, headers, site)
        cycle.feed(body, False)
        await cycle.run(app)
        return page

    page = asyncio.run(main())
    if page.status is None or not page.complete:
        return "broken", page.status
    headers = [(name.decode(), value.decode("latin-1")) for name, value in page.headers]
    return page.status, comparable(headers), page.content


def comparable(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out what no two servers say alike."""
    return [(name.lower(), value) for name, value in headers if name.lower() not in NOT_COMPARED]
