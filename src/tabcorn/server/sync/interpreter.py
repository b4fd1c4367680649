"""Puts this package behind what Pyodide has for sync code: run_sync, sleep, run, executors.

Runs in Pyodide, and is given its modules, so that the bridge remains the only one to import them.
Libraries take `run_sync` from there; what they then do is done by our rules.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from functools import wraps
from typing import Any

from tabcorn.server.sync import turns
from tabcorn.server.sync.collector import collector
from tabcorn.server.sync.gate import gate
from tabcorn.server.sync.nested import NestedLoop
from tabcorn.server.sync.waiting import Engine, can_wait, suspend, wait

soon: Any = None
"""`queueMicrotask`, where Python may go on with the end of the present call into it.

Given by the bridge at every start, as all that is JavaScript's.
"""


def enable(ffi: Any, webloop: Any) -> None:
    """Take over `pyodide.ffi` and `pyodide.webloop`; must be called from the browser's loop."""
    Engine.loop = asyncio.get_running_loop()
    Engine.run_sync = ffi.run_sync
    Engine.can_run_sync = ffi.can_run_sync  # type: ignore[method-assign]
    for module in (ffi, webloop):
        module.run_sync, module.can_run_sync = suspend, can_wait
    turns.take_over(webloop, Engine.loop, _asking(ffi, webloop))
    collector.install()
    asyncio.run = _run_outside_of(asyncio.run)
    webloop.WebLoop.run_in_executor = run_in_executor
    # The original makes a second loop on the browser's, and forgets the first.
    webloop.WebLoopPolicy.new_event_loop = lambda _: NestedLoop()


def _asking(ffi: Any, webloop: Any) -> Callable[[bool, Callable[[], None]], None]:
    """Ask the browser to call a function once, on a stack that may be suspended."""

    def ask(later: bool, function: Callable[[], None]) -> None:
        once = ffi.create_once_callable(function, _may_syncify=True)
        if later or not soon:
            webloop.scheduleCallback(once, 0)
        else:
            soon(once)

    return ask


def run_in_executor(
    self: Any, executor: object, func: Callable[..., Any], *args: Any
) -> "asyncio.Future[Any]":
    """Call the function as a worker thread would: in its turn, in a context of its own."""
    del self, executor
    return gate.submit(lambda: Context().run(func, *args))


def _run_outside_of(original: Callable[..., Any]) -> Callable[..., Any]:
    """asyncio.run for code that no loop is running; refuses the rest in asyncio's words."""

    @wraps(original)
    def run(main: Coroutine[Any, Any, Any], **options: Any) -> Any:
        if asyncio._get_running_loop() is not None:
            main.close()
            raise RuntimeError("asyncio.run() cannot be called from a running event loop")
        del options
        return wait(main)

    return run
