"""anyio: worker threads become functions called where they stand, and these may call back.

Runs in Pyodide. The sync functions of FastAPI and Starlette all go through here.
"""

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isawaitable
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync.gate import gate, running
from tabcorn.server.sync.waiting import wait

_VERSIONS = ">=4.1,<5"


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


def call_portals_inline(module: ModuleType) -> None:
    """Let sync code reach the loop through a BlockingPortal: it has the loop's thread, but no loop.

    `call` waits where it stands, which every engine can; `start_task_soon` is anyio's own.
    """
    original = module.BlockingPortal._check_running

    def _check_running(self: Any) -> None:
        if self._event_loop_thread_id is None or asyncio._get_running_loop() is not None:
            original(self)  # which refuses

    def call(self: Any, func: Callable[..., Any], *args: Any) -> Any:
        self._check_running()
        return wait(_result_of(func, args))

    module.BlockingPortal._check_running = _check_running
    module.BlockingPortal.call = call


async def _result_of(func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    result = func(*args)
    return await result if isawaitable(result) else result


ADAPTATIONS = (
    Adaptation(
        package="anyio",
        versions=_VERSIONS,
        module="anyio.from_thread",
        reason="a BlockingPortal tells sync code by its thread",
        apply=call_portals_inline,
    ),
    Adaptation(
        package="anyio",
        versions=_VERSIONS,
        module="anyio._backends._asyncio",
        reason="starts a worker thread for every sync function: `def` endpoints and dependencies "
        "of FastAPI, StaticFiles, FileResponse, UploadFile, sync background tasks and iterators",
        apply=apply,
    ),
)
