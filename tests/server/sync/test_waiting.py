import asyncio
import contextvars
import time
from typing import Any

import pytest

from tabcorn.server.sync.nested import NestedLoop, WouldBlockError
from tabcorn.server.sync.waiting import can_wait, suspend, wait

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


async def double(number: int) -> int:
    await asyncio.sleep(0.001)
    return 2 * number


def test_a_coroutine_is_run_to_its_end() -> None:
    assert wait(double(21)) == 42


def test_async_code_is_refused_and_leaves_no_coroutine_behind() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="await the function instead"):
            wait(double(1))
        with pytest.raises(RuntimeError, match="await it instead"):
            suspend(asyncio.sleep)  # type: ignore[arg-type]
        assert not can_wait()

    asyncio.run(main())


def test_the_context_is_a_copy() -> None:
    async def change() -> str:
        before = variable.get()
        variable.set("changed")
        return before

    variable.set("ours")
    assert (wait(change()), variable.get()) == ("ours", "ours")


def test_a_nested_loop_sleeps_for_timers() -> None:
    began = time.monotonic()
    wait(asyncio.sleep(0.05))
    assert time.monotonic() - began >= 0.045


def test_a_nested_loop_runs_tasks_and_executors() -> None:
    async def main() -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, NestedLoop)
        return await asyncio.gather(
            double(1), asyncio.to_thread(double_sync, 2), loop.run_in_executor(None, double_sync, 3)
        )

    assert wait(main()) == [2, 4, 6]


def double_sync(number: int) -> int:
    return 2 * number


def test_what_nobody_brings_is_an_error() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(WouldBlockError, match="in Chromium and Firefox this works"):
        wait(main())


def test_waiting_inside_waiting() -> None:
    async def outer() -> int:
        return await asyncio.to_thread(lambda: wait(double(4)))

    assert wait(outer()) == 8
