"""Each adaptation is tried with its package where no thread can start: without it the package
fails, with it the package works. When the first half fails, upstream needs the adaptation no more.
"""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG001, ARG002

import asyncio
import contextvars
import importlib
import importlib.metadata
import sys
import threading
from typing import Any

import anyio
import anyio._backends._asyncio as anyio_asyncio
import anyio.from_thread
import anyio.to_thread
import asgiref.sync
import pytest
from packaging.specifiers import SpecifierSet

from tabcorn.server import adaptations
from tabcorn.server.adaptations import ADAPTATIONS, Adaptation

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


@pytest.fixture(autouse=True)
def _no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


def adapt(monkeypatch: pytest.MonkeyPatch, package: str, owner: object, name: str) -> None:
    """Apply an adaptation, to be undone after the test."""
    adaptation = next(item for item in ADAPTATIONS if item.package == package)
    monkeypatch.setattr(owner, name, vars(owner)[name])
    adaptation.apply(importlib.import_module(adaptation.module))


@pytest.fixture
def _adapted_anyio(monkeypatch: pytest.MonkeyPatch) -> None:
    adapt(monkeypatch, "anyio", anyio_asyncio.AsyncIOBackend, "run_sync_in_worker_thread")


@pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda adaptation: adaptation.package)
def test_the_installed_release_is_one_it_was_tried_with(adaptation: Adaptation) -> None:
    version = importlib.metadata.version(adaptation.package)
    assert SpecifierSet(adaptation.versions).contains(version, prereleases=True)
    assert adaptation.reason


def test_nothing_is_adapted_where_threads_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = list(sys.meta_path)
    adaptations.install()
    assert sys.meta_path == before


# anyio


def run_sync(*args: Any, **options: Any) -> Any:
    async def main() -> Any:
        return await anyio.to_thread.run_sync(*args, **options)

    return asyncio.run(main())


def test_anyio_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        run_sync(len, "abc")


@pytest.mark.usefixtures("_adapted_anyio")
class TestAnyio:
    def test_a_function_is_called_with_its_arguments(self) -> None:
        assert run_sync(divmod, 7, 2) == (3, 1)

    def test_an_exception_comes_out(self) -> None:
        with pytest.raises(ZeroDivisionError):
            run_sync(divmod, 1, 0)

    def test_stop_iteration_comes_out_as_with_a_thread(self) -> None:
        with pytest.raises(RuntimeError, match="coroutine raised StopIteration") as caught:
            run_sync(next, iter(()))
        assert isinstance(caught.value.__cause__, StopIteration)

    def test_the_context_is_a_copy(self) -> None:
        def change() -> str:
            before = variable.get()
            variable.set("changed")
            return before

        async def main() -> None:
            variable.set("ours")
            assert await anyio.to_thread.run_sync(change) == "ours"
            assert variable.get() == "ours"

        asyncio.run(main())

    def test_other_tasks_run_before_the_call(self) -> None:
        async def main() -> None:
            order: list[str] = []
            task = asyncio.create_task(anyio.to_thread.run_sync(order.append, "call"))
            asyncio.get_running_loop().call_soon(order.append, "other")
            await task
            assert order == ["other", "call"]

        asyncio.run(main())

    def test_the_limiter_is_held_during_the_call(self) -> None:
        async def main() -> None:
            limiter = anyio.CapacityLimiter(1)
            held = await anyio.to_thread.run_sync(
                lambda: limiter.statistics().borrowed_tokens, limiter=limiter
            )
            assert (held, limiter.borrowed_tokens) == (1, 0)

        asyncio.run(main())

    @pytest.mark.parametrize("abandon", [False, True])
    def test_a_cancelled_task_does_not_call(self, abandon: bool) -> None:
        async def main() -> None:
            called: list[int] = []
            with anyio.CancelScope() as scope:
                scope.cancel()
                await anyio.to_thread.run_sync(called.append, 1, abandon_on_cancel=abandon)
            assert scope.cancelled_caught
            assert called == []

        asyncio.run(main())

    @pytest.mark.parametrize("abandon", [False, True])
    def test_a_cancellation_during_the_call_waits_for_it(self, abandon: bool) -> None:
        async def main() -> None:
            done = []
            with anyio.CancelScope() as scope:
                await anyio.to_thread.run_sync(scope.cancel, abandon_on_cancel=abandon)
                done.append("called")
                await anyio.sleep(0)
                done.append("not reached")
            assert scope.cancelled_caught
            assert done == ["called"]

        asyncio.run(main())

    def test_calling_back_into_the_loop_is_refused_and_does_not_hang(self) -> None:
        with pytest.raises(RuntimeError, match="AnyIO worker thread"):
            run_sync(anyio.from_thread.run, anyio.sleep, 0)


# asgiref


class PyodideLikeLoop(asyncio.SelectorEventLoop):
    """Runs executor functions where they stand, as Pyodide's WebLoop does."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        future.set_result(func(*args))
        return future


def run_in_context() -> str:
    async def main() -> str:
        async with asgiref.sync.ThreadSensitiveContext():
            return await asgiref.sync.sync_to_async(lambda: "called")()

    with asyncio.Runner(loop_factory=PyodideLikeLoop) as runner:
        return runner.run(main())


def test_asgiref_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        run_in_context()


def test_asgiref_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    adapt(monkeypatch, "asgiref", asgiref.sync.ThreadSensitiveContext, "__aexit__")
    assert run_in_context() == "called"
    assert not asgiref.sync.SyncToAsync.context_to_thread_executor


# datasette


async def count() -> int:
    from datasette.app import Datasette

    datasette = Datasette([], memory=True)
    database_ = datasette.add_memory_database("adapted")
    try:
        await database_.execute_write("create table if not exists t (x)")
        await database_.execute_write("insert into t values (1)")
        rows = await database_.execute("select count(*) from t")
        return int(rows.single_value())
    finally:
        datasette.close()


def test_datasette_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="thread"):
        asyncio.run(count())


def test_datasette_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    from datasette.app import Datasette

    adapt(monkeypatch, "datasette", Datasette, "setting")
    assert asyncio.run(count()) == 1
