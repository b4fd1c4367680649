"""`tabcorn serve`: the static host of the present build, with events, log relay and reload.

Runs on CPython. A failed rebuild prints its error and leaves the old build being served.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tabcorn.devserver.events import BuildEvents
from tabcorn.devserver.logrelay import relay_log
from tabcorn.devserver.static import StaticHost
from tabcorn.devserver.watch import changes


@dataclass(frozen=True)
class Reload:
    """How to make a new build, and what has to change for that.

    `rebuild` returns the new build's id, or None when it failed; it runs in a thread.
    """

    folders: Sequence[Path]
    rebuild: Callable[[], str | None]


def dev_app(folder: Path, events: BuildEvents, reload: Reload | None = None) -> Starlette:
    """Make the app that serves a build under development."""
    routes = [
        Route("/_tabcorn/dev/log", relay_log, methods=["POST"]),
        Route("/_tabcorn/dev/events", events.endpoint),
        Mount("/", StaticHost(folder)),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(reload, events)) if reload else None
        yield
        if watching:
            watching.cancel()

    return Starlette(routes=routes, lifespan=lifespan)


def run(
    app: ASGIApp, sock: socket, on_started: Callable[[], None], events: BuildEvents | None = None
) -> None:
    """Serve until Ctrl-C or SIGTERM, then end at once: no page is worth waiting for."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    with suppress(KeyboardInterrupt):
        _Server(config, on_started, events).run(sockets=[sock])


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, on_started: Callable[[], None], events: BuildEvents | None
    ) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._events = events

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        if self._events:
            await self._events.close()
        await super().shutdown(sockets)


async def _watch(reload: Reload, events: BuildEvents) -> None:
    async for _ in changes(reload.folders):
        build = await asyncio.to_thread(reload.rebuild)
        if build and build != events.build:
            await events.announce(build)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end a build as Ctrl-C does, so that nothing half-written is left behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
