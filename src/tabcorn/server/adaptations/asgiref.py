"""asgiref: async_to_sync waits by our means, and contexts end without a thread.

Runs in Pyodide. sync_to_async needs nothing: it goes through `loop.run_in_executor`.
"""

import asyncio
import contextvars
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync.waiting import wait


def wait_inline(module: ModuleType) -> None:
    """Let `async_to_sync` run its function while the sync caller waits.

    The function finds a CurrentThreadExecutor, as always; the loop runs what is submitted to it.
    """

    original = module.AsyncToSync.__call__

    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        if asyncio._get_running_loop() is not None:
            return original(self, *args, **kwargs)  # which refuses
        outer = getattr(self.executors, "current", None)
        self.executors.current = module.CurrentThreadExecutor(outer)
        context = contextvars.copy_context()
        try:
            return wait(_awaited(self.awaitable, args, kwargs), context)
        finally:
            module._restore_context(context)
            self.executors.current = outer

    module.AsyncToSync.__call__ = __call__


async def _awaited(function: Any, args: Any, kwargs: Any) -> Any:
    return await function(*args, **kwargs)


def leave_executors_unjoined(module: ModuleType) -> None:
    """Let ThreadSensitiveContext end without a thread that waits for its executor's.

    The executor has none: the event loop has run its functions where they stood.
    """
    original = module.ThreadSensitiveContext.__aexit__
    executors = module.SyncToAsync.context_to_thread_executor

    async def __aexit__(self: Any, *exc_info: Any) -> None:
        its_own = getattr(self, "_executor", None) is None  # and not the caller's
        if its_own and (executor := executors.pop(self, None)):
            executor.shutdown(wait=False)
        await original(self, *exc_info)

    module.ThreadSensitiveContext.__aexit__ = __aexit__


def apply(module: ModuleType) -> None:
    """Both."""
    wait_inline(module)
    leave_executors_unjoined(module)


ADAPTATIONS = (
    Adaptation(
        package="asgiref",
        versions=">=3.8,<4",
        module="asgiref.sync",
        reason="async_to_sync waits for another thread, and at the end of every request that "
        "Django serves a thread waits for the end of the request's executor",
        apply=apply,
    ),
)
