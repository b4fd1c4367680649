"""The event loop's turns: callbacks that are due run together, as asyncio's own loops run them.

Runs in Pyodide and under pytest. Pyodide's loop hands each callback to the browser, which calls it
back by two of its own tasks, with a proxy made for each and a stack of its own; a request of a
framework is dozens of callbacks. Here one call from the browser runs all that are due and all that
become due meanwhile, for a few milliseconds; then the browser has its turn.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SHARE = 0.004  # seconds before the browser's events are let in

Ask = Callable[[Callable[[], None]], object]


class Turns:
    """The callbacks that are due, and whether somebody runs them or was asked to.

    `soon` has a function called when the present call into Python is over, `later` after the
    browser has looked at what has come; both on a stack that may be suspended, if the engine can.
    `enter` makes the loop the running one there.
    """

    def __init__(
        self,
        enter: Callable[[], None],
        soon: Ask,
        later: Ask,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._enter, self._soon, self._later, self._clock = enter, soon, later, clock
        self._due: deque[asyncio.Handle] = deque()
        self._running = False
        self._asked = False

    def add(self, handle: asyncio.Handle) -> None:
        """Have a callback run in its order."""
        self._due.append(handle)
        if not self._running:
            self._ask(self._soon)

    @contextmanager
    def suspension(self) -> Iterator[None]:
        """Say that the present stack is suspended inside: what is due goes on on another one."""
        running, self._running = self._running, False
        self._ask(self._soon)
        try:
            yield
        finally:
            self._running = running

    def _ask(self, how: Ask) -> None:
        if self._due and not self._asked:
            self._asked = True
            how(self._run)

    def _run(self) -> None:
        self._asked = False
        self._running = True
        self._enter()
        end = self._clock() + SHARE
        try:
            while self._due and self._clock() < end:
                handle = self._due.popleft()
                if not handle.cancelled():
                    handle._run()
        finally:
            self._running = False
            self._ask(self._later)


class _NoTurns:
    """Before there is such a loop, and under pytest: nothing goes on while a stack is suspended."""

    @staticmethod
    @contextmanager
    def suspension() -> Iterator[None]:
        """Do nothing."""
        yield


current: Any = _NoTurns
"""The turns of the browser's loop."""


def take_over(webloop: Any, loop: Any, ask: Callable[[bool, Callable[[], None]], object]) -> None:
    """Put turns under Pyodide's loop; `ask(later, function)` is how the browser is asked."""
    global current

    def enter() -> None:
        loop._install_running_loop()
        loop._install_asyncgen_hooks()

    turns = current = Turns(enter, lambda run: ask(False, run), lambda run: ask(True, run))
    by_timer = webloop.WebLoop.call_later

    def call_soon(
        self: Any, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        turns.add(handle)
        return handle

    def call_later(
        self: Any, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        if delay == 0:
            return call_soon(self, callback, *args, context=context)
        handle: asyncio.Handle = by_timer(self, delay, callback, *args, context=context)
        return handle

    webloop.WebLoop.call_soon, webloop.WebLoop.call_later = call_soon, call_later
