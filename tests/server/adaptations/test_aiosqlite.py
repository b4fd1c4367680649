"""See test_anyio.py."""

import asyncio
import sqlite3
from pathlib import Path

import aiosqlite
import pytest

from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401


async def write_and_read(path: str) -> list[int]:
    async with aiosqlite.connect(path) as connection:
        await connection.execute("create table t (x)")
        await connection.executemany("insert into t values (?)", [(1,), (2,)])
        await connection.commit()
        async with connection.execute("select x from t order by x") as cursor:
            return [row[0] async for row in cursor]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_aiosqlite_still_needs_threads() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        asyncio.run(write_and_read(":memory:"))


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("aiosqlite")

    def test_in_memory(self) -> None:
        assert asyncio.run(write_and_read(":memory:")) == [1, 2]

    def test_in_a_file(self, tmp_path: Path) -> None:
        file = str(tmp_path / "x.sqlite3")
        assert asyncio.run(write_and_read(file)) == [1, 2]
        with sqlite3.connect(file) as connection:
            assert connection.execute("select count(*) from t").fetchone() == (2,)
        connection.close()

    def test_an_error_comes_out(self) -> None:
        async def main() -> None:
            async with aiosqlite.connect(":memory:") as connection:
                await connection.execute("no sql")

        with pytest.raises(sqlite3.OperationalError):
            asyncio.run(main())

    def test_a_database_that_cannot_be_opened(self, tmp_path: Path) -> None:
        async def main() -> None:
            await aiosqlite.connect(tmp_path / "nowhere" / "x")

        with pytest.raises(sqlite3.OperationalError):
            asyncio.run(main())
