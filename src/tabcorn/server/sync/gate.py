"""Runs sync functions where they stand, one at a time, as a server with one worker thread does.

Runs in Pyodide and under pytest. The rule: code that may wait has no running loop, as in a worker
thread, and code that has one is async and may not. While a sync function waits (see `waiting`),
others queue, since they would share its thread-local state: database connections, transactions.
"""

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

on_behalf_of: ContextVar["Gate"] = ContextVar("on_behalf_of")
"""In async code that a sync function waits for: that function's turn."""


@contextmanager
def running(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """Make this the running loop, or none, as seen by the code inside."""
    before = asyncio._get_running_loop()
    task = asyncio.current_task(before) if before else None
    if before and task:
        _leave_task(before, task)
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(before)
        if before and task:
            _enter_task(before, task)


class Gate:
    """Whose turn it is, and who waits for one.

    A turn is a gate in its turn: what a sync function waits for may call sync functions, one at a
    time as well, and they must not queue behind the one that waits for them.
    """

    current: "Gate | None" = None
    """The turn of the sync code that runs now; kept over suspensions by `waiting.suspend`."""

    before: Callable[[], object] = staticmethod(lambda: None)
    """Called before sync code, which may run for long: what was sent must not wait for it."""

    def __init__(self, outer: "Gate | None" = None) -> None:
        self.turn: Gate | None = None
        self._outer = outer
        self._over = False
        self._queue: deque[tuple[asyncio.AbstractEventLoop, Callable[[], None]]] = deque()

    def submit(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Call the function, now when it can be; the future belongs to the running loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self.enter(loop, lambda: _settle(future, call))
        return future

    def enter(self, loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> None:
        """Have work done that raises nothing: now, or from the loop when it is its turn."""
        gate = on_behalf_of.get(self)
        while gate._over and gate._outer:  # asgiref takes variables of an inner turn out of it
            gate = gate._outer
        if asyncio._get_running_loop() is None:
            work()  # called by sync code: part of its turn
        elif gate.turn is None:
            gate._take_turn(Gate(gate), work)
        else:
            gate._queue.append((loop, work))

    def _take_turn(self, turn: "Gate", work: Callable[[], None]) -> None:
        outer = Gate.current
        self.turn = Gate.current = turn
        Gate.before()
        try:
            _work(work)
        finally:
            Gate.current = outer  # sync code, perhaps, that waits for this and will wait for more
            turn._end(self)
            self._pass_on()

    def _pass_on(self) -> None:
        """Give the turn to the next in the queue: from its loop, on a stack that may wait."""
        self.turn = None
        if self._queue:
            loop, work = self._queue.popleft()
            self.turn = Gate(self)
            loop.call_soon(self._take_turn, self.turn, work)

    def _end(self, outer: "Gate") -> None:
        """What queues here was not waited for: it goes on as anybody's."""
        self._over = True
        outer._queue.extend(self._queue)
        self._queue.clear()


def _work(work: Callable[[], None]) -> None:
    with running(None):
        work()


def _settle(future: "asyncio.Future[Any]", call: Callable[[], Any]) -> None:
    if future.cancelled():
        return
    try:
        result = call()
    except BaseException as exc:
        if not future.cancelled():
            future.set_exception(_settable(exc))
    else:
        if not future.cancelled():
            future.set_result(result)


def _settable(exc: BaseException) -> BaseException:
    """No future, and no coroutine, can raise StopIteration; said as anyio's worker says it."""
    if not isinstance(exc, StopIteration):
        return exc
    raised = RuntimeError("coroutine raised StopIteration")
    raised.__cause__ = exc
    return raised


gate = Gate()
