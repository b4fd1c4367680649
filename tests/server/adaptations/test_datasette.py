"""See test_anyio.py."""

import asyncio

import pytest
from datasette.app import Datasette

from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401


async def count() -> int:
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


def test_datasette_works_without(adapt: Adapt) -> None:  # noqa: F811
    adapt("datasette")
    assert asyncio.run(count()) == 1
