"""anyio: worker threads become functions called where they stand, and these may call back.

Runs in Pyodide. The sync functions of FastAPI and Starlette all go through here.
"""

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync.gate import gate, running
from tabcorn.server.sync.waiting import wait


def run_workers_inline(module: ModuleType) -> None:
    """Let `anyio.to_thread.run_sync` call the function where it stands.

    All else is as with a thread: the checkpoint before, the limiter, a copy of the context.
    A cancellation waits for the function, as it does with a thread by default;
    `abandon_on_cancel` abandons one that has not begun.
    """

    async def run_sync_in_worker_thread(
        cls: Any,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        abandon_on_cancel: bool = False,
        limiter: Any = None,
    ) -> Any:
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            with module.CancelScope(shield=not abandon_on_cancel) as scope:
                seen = scope if abandon_on_cancel else scope._parent_scope or scope
                return await gate.submit(_as_worker(module, cls, func, args, seen))

    module.AsyncIOBackend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)


def _as_worker(
    module: ModuleType, backend: Any, func: Callable[..., Any], args: tuple[Any, ...], scope: Any
) -> Callable[[], Any]:
    context = contextvars.copy_context()
    token = backend.current_token()

    def call() -> Any:
        with _worker(module, backend, token, scope):
            return context.run(func, *args)

    return call


@contextmanager
def _worker(module: ModuleType, backend: Any, token: Any, scope: Any) -> Iterator[None]:
    """Set what anyio keeps for a worker thread, for as long as the function runs."""
    local = module.threadlocals
    before = dict(vars(local))
    try:
        with module.claim_worker_thread(backend, token):
            local.current_cancel_scope = scope
            yield
    finally:
        vars(local).clear()
        vars(local).update(before)


# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG001


def call_back_inline(module: ModuleType) -> None:
    """Let `anyio.from_thread.run` and `run_sync` reach the loop from such a function."""

    def run_async_from_thread(
        cls: Any,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        token: Any,
    ) -> Any:
        return wait(func(*args))

    def run_sync_from_thread(
        cls: Any,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        token: Any,
    ) -> Any:
        local = module.threadlocals
        with running(token or local.current_token.native_token):
            return func(*args)

    module.AsyncIOBackend.run_async_from_thread = classmethod(run_async_from_thread)
    module.AsyncIOBackend.run_sync_from_thread = classmethod(run_sync_from_thread)


def apply(module: ModuleType) -> None:
    """Both ways."""
    run_workers_inline(module)
    call_back_inline(module)


ADAPTATIONS = (
    Adaptation(
        package="anyio",
        versions=">=4.1,<5",
        module="anyio._backends._asyncio",
        reason="starts a worker thread for every sync function: `def` endpoints and dependencies "
        "of FastAPI, StaticFiles, FileResponse, UploadFile, sync background tasks and iterators",
        apply=apply,
    ),
)
