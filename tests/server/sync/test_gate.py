import asyncio
from typing import Any

import pytest

from tabcorn.server.sync.gate import Gate, on_behalf_of, running


def test_a_function_runs_at_once_without_a_running_loop() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        future = gate.submit(lambda: order.append(asyncio._get_running_loop()))
        assert order == [None]
        assert asyncio.get_running_loop() is future.get_loop()
        assert asyncio.current_task() is not None
        await future

    asyncio.run(main())


def test_results_and_exceptions() -> None:
    async def main() -> None:
        gate = Gate()
        assert await gate.submit(lambda: 1) == 1
        with pytest.raises(ZeroDivisionError):
            await gate.submit(lambda: 1 // 0)
        with pytest.raises(RuntimeError, match="raised StopIteration"):
            await gate.submit(lambda: next(iter(())))
        assert gate.turn is None

    asyncio.run(main())


class Suspended:
    """Stands for a sync function that waits: others are let in while it does."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.futures: list[asyncio.Future[Any]] = []

    def __call__(self, *meanwhile: Any) -> None:
        loop = asyncio.get_event_loop_policy().get_event_loop()
        with running(loop):
            self.futures += [self.gate.submit(call) for call in meanwhile]


def test_others_queue_while_a_function_waits_and_come_in_their_order() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        suspended = Suspended(gate)

        def function() -> None:
            order.append("begins")
            suspended(lambda: order.append("second"), lambda: order.append("third"))
            order.append("ends")

        await gate.submit(function)
        assert order == ["begins", "ends"]
        await asyncio.gather(*suspended.futures)
        assert order == ["begins", "ends", "second", "third"]
        assert gate.turn is None

    asyncio.run(main())


def test_one_that_came_later_does_not_overtake() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        suspended = Suspended(gate)
        first = gate.submit(lambda: suspended(lambda: order.append("queued")))
        later = gate.submit(lambda: order.append("later"))
        assert order == []
        await asyncio.gather(first, later, *suspended.futures)
        assert order == ["queued", "later"]

    asyncio.run(main())


def test_what_a_function_waits_for_does_not_queue_behind_it() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        suspended = Suspended(gate)

        def function() -> None:
            assert Gate.current is gate.turn is not None
            token = on_behalf_of.set(gate.turn)
            suspended(lambda: order.append("inner"), lambda: order.append("next"))
            on_behalf_of.reset(token)
            order.append("outer")

        await gate.submit(function)
        assert order == ["inner", "next", "outer"]

    asyncio.run(main())


def test_what_it_waits_for_comes_one_at_a_time_too() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        suspended = Suspended(gate)

        def outer() -> None:
            assert gate.turn
            on_behalf_of.set(gate.turn)
            suspended(inner)
            order.append("outer")

        def inner() -> None:
            order.append("inner begins")
            suspended(lambda: order.append("sibling"))
            order.append("inner ends")

        await gate.submit(outer)
        assert order == ["inner begins", "inner ends", "outer"]
        await asyncio.gather(*suspended.futures)
        assert order[3:] == ["sibling"]

    asyncio.run(main())


def test_nothing_stays_behind_of_a_turn() -> None:
    async def main() -> None:
        gate = Gate()

        def function() -> None:
            assert gate.turn
            on_behalf_of.set(gate.turn)

        await gate.submit(function)
        assert await gate.submit(lambda: "later") == "later"
        assert gate.turn is None

    asyncio.run(main())


def test_one_that_was_cancelled_in_the_queue_is_not_called() -> None:
    async def main() -> None:
        gate, order = Gate(), []
        suspended = Suspended(gate)
        await gate.submit(
            lambda: suspended(lambda: order.append("cancelled"), lambda: order.append("next"))
        )
        suspended.futures[0].cancel()
        await suspended.futures[1]
        assert order == ["next"]

    asyncio.run(main())
