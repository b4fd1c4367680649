"""Keeps the garbage collector from the stacks that are suspended.

Runs in Pyodide and under pytest. CPython 3.14's automatic collection (generation 1) walks the
frames of every thread state; those of a suspended stack lie in memory that others have reused, and
the interpreter dies of "memory access out of bounds" (Pyodide issue 6464, met in 314.0.7). Young
and full collections do not walk them: while a stack is suspended, we make these ourselves.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

YOUNG = 10_000  # objects made since the last collection, CPython's threshold being 2,000
FULL_EVERY = 100  # young collections
TICK = 0.25  # seconds


class Collector:
    """Collects by itself while stacks are suspended, and leaves it to Python otherwise."""

    def __init__(self) -> None:
        self.suspended = 0
        self._automatic = False
        self._collections = 0
        self._ticking = False
        self._enable, self._collect = gc.enable, gc.collect

    def install(self) -> None:
        """Stand before `gc.enable` and `gc.collect`, which an app may call at any time."""
        gc.enable, gc.disable, gc.collect = self.enable, self.disable, self.collect
        gc.isenabled = lambda: self._automatic if self.suspended else _isenabled()

    @contextmanager
    def suspension(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Say that a stack is suspended inside."""
        if not self.suspended:
            self._automatic = _isenabled()
            _disable()
        self.suspended += 1
        self._tick(loop)
        try:
            yield
        finally:
            self._collect_some()
            self.suspended -= 1
            if not self.suspended and self._automatic:
                self._enable()

    def enable(self) -> None:
        """Do as gc.enable, once nothing is suspended."""
        self._automatic = True
        if not self.suspended:
            self._enable()

    def disable(self) -> None:
        """Do as gc.disable."""
        self._automatic = False
        _disable()

    def collect(self, generation: int = 2) -> int:
        """Do as gc.collect, with a young collection for the one that would crash."""
        if generation == 1 and self.suspended:
            generation = 0
        return self._collect(generation)

    def _tick(self, loop: asyncio.AbstractEventLoop, of_timer: Any = False) -> None:
        """Look after the garbage that others make while a stack stays suspended."""
        if self._ticking and not of_timer:
            return
        self._ticking = self.suspended > 0
        if self._ticking:
            self._collect_some()
            loop.call_later(TICK, self._tick, loop, True)

    def _collect_some(self) -> None:
        if not self._automatic or gc.get_count()[0] < YOUNG:
            return
        self._collections += 1
        self._collect(0 if self._collections % FULL_EVERY else 2)


_isenabled, _disable = gc.isenabled, gc.disable
collector = Collector()
