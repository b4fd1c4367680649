"""An event loop that runs inside a sync function, for engines that cannot suspend one.

Runs in Pyodide and under pytest. Tasks, timers and sync functions work on it; what would have to
come from outside (JavaScript, another loop) cannot come, and is an error rather than a hang.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from tabcorn.server.sync.gate import gate


class WouldBlockError(RuntimeError):
    """A sync function waits for something that only the browser's loop could bring."""


class NestedLoop(asyncio.BaseEventLoop):
    """The standard library's loop, with nothing to select from."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Nothing()

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody else could wake it."""

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """Run the function where it stands."""
        del executor
        return gate.submit(lambda: func(*args))


class _Nothing:
    """Selects from nothing: sleeps until the next timer."""

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise WouldBlockError(
                "Sync code waits for async code that waits for the browser (a fetch, a task or an "
                "event of another loop). This engine has no JSPI (JavaScript Promise Integration) "
                "and cannot suspend sync code; in Chromium and Firefox this works. Make the "
                "function that waits `async def`."
            )
        if timeout > 0:
            time.sleep(timeout)
        return []

    def close(self) -> None:
        """Nothing is open."""
