"""Tells every open page about new builds, by server-sent events.

Runs on CPython, in the server's event loop.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

# Comments keep proxies from closing an idle stream, and find out about pages that are gone.
_KEEPALIVE_SECONDS = 15


class BuildEvents:
    """The present build's id, and those who listen for the next one."""

    def __init__(self, build: str) -> None:
        self.build = build
        self._changed = asyncio.Condition()
        self._closed = False

    async def announce(self, build: str) -> None:
        """Tell all listeners that there is a new build."""
        self.build = build
        await self._wake()

    async def close(self) -> None:
        """End all streams, so that the server can shut down at once."""
        self._closed = True
        await self._wake()

    async def endpoint(self, _request: Request) -> StreamingResponse:
        """Answer GET _tabcorn/dev/events."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        told = None
        while not self._closed:
            # There may be yet another build by the time the page has read of this one.
            before, told = told, self.build
            yield ":\n\n" if told == before else f"event: build\ndata: {told}\n\n"
            await self._next_change(told)

    async def _next_change(self, told: str) -> None:
        async with self._changed:
            waiting = self._changed.wait_for(lambda: self._closed or self.build != told)
            try:
                await asyncio.wait_for(waiting, _KEEPALIVE_SECONDS)
            except TimeoutError:
                return

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()
