"""concurrent.futures: an executor's functions run where they stand; a future can be waited for.

Runs in Pyodide. A function submitted to a pool has run when `submit` returns, unless another sync
function is waiting just then.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context
from functools import partial
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync.gate import gate
from tabcorn.server.sync.waiting import Engine, can_wait, suspend_until

_VERSIONS = ">=3.11,<3.15"


def run_pools_inline(module: ModuleType) -> None:
    """Let ThreadPoolExecutor call the function instead of starting a thread for it."""
    pool, original = module.ThreadPoolExecutor, module.ThreadPoolExecutor.__init__
    new_future = module._base.Future

    def __init__(
        self: Any,
        max_workers: Any = None,
        thread_name_prefix: str = "",
        initializer: Any = None,
        initargs: tuple[Any, ...] = (),
        **options: Any,
    ) -> None:
        original(self, max_workers, thread_name_prefix, initializer, initargs, **options)
        self._initialize = partial(initializer, *initargs) if initializer else None

    def submit(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = new_future()
        loop = asyncio._get_running_loop() or getattr(Engine, "loop", None)
        call = partial(_called, self, partial(fn, *args, **kwargs))
        gate.enter(loop, lambda: _settle(future, call))  # type: ignore[arg-type]
        return future

    pool.__init__, pool.submit = __init__, submit


def _called(pool: Any, call: Callable[[], Any]) -> Any:
    """Call as a fresh thread would: with the pool's initializer before, in an empty context."""
    initialize, pool._initialize = pool._initialize, None
    if initialize:
        initialize()
    return Context().run(call)


def _settle(future: Any, call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as exc:
        future.set_exception(exc)
    else:
        future.set_result(result)


def wait_for_futures(module: ModuleType) -> None:
    """Let a future's result be waited for where that can be, and never hang."""
    originals = {name: getattr(module.Future, name) for name in ("result", "exception")}

    def waiting(name: str) -> Callable[..., Any]:
        def method(self: Any, timeout: float | None = None) -> Any:
            if not self.done():
                _wait(self, timeout)
            return originals[name](self, 0)

        method.__name__, method.__qualname__ = name, f"Future.{name}"
        return method

    for name in originals:
        setattr(module.Future, name, waiting(name))


def _wait(future: Any, timeout: float | None) -> None:
    if not can_wait():
        raise RuntimeError(
            "This code waits for the result of a concurrent.futures.Future that nobody could "
            "bring meanwhile: there are no threads, and this engine, or async code, cannot be "
            "suspended. Await asyncio.wrap_future(future) in async code instead."
        )

    def call_when_done(callback: Callable[[Any], None]) -> None:
        future.add_done_callback(callback)
        if timeout is not None:
            Engine.loop.call_later(timeout, callback, None)

    suspend_until(call_when_done)


ADAPTATIONS = (
    Adaptation(
        package="concurrent.futures",
        versions=_VERSIONS,
        module="concurrent.futures.thread",
        reason="ThreadPoolExecutor starts threads",
        apply=run_pools_inline,
    ),
    Adaptation(
        package="concurrent.futures",
        versions=_VERSIONS,
        module="concurrent.futures._base",
        reason="Future.result waits for another thread, for ever",
        apply=wait_for_futures,
    ),
)
