"""threading: `local` goes by the worker that sync code would be in; a Timer by the event loop.

Runs in Pyodide. The class of `local` is the standard library's own, in Python, which asks who runs.
A Timer's function is called in its turn, as other sync code is (see `sync.gate`).
"""

import _threading_local
import asyncio
import sys
from contextvars import Context
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync import workers
from tabcorn.server.sync.gate import gate
from tabcorn.server.sync.waiting import Engine


def go_by_workers(module: ModuleType) -> None:
    """Give each worker values of its own."""
    the_one: Any = module.current_thread

    def current() -> Any:
        worker = workers.current.get()
        return the_one() if worker is workers.THE_THREAD else worker

    _threading_local.current_thread = current  # type: ignore[attr-defined]
    module.local = _threading_local.local  # type: ignore[attr-defined]


def time_by_the_loop(module: ModuleType) -> None:
    """Let the event loop call a Timer's function; one with a `run` of its own is a thread still."""
    timer, run, begin = module.Timer, module.Timer.run, module.Timer.start

    def start(self: Any) -> None:
        if type(self).run is not run:
            begin(self)  # which raises
        elif self._started.is_set():
            raise RuntimeError("threads can only be started once")
        else:
            self._started.set()
            loop = asyncio._get_running_loop() or Engine.loop
            loop.call_later(self.interval, _due, module, self, loop)

    def is_alive(self: Any) -> bool:
        return bool(self._started.is_set() and not self.finished.is_set())

    timer.start, timer.is_alive = start, is_alive


def _due(module: ModuleType, timer: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Call the function as a fresh thread would, unless the timer was cancelled."""
    context = Context()
    context.run(workers.current.set, workers.Worker())

    def call() -> None:
        try:
            context.run(timer.function, *timer.args, **timer.kwargs)
        except Exception:
            module.excepthook(module.ExceptHookArgs((*sys.exc_info(), timer)))
        finally:
            timer.finished.set()

    gate.enter(loop, lambda: None if timer.finished.is_set() else call())


def apply(module: ModuleType) -> None:
    """Both of them."""
    go_by_workers(module)
    time_by_the_loop(module)


ADAPTATIONS = (
    Adaptation(
        package="threading",
        versions=">=3.11,<3.15",
        module="threading",
        reason="the responses of a WSGI app are made by turns in one thread, and would share "
        "what the app keeps in `threading.local` (Bottle its request); a Timer starts a thread",
        apply=apply,
    ),
)
