"""The bench itself, once and short: it drives the lanes in each engine, and all of them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.built import REQUESTS, Built, build
from bench.lanes import Lane, visit, ways
from bench.measures import key
from bench.run import measure

if TYPE_CHECKING:
    from tests.browser.engines import Engine


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(REQUESTS, tmp_path_factory.mktemp("bench"))


def test_requests(engine: Engine, built: Built) -> None:
    found = measure(engine, "requests", built, runs=1, quick=True)
    own = [key("GET own script, p50", lane) for lane in (Lane.PROJECT, Lane.UVICORN, Lane.SEED)]
    through = [key("1 MB through the service worker", lane) for lane in (Lane.PROJECT, Lane.FLOOR)]
    for name in [*own, *through]:
        assert found.values[name] > [0], name
    assert found.browser
    assert found.machine


def test_first_visit_and_floor(engine: Engine, built: Built) -> None:
    with ways(built, Lane.PROJECT, Lane.FLOOR) as up:
        first, floor = visit(engine, up[Lane.PROJECT]), visit(engine, up[Lane.FLOOR])
        host = up[Lane.PROJECT].host
    assert first.milliseconds > floor.milliseconds > 0
    assert host
    assert host.bytes_until(first.moment) > 1_000_000
