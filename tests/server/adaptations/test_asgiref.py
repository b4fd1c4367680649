"""See test_anyio.py."""

import asyncio
import contextvars
import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asgiref.sync
import pytest
from asgiref.sync import async_to_sync, sync_to_async

from tests.server.adapting import Adapt, _no_threads, adapt, run  # noqa: F401

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


async def in_context() -> str:
    async with asgiref.sync.ThreadSensitiveContext():
        return await sync_to_async(lambda: "called")()


def test_the_end_of_a_context_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        run(in_context())


@pytest.mark.filterwarnings("ignore:coroutine.*was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_async_to_sync_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        async_to_sync(asyncio.sleep)(0)
    gc.collect()  # what it leaves behind, within this test


async def add(a: int, b: int) -> int:
    await asyncio.sleep(0.001)
    return a + b


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("asgiref")

    def test_a_context_ends(self) -> None:
        assert run(in_context()) == "called"
        assert not asgiref.sync.SyncToAsync.context_to_thread_executor

    def test_async_from_sync(self) -> None:
        assert async_to_sync(add)(1, b=2) == 3

    def test_both_ways_in_turn(self) -> None:
        """As in a chain of sync and async middleware: asgiref hands variables back, our own too."""

        def inner() -> int:
            return async_to_sync(add)(1, 1)

        async def middle() -> list[int]:
            return [await sync_to_async(inner)(), await sync_to_async(inner)()]

        def outer() -> list[int]:
            return [*async_to_sync(middle)(), *async_to_sync(middle)()]

        assert run(sync_to_async(outer)()) == [2, 2, 2, 2]

    def test_both_ways_nested(self) -> None:
        async def nested(depth: int) -> int:
            if depth == 0:
                return await add(0, 0)
            return 1 + await sync_to_async(async_to_sync(nested))(depth - 1)

        assert run(nested(5)) == 5

    def test_an_exception_comes_out(self) -> None:
        async def fails() -> None:
            await asyncio.sleep(0)
            raise KeyError("x")

        with pytest.raises(KeyError):
            async_to_sync(fails)()

    def test_context_variables_go_in_and_come_out(self) -> None:
        async def change() -> str:
            before = variable.get()
            variable.set("changed")
            return before

        def sync() -> tuple[str, str]:
            variable.set("ours")
            return async_to_sync(change)(), variable.get()

        assert run(sync_to_async(sync)()) == ("ours", "changed")

    def test_sync_code_runs_in_the_thread_of_its_caller(self) -> None:
        seen: list[Any] = []

        async def inner() -> None:
            await sync_to_async(lambda: seen.append(asyncio._get_running_loop()))()

        run(sync_to_async(async_to_sync(inner))())
        assert seen == [None]

    def test_async_code_is_refused_in_asgirefs_words(self) -> None:
        async def main() -> None:
            async_to_sync(add)(1, 2)

        with pytest.raises(RuntimeError, match="You cannot use AsyncToSync in the same thread"):
            run(main())

    def test_timeouts_tasks_and_groups(self) -> None:
        async def several() -> int:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(add(n, n)) for n in range(3)]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await asyncio.sleep(60)
            return sum(task.result() for task in tasks)

        assert async_to_sync(several)() == 6

    def test_what_cannot_come_is_an_error_and_no_hang(self) -> None:
        async def never() -> None:
            await asyncio.get_running_loop().create_future()

        with pytest.raises(RuntimeError, match="has no JSPI"):
            async_to_sync(never)()

    def test_it_leaves_pools_alone(self) -> None:
        with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="new thread"):
            pool.submit(len, "")
