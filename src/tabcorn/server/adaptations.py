"""Every change made to somebody else's package so that it runs without threads, in one place.

Runs in Pyodide, where `threading.Thread.start` raises; `imports` applies a change when its module
is imported, so that nothing here imports a third-party package. Each has a test that fails when
upstream no longer needs it.
"""

import sys
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tabcorn.server import imports


@dataclass(frozen=True)
class Adaptation:
    """A change to one module of one package."""

    package: str
    versions: str  # a specifier set: the releases it was tried with
    module: str
    reason: str
    apply: Callable[[ModuleType], None]


def install(force: bool = False) -> None:
    """Have each adaptation applied when its module is imported, or now when it was already."""
    if sys.platform == "emscripten" or force:
        imports.follow({adaptation.module: adaptation.apply for adaptation in ADAPTATIONS})


def run_anyio_workers_inline(module: ModuleType) -> None:
    """Let `anyio.to_thread.run_sync` call the function where it stands.

    All else is as with a thread: the checkpoint before, the limiter, a copy of the context.
    A cancellation waits for the function, as it does with a thread by default;
    `abandon_on_cancel` has nothing to abandon, since nothing else runs meanwhile.
    anyio.from_thread says that this is no worker thread: waiting for the loop here would hang it.
    """

    async def run_sync_in_worker_thread(
        cls: Any,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        abandon_on_cancel: bool = False,  # noqa: ARG001
        limiter: Any = None,
    ) -> Any:
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            return _call(copy_context(), func, args)

    module.AsyncIOBackend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)


def _call(context: Context, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        return context.run(func, *args)
    except StopIteration as exc:  # no coroutine can raise it, so anyio's worker says it like this
        raise RuntimeError("coroutine raised StopIteration") from exc


def run_datasette_queries_inline(module: ModuleType) -> None:
    """Let Datasette use its own mode without threads, whatever the app's settings say."""
    original = module.Datasette.setting

    def setting(self: Any, key: str) -> Any:
        return 0 if key == "num_sql_threads" else original(self, key)

    module.Datasette.setting = setting


def leave_asgiref_executors_unjoined(module: ModuleType) -> None:
    """Let asgiref's ThreadSensitiveContext end without a thread that waits for its executor's.

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


ADAPTATIONS = (
    Adaptation(
        package="anyio",
        versions=">=4.1,<5",
        module="anyio._backends._asyncio",
        reason="starts a worker thread for every sync function: `def` endpoints and dependencies "
        "of FastAPI, StaticFiles, FileResponse, UploadFile, sync background tasks and iterators",
        apply=run_anyio_workers_inline,
    ),
    Adaptation(
        package="asgiref",
        versions=">=3.8,<4",
        module="asgiref.sync",
        reason="starts a thread at the end of every request that Django serves, "
        "to wait for the end of the request's executor",
        apply=leave_asgiref_executors_unjoined,
    ),
    Adaptation(
        package="datasette",
        versions=">=0.61,<2",
        module="datasette.app",
        reason="runs queries in a thread pool and writes in a thread of their own, "
        "unless the setting num_sql_threads is 0",
        apply=run_datasette_queries_inline,
    ),
)
