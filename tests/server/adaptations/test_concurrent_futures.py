"""See test_anyio.py. What differs between pools and threads is said in docs/server-behavior.md."""

import asyncio
import concurrent.futures
import contextvars
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


def test_pools_still_need_threads() -> None:
    with ThreadPoolExecutor() as pool, pytest.raises(RuntimeError, match="can't start new thread"):
        pool.submit(len, "")


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("concurrent.futures")

    def test_submit(self) -> None:
        with ThreadPoolExecutor() as pool:
            assert pool.submit(divmod, 7, 2).result() == (3, 1)

    def test_map_and_as_completed(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(abs, [-1, -2])) == [1, 2]
            futures = [pool.submit(abs, number) for number in (-3, -4)]
            done = [future.result() for future in concurrent.futures.as_completed(futures)]
            assert sorted(done) == [3, 4]

    def test_an_exception_comes_out(self) -> None:
        with ThreadPoolExecutor() as pool:
            future = pool.submit(divmod, 1, 0)
        assert isinstance(future.exception(), ZeroDivisionError)
        with pytest.raises(ZeroDivisionError):
            future.result()

    def test_the_initializer_is_called_once(self) -> None:
        called: list[str] = []
        with ThreadPoolExecutor(1, initializer=called.append, initargs=("ready",)) as pool:
            list(pool.map(called.append, "ab"))
        assert called == ["ready", "a", "b"]

    def test_a_pool_that_was_shut_down_takes_nothing(self) -> None:
        pool = ThreadPoolExecutor()
        pool.shutdown()
        with pytest.raises(RuntimeError, match="after shutdown"):
            pool.submit(len, "")

    def test_a_thread_has_no_running_loop_and_a_context_of_its_own(self) -> None:
        async def main() -> tuple[object, str]:
            variable.set("ours")
            with ThreadPoolExecutor() as pool:
                return (
                    pool.submit(asyncio._get_running_loop).result(),
                    pool.submit(variable.get).result(),
                )

        assert asyncio.run(main()) == (None, "unset")

    def test_a_future_that_nobody_completes_is_an_error_and_no_hang(self) -> None:
        future: Future[int] = Future()
        for wait in (future.result, future.exception):
            with pytest.raises(RuntimeError, match="waits for the result"):
                wait(1)

    def test_a_future_that_is_done_needs_no_waiting(self) -> None:
        future: Future[int] = Future()
        future.set_result(1)
        assert (future.result(), future.exception()) == (1, None)
