"""What sync code does, by the name of a function: GET /run/<name>?url=<a server elsewhere>."""

import asyncio
import concurrent.futures
import gc
import socket
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable
from typing import Any

import aiosqlite
import anyio.from_thread
import anyio.to_thread
import clients  # type: ignore[import-not-found]
import httpx
import httpx2
import mirror  # type: ignore[import-not-found]
import requests
from asgiref.sync import async_to_sync, sync_to_async
from sqlalchemy import ForeignKey, StaticPool, create_engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route

ticks = 0


async def home(_: Request) -> HTMLResponse:
    return HTMLResponse("<!doctype html><title>Sync</title><p>sync")


async def run(request: Request) -> JSONResponse:
    """Run a function: a sync one in a worker thread, as frameworks do."""
    function = KNOWN[request.path_params["name"]]
    url = request.query_params.get("url", "")
    arguments = (url,) if url else ()
    try:
        if asyncio.iscoroutinefunction(function):
            answer = await function(*arguments)
        else:
            answer = await anyio.to_thread.run_sync(function, *arguments)
    except Exception as error:
        traceback.print_exc()
        answer = f"{type(error).__name__}: {error}"
    return JSONResponse(answer)


# Waiting


async def slow(answer: Any = "slow") -> Any:
    await asyncio.sleep(0.02)
    return answer


def from_async_to_sync() -> Any:
    return async_to_sync(slow)()


def nested() -> Any:
    async def deeper(depth: int) -> int:
        if not depth:
            return int(await slow(0))
        return 1 + await sync_to_async(async_to_sync(deeper))(depth - 1)

    return async_to_sync(deeper)(4)


def from_thread() -> Any:
    return anyio.from_thread.run(slow)


def run_in_sync() -> Any:
    return asyncio.run(slow())


def pool() -> Any:
    with concurrent.futures.ThreadPoolExecutor() as executor:
        return list(executor.map(abs, [-1, -2, -3]))


def another_loops_future() -> Any:
    """Only suspending the stack can do it."""
    future = asyncio.run_coroutine_threadsafe(slow("from the loop"), main_loop)
    return future.result(5)


async def to_thread() -> Any:
    global main_loop
    main_loop = asyncio.get_running_loop()
    return await asyncio.to_thread(another_loops_future)


main_loop: asyncio.AbstractEventLoop


async def sleeping() -> Any:
    """Return how often the loop turned while a sync function slept."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    task = asyncio.create_task(turn())
    await asyncio.to_thread(time.sleep, 0.3)
    task.cancel()
    return turns > 5


async def one_at_a_time() -> Any:
    order: list[str] = []

    def step(name: str) -> None:
        order.append(name)
        time.sleep(0.02)
        order.append(name)

    await asyncio.gather(*[asyncio.to_thread(step, name) for name in "abc"])
    return "".join(order)


async def sqlite() -> Any:
    async with aiosqlite.connect("/tmp/sync.sqlite3") as connection:
        await connection.execute("create table if not exists t (x)")
        await connection.execute("insert into t values (1)")
        await connection.commit()
        async with connection.execute("select max(x) from t") as cursor:
            row = await cursor.fetchone()
            return row and row[0]


def sqlalchemy() -> Any:
    engine = create_engine("sqlite:////tmp/alchemy.sqlite3")
    with engine.begin() as connection:
        return connection.execute(text("select 40 + 2")).scalar()


class Base(AsyncAttrs, DeclarativeBase):  # type: ignore[misc]
    """What the ORM maps."""


class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int] = mapped_column(ForeignKey("shelf.id"))


async def sqlalchemy_in_async_code() -> Any:
    """Tell what a session does: lazy loads, a savepoint, an error, a stream, eight at once."""
    engine = create_async_engine("sqlite+aiosqlite:///:memory:", poolclass=StaticPool)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    told: list[Any] = []
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add(Shelf(name="a", books=[Book(), Book()]))
        await session.commit()
        shelf = (await session.scalars(select(Shelf))).one()
        session.expire(shelf)
        try:
            told.append(shelf.name)
        except StatementError as error:  # for MissingGreenlet
            told.append(type(error).__name__)
        await session.refresh(shelf)
        told.append(len(await shelf.awaitable_attrs.books))
        try:
            async with session.begin_nested():
                session.add(Shelf(name="a"))
        except IntegrityError as error:
            told.append(type(error).__name__)
        told.append([row[0] async for row in await session.stream(select(Book.id))])
        told.append(await session.run_sync(lambda sync: sync.query(Book).count()))

    async def once() -> Any:
        async with AsyncSession(engine) as session:
            return await session.scalar(text("select 1"))

    told.append(sum(await asyncio.gather(*[once() for _ in range(8)])))
    await engine.dispose()
    return told


# To the outside


def by_urllib(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return [answer.status, answer.read().decode(), answer.headers["x-shown"]]


def by_requests(url: str) -> Any:
    return requests.get(url, timeout=10).text


def by_httpx(url: str) -> Any:
    return httpx.get(url).text


def by_httpx2(url: str) -> Any:
    answer = httpx2.post(url, json={"a": 1})
    return [answer.status_code, answer.json()]


async def by_async_httpx(url: str) -> Any:
    async with httpx.AsyncClient() as client, client.stream("GET", url) as answer:
        return [
            answer.status_code,
            b"".join([piece async for piece in answer.aiter_raw()]).decode(),
        ]


async def by_async_httpx2(url: str) -> Any:
    async with httpx2.AsyncClient() as client:
        answer = await client.get(url)
        return [answer.status_code, answer.text]


async def urllib_in_async(url: str) -> Any:
    return by_urllib(url)


async def own_site_by_async_httpx(url: str) -> Any:
    return (await httpx.AsyncClient().get(f"{url}/run/from_thread")).json()


def own_site_by_urllib(url: str) -> Any:
    return urllib.request.urlopen(f"{url}/run/slow", timeout=5).read().decode()


def own_site_by_httpx(url: str) -> Any:
    return httpx.get(f"{url}/run/slow", timeout=5).json()


def own_site_by_requests(url: str) -> Any:
    return requests.get(f"{url}/run/slow", timeout=5).json()


def start_a_thread() -> Any:
    threading.Thread(target=slow).start()


def start_a_process() -> Any:
    with concurrent.futures.ProcessPoolExecutor(1) as executor:
        return executor.submit(abs, -1).result()


def async_httpx_in_sync(url: str) -> Any:
    return async_to_sync(by_async_httpx)(url)


def by_socket() -> Any:
    socket.create_connection(("127.0.0.1", 5432))


# The garbage collector


class Deep:
    """Puts frames of C between frames of Python, on the stack that is suspended."""

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def __getattr__(self, name: str) -> Any:
        if self.depth == 0:
            time.sleep(0.001)
            return 0
        return getattr(Deep(self.depth - 1), name)


def litter() -> None:
    for _ in range(300):
        ring: list[Any] = []
        ring.append([ring])


async def soak(seconds: str) -> Any:
    """Suspend stacks and make garbage, side by side."""
    end = time.monotonic() + float(seconds)
    suspended = 0

    def deep() -> None:
        nonlocal suspended
        suspended += 1
        _ = Deep(suspended % 30).x
        litter()

    async def again(step: Callable[[], Any]) -> None:
        while time.monotonic() < end:
            await step()

    async def littering() -> None:
        litter()
        gc.collect(1)  # what automatic collection does now and then
        await asyncio.sleep(0.005)  # shorter ones starve Chromium's timers: no timeout, a message

    def waits() -> None:
        litter()
        async_to_sync(slow)()

    async def begin() -> None:
        left.append(asyncio.create_task(asyncio.to_thread(deep)))
        await asyncio.sleep(0.001)

    def leaves() -> None:
        """Leave sync code behind, so that stacks end in another order than they began."""
        async_to_sync(begin)()
        _ = Deep(20).x

    async def leaving() -> None:
        await asyncio.to_thread(leaves)

    left: list[asyncio.Task[Any]] = []

    async def waiting() -> None:
        await asyncio.to_thread(waits)

    await asyncio.gather(
        *[again(lambda: asyncio.to_thread(deep)) for _ in range(4)],
        *[again(littering) for _ in range(4)],
        again(waiting),
        *[again(leaving) for _ in range(3)],
    )
    await asyncio.gather(*left)
    gc.collect()
    return suspended


KNOWN: dict[str, Any] = {name: value for name, value in list(globals().items()) if callable(value)}
KNOWN |= {f"all_{name}": function for name, function in clients.EVERY.items()}
app = Starlette(
    routes=[Route("/", home), Route("/run/{name}", run), Mount("/mirror", routes=mirror.ROUTES)]
)
