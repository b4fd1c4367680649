"""The server: one app, its lifespan, and the cycles that are open.

Runs in Pyodide and under pytest. Requests are known by the number that the page's side gave them;
what arrives for a number that is no longer open comes too late and is dropped.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import unquote

from tabcorn.server.config import Config
from tabcorn.server.cookies import CookieExchange, Jar
from tabcorn.server.cookies.exchange import take_nothing
from tabcorn.server.cookies.jar import is_secure
from tabcorn.server.defaults import DefaultHeaders
from tabcorn.server.http import RequestResponseCycle, refuse
from tabcorn.server.lifespan import Lifespan
from tabcorn.server.loading import ASGI_VERSIONS, load
from tabcorn.server.logs import logger
from tabcorn.server.scope import Site, http_scope, socket_scope
from tabcorn.server.types import HttpTransport, Transport
from tabcorn.server.websocket import WebSocketCycle

# Bytes of a request's path, query and headers. uvicorn refuses a head that is still incomplete
# after 64 KiB; up to about twice that, a browser's arrives there in one piece, and is taken.
MAX_HEAD = 128 * 1024
_OWN_PORT = 49152  # of requests that the app makes to itself
GRACE = 2.0  # seconds that open requests are given to end at a shutdown


AnyCycle = TypeVar("AnyCycle", RequestResponseCycle, WebSocketCycle)


def _leave_in(flat_headers: str) -> str:
    """Give Set-Cookie to a client that has a jar of its own."""
    return flat_headers


class Server:
    """Serves one app over one transport."""

    def __init__(self, config: Config, transport: Transport) -> None:
        self._config = config
        self._transport = transport
        self._default_headers = DefaultHeaders(
            config.date_header, "tabcorn" if config.server_header else ""
        )
        host = config.server[0]
        self.cookies = CookieExchange(Jar(host, is_secure(config.scheme, host)))
        self._cycles: dict[int, RequestResponseCycle] = {}
        self._sockets: dict[int, WebSocketCycle] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # strong references: the loop has none
        self._stopping = False

        root_path = unquote(config.root_path)  # the site's URL has it encoded
        self.site = Site(config.scheme, config.server, root_path)
        self._serving = False

    async def start(self) -> None:
        """Import the app and run its startup; raises StartError."""
        config = self._config
        self._app, interface = load(config.target, config.factory, config.interface)
        version = ASGI_VERSIONS[interface]
        self._lifespan = Lifespan(self._app, config.lifespan, version)
        await self._lifespan.startup()
        self.site = replace(self.site, asgi_version=version, state=self._lifespan.state)
        self._serving = True

    def open(
        self,
        id: int,
        method: str,
        path: str,
        query: str,
        flat_headers: str,
        client_port: int,
        body: bytes,
        more_body: bool,
        credentials: bool = True,
    ) -> None:
        """Begin a request; see `scope.http_scope` for the arguments.

        Without `credentials` it neither sends nor sets cookies.
        """
        if self._stopping:
            self._transport.abort(id, "The server is shutting down.")
            return
        if len(path) + len(query) + len(flat_headers) > MAX_HEAD:
            refuse(id, self._transport)
            return
        scope = http_scope(self.site, method, path, query, flat_headers, client_port)
        attach = self.cookies.attach
        take = attach(method, path, scope["headers"]) if credentials else take_nothing
        cycle = RequestResponseCycle(id, scope, self._transport, self._default_headers, take)
        cycle.feed(body, more_body)
        self._cycles[id] = cycle
        self._begin(cycle, self._cycles)

    def open_socket(
        self,
        id: int,
        path: str,
        query: str,
        flat_headers: str,
        client_port: int,
        subprotocols: list[str],
    ) -> None:
        """Begin a WebSocket; see `scope.socket_scope`. Ids are apart from those of requests."""
        if self._stopping:
            self._transport.socket_reject(id, 503, "")
            return
        scope = socket_scope(self.site, path, query, flat_headers, client_port, subprotocols)
        take = self.cookies.attach("GET", path, scope["headers"])
        socket = WebSocketCycle(id, scope, self._transport, take)
        self._sockets[id] = socket
        self._begin(socket, self._sockets)

    def ask(
        self, page: HttpTransport, method: str, path: str, query: str, headers: str, body: bytes
    ) -> RequestResponseCycle:
        """Begin a request of the app's own, past the cookies; its answer goes to this page."""
        if self._stopping or not self._serving:
            raise ConnectionRefusedError(f"{method} {path}: the app is not serving now.")
        scope = http_scope(self.site, method, path, query, headers, _OWN_PORT)
        cycle = RequestResponseCycle(0, scope, page, self._default_headers, _leave_in)
        cycle.feed(body, False)
        self._keep(cycle.run(self._app))
        return cycle

    async def settle(self) -> None:
        """Wait for what was begun on the running loop: it ends with whoever called this."""
        loop, me = asyncio.get_running_loop(), asyncio.current_task()
        while begun := [each for each in self._tasks if each.get_loop() is loop and each is not me]:
            await asyncio.wait(begun)

    def _begin(self, cycle: AnyCycle, open_ones: dict[int, AnyCycle]) -> None:
        self._keep(self._run(cycle, open_ones))

    def _keep(self, running: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, cycle: AnyCycle, open_ones: dict[int, AnyCycle]) -> None:
        try:
            await cycle.run(self._app)
        except Exception:
            logger.exception("Exception in the server while it ended a request")
        finally:
            open_ones.pop(cycle.id, None)

    def feed(self, id: int, body: bytes, more_body: bool) -> None:
        """Add a piece of a request's body."""
        if cycle := self._cycles.get(id):
            cycle.feed(body, more_body)

    def grant(self, id: int, size: int) -> None:
        """Note that the page has read so many bytes of a response."""
        if cycle := self._cycles.get(id):
            cycle.grant(size)

    def disconnect(self, id: int) -> None:
        """Note that the page no longer waits for a response."""
        if cycle := self._cycles.get(id):
            cycle.disconnect()

    def socket(self, id: int) -> WebSocketCycle | None:
        """Return a socket that is open; messages for others come too late and are dropped."""
        return self._sockets.get(id)

    async def stop(self) -> None:
        """End open requests, then the app's lifespan; a second call does nothing."""
        if self._stopping:
            return
        self._stopping = True
        logger.info("Shutting down")
        for cycle in list(self._cycles.values()):
            cycle.disconnect()
        for socket in list(self._sockets.values()):
            socket.shut_down()
        await self._finish_tasks()
        await self._lifespan.shutdown()

    async def _finish_tasks(self) -> None:
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=GRACE)
        if late:
            logger.error("Cancel %d running task(s), timeout graceful shutdown exceeded", len(late))
            for task in late:
                task.cancel()
            await asyncio.wait(late, timeout=GRACE)
