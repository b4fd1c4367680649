"""SQLAlchemy's asyncio part without greenlets: over a module that stands for its own.

SQLAlchemy itself runs in the browser's tests: nothing else here needs it.
"""

import asyncio
import sys
from collections.abc import Awaitable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tabcorn.build.known import COMPILED
from tabcorn.server.adaptations.sqlalchemy import do_without_greenlets
from tabcorn.server.sync.nested import WouldBlockError


class MissingGreenlet(Exception):
    """As SQLAlchemy names it."""


class AwaitRequired(Exception):
    """As SQLAlchemy names it."""


@pytest.fixture
def concurrency(monkeypatch: pytest.MonkeyPatch) -> Any:
    errors = SimpleNamespace(MissingGreenlet=MissingGreenlet, AwaitRequired=AwaitRequired)
    monkeypatch.setitem(sys.modules, "sqlalchemy.exc", errors)
    module = ModuleType("sqlalchemy.util.concurrency")
    do_without_greenlets(module)
    return module


async def answer(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value


def test_greenlet_is_still_compiled_code() -> None:
    """It was tried: the day that it has a wheel for Pyodide, it leaves this list."""
    assert "greenlet" in COMPILED


def test_sync_code_awaits_where_it_stands(concurrency: Any) -> None:
    async def main() -> Any:
        task = asyncio.current_task()

        async def same_task() -> bool:
            return asyncio.current_task() is task

        def code(plus: int, *, by: int) -> Any:
            return [concurrency.await_(answer(plus)) + by, concurrency.await_only(same_task())]

        return [await concurrency.greenlet_spawn(code, 40, by=2), concurrency.in_greenlet()]

    assert asyncio.run(main()) == [[42, True], False]


def test_errors_pass_both_ways(concurrency: Any) -> None:
    def code() -> Any:
        try:
            concurrency.await_(answer(KeyError("inner")))
        except KeyError as error:
            raise ValueError("outer") from error

    with pytest.raises(ValueError, match="outer"):
        asyncio.run(concurrency.greenlet_spawn(code))


def test_io_in_an_unexpected_place_is_refused(concurrency: Any) -> None:
    async def main() -> None:
        concurrency.await_(answer(1))

    with pytest.raises(MissingGreenlet):
        asyncio.run(main())


def test_async_code_inside_is_async_code(concurrency: Any) -> None:
    async def inner() -> Any:
        with pytest.raises(MissingGreenlet):
            concurrency.await_(answer(1))
        return await concurrency.greenlet_spawn(lambda: concurrency.await_(answer("deep")))

    def code() -> Any:
        return [concurrency.await_(inner()), concurrency.await_(answer("after"))]

    assert asyncio.run(concurrency.greenlet_spawn(code)) == ["deep", "after"]


def test_a_driver_that_is_not_async_is_told(concurrency: Any) -> None:
    with pytest.raises(AwaitRequired):
        asyncio.run(concurrency.greenlet_spawn(int, _require_await=True))


def test_what_takes_another_task_is_an_error_where_nothing_suspends(concurrency: Any) -> None:
    def code(others: Awaitable[Any]) -> Any:
        return concurrency.await_(others)

    async def main() -> None:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, 1)
        await concurrency.greenlet_spawn(code, future)

    with pytest.raises((WouldBlockError, RuntimeError)):
        asyncio.run(main())


def test_a_lock(concurrency: Any) -> None:
    lock = concurrency.AsyncAdaptedLock()

    def code() -> bool:
        with lock:
            return bool(lock.mutex.locked())

    async def main() -> Any:
        return [await concurrency.greenlet_spawn(code), lock.mutex.locked()]

    assert asyncio.run(main()) == [True, False]


def test_cancellation_and_timeouts_end_a_connection(concurrency: Any) -> None:
    some = asyncio.CancelledError(), TimeoutError(), ValueError()
    assert [concurrency.is_exit_exception(error) for error in some] == [True, True, False]
