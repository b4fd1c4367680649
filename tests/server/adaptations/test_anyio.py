"""Each adaptation is tried with its package where no thread can start: without it the package
fails, with it the package works. When the first half fails, upstream needs the adaptation no more.
"""

import asyncio
import contextvars
import functools
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest

from tabcorn.server.sync.gate import running
from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


@pytest.fixture
def _adapted_anyio(adapt: Adapt) -> None:  # noqa: F811
    adapt("anyio")


def run_sync(*args: Any, **options: Any) -> Any:
    async def main() -> Any:
        return await anyio.to_thread.run_sync(*args, **options)

    return asyncio.run(main())


def test_anyio_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        run_sync(len, "abc")


def test_a_portal_still_tells_by_the_thread() -> None:
    async def main() -> None:
        async with anyio.from_thread.BlockingPortal() as portal:
            with running(None), pytest.raises(RuntimeError, match="from the event loop thread"):
                portal.start_task_soon(anyio.sleep, 0)

    asyncio.run(main())


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
                cancel = functools.partial(anyio.from_thread.run_sync, scope.cancel)
                await anyio.to_thread.run_sync(cancel, abandon_on_cancel=abandon)
                done.append("called")
                await anyio.sleep(0)
                done.append("not reached")
            assert scope.cancelled_caught
            assert done == ["called"]

        asyncio.run(main())

    def test_a_function_calls_back_into_async_code(self) -> None:
        async def double(number: int) -> int:
            await asyncio.sleep(0)
            return 2 * number

        assert run_sync(anyio.from_thread.run, double, 21) == 42

    def test_and_from_there_into_a_worker(self) -> None:
        async def deeper() -> int:
            return await anyio.to_thread.run_sync(anyio.from_thread.run, double)

        async def double() -> int:
            await anyio.sleep(0.001)
            return 42

        def function() -> tuple[int, int]:
            return anyio.from_thread.run(deeper), anyio.from_thread.run(double)

        assert run_sync(function) == (42, 42)

    def test_a_function_calls_back_into_the_loop(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            function = anyio.from_thread.run_sync
            assert await anyio.to_thread.run_sync(function, asyncio.get_running_loop) is loop

        asyncio.run(main())

    def test_a_function_calls_through_a_portal(self) -> None:
        async def double(number: int) -> int:
            await anyio.sleep(0.001)
            return 2 * number

        async def main() -> None:
            async with anyio.from_thread.BlockingPortal() as portal:
                call = portal.call
                with pytest.raises(RuntimeError, match="from the event loop thread"):
                    call(abs, -1)
                assert await anyio.to_thread.run_sync(call, double, 21) == 42
                assert await anyio.to_thread.run_sync(call, abs, -1) == 1

        asyncio.run(main())

    def test_a_function_sees_no_running_loop_as_in_a_thread(self) -> None:
        with pytest.raises(RuntimeError, match="no running event loop"):
            run_sync(asyncio.get_running_loop)

    def test_a_function_can_ask_whether_it_was_cancelled(self) -> None:
        async def main() -> None:
            with anyio.CancelScope() as scope:
                scope.cancel()
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(anyio.from_thread.check_cancelled)
                await anyio.to_thread.run_sync(anyio.from_thread.check_cancelled)

        asyncio.run(main())

    def test_nothing_of_the_worker_stays(self) -> None:
        with pytest.raises(Exception, match="AnyIO worker thread"):
            run_sync(lambda: None) or anyio.from_thread.run(anyio.sleep, 0)
