"""SQLAlchemy: its asyncio part does without greenlet, which has no build for the browser.

Runs in Pyodide. There, SQLAlchemy's sync code runs in a greenlet, which is left at every await.
Here it runs where it stands, and what it awaits is run to its end: with aiosqlite, the one driver
that a browser has, everything is done at once.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from contextvars import ContextVar
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync.gate import running
from tabcorn.server.sync.waiting import wait

_awaited: ContextVar[list[bool] | None] = ContextVar("awaited", default=None)
"""In sync code of SQLAlchemy's that async code has called: whether it has awaited something."""


def do_without_greenlets(module: ModuleType) -> None:
    """Replace what spawns a greenlet, and what leaves it."""

    def await_(awaitable: Awaitable[Any]) -> Any:
        awaited = _awaited.get()
        if awaited is None:
            if asyncio.iscoroutine(awaitable):
                awaitable.close()
            raise _errors().MissingGreenlet(
                "greenlet_spawn has not been called; can't call await_only() here. "
                "Was IO attempted in an unexpected place?"
            )
        awaited[:] = [True]
        _awaited.set(None)  # what it calls is async code, and spawns anew
        try:
            return _run(_result_of(awaitable))
        finally:
            _awaited.set(awaited)

    async def greenlet_spawn(
        fn: Callable[..., Any], *args: Any, _require_await: bool = False, **kwargs: Any
    ) -> Any:
        before, awaited = _awaited.get(), [False]
        _awaited.set(awaited)
        try:
            result = fn(*args, **kwargs)
        finally:
            _awaited.set(before)
        if _require_await and awaited == [False]:
            raise _errors().AwaitRequired(
                "The current operation required an async execution but none was detected. This "
                "will usually happen when using a non compatible DBAPI driver. Please ensure that "
                "an async DBAPI is used."
            )
        return result

    def is_exit_exception(exc: BaseException) -> bool:
        cancelled = isinstance(exc, (asyncio.TimeoutError, asyncio.CancelledError))
        return cancelled or not isinstance(exc, Exception)

    here: Any = module
    here.have_greenlet = True  # of 2.0; 2.1 looks for it by the shim
    here._concurrency_shim = SimpleNamespace(_initialize=lambda: None, _has_greenlet=True)
    here.greenlet_spawn, here.is_exit_exception = greenlet_spawn, is_exit_exception
    here.await_ = here.await_only = here.await_fallback = await_
    here.in_greenlet = lambda: _awaited.get() is not None
    here.AsyncAdaptedLock = lambda: _Lock(await_)


def _errors() -> Any:
    return sys.modules["sqlalchemy.exc"]


async def _result_of(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _run(steps: Any) -> Any:
    """Run a coroutine where it stands, in its task; what is left when it waits, where one can."""
    try:
        future = steps.send(None)
    except StopIteration as end:
        return end.value
    with running(None):
        return wait(_result_of(_Rest(steps, future)))


class _Rest:
    """What is left of a coroutine that waits for a future."""

    def __init__(self, steps: Any, future: Any) -> None:
        self._steps, self._future = steps, future

    def __await__(self) -> Generator[Any, Any, Any]:
        future = self._future
        while True:
            try:
                yield future
            except BaseException as exc:
                step = partial(self._steps.throw, exc)
            else:
                step = partial(self._steps.send, None)
            try:
                future = step()
            except StopIteration as end:
                return end.value


class _Lock:
    """What sync code takes for the time of a statement."""

    def __init__(self, await_: Callable[[Awaitable[Any]], Any]) -> None:
        self._await = await_
        self.mutex = asyncio.Lock()

    def __enter__(self) -> Any:
        return self._await(self.mutex.acquire())

    def __exit__(self, *_exc_info: object) -> None:
        self.mutex.release()


ADAPTATIONS = (
    Adaptation(
        package="sqlalchemy",
        versions=">=2,<2.2",
        module="sqlalchemy.util.concurrency",
        reason="its asyncio part needs greenlet: compiled code, without a build for Pyodide",
        apply=do_without_greenlets,
    ),
)
