"""The server: one app, its lifespan, and the cycles that are open.

Runs in Pyodide and under pytest. Requests are known by the number that the page's side gave them;
what arrives for a number that is no longer open comes too late and is dropped.
"""

import asyncio

from tabcorn.server.config import Config
from tabcorn.server.defaults import DefaultHeaders
from tabcorn.server.http import RequestResponseCycle
from tabcorn.server.lifespan import Lifespan
from tabcorn.server.loading import ASGI_VERSIONS, load
from tabcorn.server.logs import logger
from tabcorn.server.scope import Site, http_scope
from tabcorn.server.types import Transport

GRACE = 2.0  # seconds that open requests are given to end at a shutdown


class Server:
    """Serves one app over one transport."""

    def __init__(self, config: Config, transport: Transport) -> None:
        self._config = config
        self._transport = transport
        self._default_headers = DefaultHeaders(
            config.date_header, "tabcorn" if config.server_header else ""
        )
        self._cycles: dict[int, RequestResponseCycle] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # strong references: the loop has none
        self._stopping = False

    async def start(self) -> None:
        """Import the app and run its startup; raises StartError."""
        config = self._config
        self._app, interface = load(config.target, config.factory, config.interface)
        version = ASGI_VERSIONS[interface]
        self._lifespan = Lifespan(self._app, config.lifespan, version)
        await self._lifespan.startup()
        self._site = Site(
            config.scheme, config.server, config.root_path, version, self._lifespan.state
        )

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
    ) -> None:
        """Begin a request; see `scope.http_scope` for the arguments."""
        if self._stopping:
            self._transport.abort(id, "The server is shutting down.")
            return
        scope = http_scope(self._site, method, path, query, flat_headers, client_port)
        cycle = RequestResponseCycle(id, scope, self._transport, self._default_headers)
        cycle.feed(body, more_body)
        self._cycles[id] = cycle
        task = asyncio.create_task(self._run(cycle))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, cycle: RequestResponseCycle) -> None:
        try:
            await cycle.run(self._app)
        except Exception:
            logger.exception("Exception in the server while it ended a request")
        finally:
            self._cycles.pop(cycle.id, None)

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

    async def stop(self) -> None:
        """End open requests, then the app's lifespan; a second call does nothing."""
        if self._stopping:
            return
        self._stopping = True
        logger.info("Shutting down")
        for cycle in list(self._cycles.values()):
            cycle.disconnect()
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
