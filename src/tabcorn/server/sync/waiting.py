"""Lets sync code wait for async code.

Runs in Pyodide and under pytest. Where the engine has JSPI, the function's stack is suspended and
the browser's loop goes on; elsewhere the async code runs on a loop of its own inside the function.
Only code without a running loop may wait (see `gate`): async code would lose its atomicity.
"""

import asyncio
import contextvars
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

from tabcorn.server.sync import turns
from tabcorn.server.sync.collector import collector
from tabcorn.server.sync.gate import Gate, on_behalf_of, running
from tabcorn.server.sync.nested import NestedLoop

T = TypeVar("T")


class Engine:
    """What the engine can do, as the bridge tells it: nothing, until it does."""

    loop: asyncio.AbstractEventLoop
    run_sync: Callable[[Any], Any]

    @staticmethod
    def can_run_sync() -> bool:
        """Say whether the present stack can be suspended."""
        return False


def can_wait() -> bool:
    """Say whether this code may suspend its stack: it is sync, and the engine can."""
    return asyncio._get_running_loop() is None and Engine.can_run_sync()


def suspend(awaitable: Awaitable[T]) -> T:
    """Suspend the present stack until the awaitable (or JavaScript's promise) is done."""
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("Async code cannot be suspended as a whole: await it instead.")
    turn = Gate.current
    try:
        with (
            running(Engine.loop),
            collector.suspension(Engine.loop),
            turns.current.suspension(),
        ):
            result: T = Engine.run_sync(awaitable)
            return result
    finally:
        Gate.current = turn


def wait(coroutine: Coroutine[Any, Any, T], context: Context | None = None) -> T:
    """Run a coroutine to its end, in this context or in a copy of the caller's."""
    if asyncio._get_running_loop() is not None:
        coroutine.close()
        raise RuntimeError(
            "This is async code, which an event loop is running: await the function instead."
        )
    context = context or contextvars.copy_context()
    if Gate.current:
        context.run(on_behalf_of.set, Gate.current)
    if Engine.can_run_sync():
        return _on_the_browsers_loop(coroutine, context)
    with asyncio.Runner(loop_factory=NestedLoop) as runner:
        return runner.run(coroutine, context=context)


def _on_the_browsers_loop(coroutine: Coroutine[Any, Any, T], context: Context) -> T:
    """Begin at once: most have nothing to wait for, and their stack is never suspended."""
    loop = Engine.loop
    options: dict[str, Any] = {"eager_start": True} if sys.version_info >= (3, 12) else {}
    with running(loop):
        task = asyncio.Task(coroutine, loop=loop, context=context, **options)
    if not task.done():
        suspend_until(task.add_done_callback)
    return task.result()


def suspend_until(call_when_done: Callable[[Callable[[Any], None]], Any]) -> None:
    """Suspend the present stack until a callback is called; its argument is dropped."""
    done = Engine.loop.create_future()

    def wake(_: object) -> None:
        if not done.done():
            done.set_result(None)

    call_when_done(wake)
    suspend(done)
