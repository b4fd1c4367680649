import asyncio
import gc
from collections.abc import Iterator

import pytest

from tabcorn.server.sync import collector as module
from tabcorn.server.sync.collector import Collector


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    for name in ("enable", "disable", "collect", "isenabled"):
        monkeypatch.setattr(gc, name, getattr(gc, name))
    made = Collector()
    made.install()
    yield made
    made.enable()


@pytest.fixture
def asked(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []

    def collect(generation: int = 2) -> int:
        seen.append(generation)
        return 0

    monkeypatch.setattr(collector, "_collect", collect)
    return seen


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_automatic_collection_is_off_while_a_stack_is_suspended(
    collector: Collector, loop: asyncio.AbstractEventLoop
) -> None:
    with collector.suspension(loop):
        assert not module._isenabled()
        with collector.suspension(loop):
            assert not module._isenabled()
        assert not module._isenabled()
        assert gc.isenabled()  # as far as the app can tell
    assert module._isenabled()


def test_an_app_that_switches_it_on_waits(
    collector: Collector, loop: asyncio.AbstractEventLoop
) -> None:
    gc.disable()
    with collector.suspension(loop):
        gc.enable()
        assert not module._isenabled()
    assert module._isenabled()


def test_an_app_that_switched_it_off_keeps_it_off(
    collector: Collector, loop: asyncio.AbstractEventLoop, asked: list[int]
) -> None:
    gc.disable()
    with collector.suspension(loop):
        litter()
    assert not module._isenabled()
    assert asked == []


def test_the_collection_that_crashes_is_never_made(
    collector: Collector, loop: asyncio.AbstractEventLoop, asked: list[int]
) -> None:
    with collector.suspension(loop):
        for generation in range(3):
            gc.collect(generation)
    gc.collect(1)
    assert asked == [0, 0, 2, 1]


def litter() -> list[list[object]]:
    return [[None] for _ in range(2 * module.YOUNG)]


def test_garbage_is_collected_meanwhile(collector: Collector, asked: list[int]) -> None:
    async def main() -> None:
        with collector.suspension(asyncio.get_running_loop()):
            kept = litter()
            await asyncio.sleep(3 * module.TICK)
            assert asked
            assert set(asked) <= {0, 2}
            del kept

    asyncio.run(main())
