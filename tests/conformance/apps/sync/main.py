# /// script
# dependencies = ["starlette", "anyio", "asgiref", "aiosqlite"]
# ///
"""What sync code does that counts on threads: GET /run/<function> tells what it returned."""

from __future__ import annotations

import asyncio
import concurrent.futures as futures
import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import aiosqlite
import anyio
import anyio.from_thread
import anyio.to_thread
from asgiref.local import Local
from asgiref.sync import async_to_sync, sync_to_async
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
done: list[str] = []
known: dict[str, Callable[[], Any]] = {}


def case(function: Callable[[], Any]) -> Callable[[], Any]:
    known[function.__name__] = function
    return function


async def run(request: Request) -> Response:
    """Run a function: a sync one in a worker thread, as frameworks do."""
    function = known[request.path_params["name"]]
    variable.set("by the request")
    try:
        if asyncio.iscoroutinefunction(function):
            return JSONResponse(await function())
        return JSONResponse(await run_in_threadpool(function))
    except Exception as error:
        return JSONResponse(f"{type(error).__name__}: {error}")


def double(number: int) -> int:
    return 2 * number


def fails() -> None:
    raise KeyError("on purpose")


async def slow(answer: Any = "slow") -> Any:
    await asyncio.sleep(0.01)
    return answer


# Contexts


def change() -> str:
    before = variable.get()
    variable.set("by the function")
    return before


@case
async def context_of_to_thread() -> Any:
    return [await asyncio.to_thread(change), variable.get()]


@case
async def context_of_run_in_executor() -> Any:
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(None, change), variable.get()]


@case
async def context_of_sync_to_async() -> Any:
    return [await sync_to_async(change)(), variable.get()]


@case
def context_of_async_to_sync() -> Any:
    async def inner() -> str:
        return change()

    return [async_to_sync(inner)(), variable.get()]


@case
def context_of_a_pool() -> Any:
    with futures.ThreadPoolExecutor(1) as pool:
        copied = pool.submit(contextvars.copy_context().run, change).result()
        return [pool.submit(change).result(), copied, variable.get()]


@case
def no_loop_in_a_function() -> Any:
    return str(asyncio.get_running_loop())


# Pools and futures


@case
def pool_map() -> Any:
    with futures.ThreadPoolExecutor(2) as pool:
        return [*pool.map(double, range(5)), *pool.map(pow, [2, 3], [3, 2], timeout=5)]


@case
def pool_as_completed_and_wait() -> Any:
    with futures.ThreadPoolExecutor(3) as pool:
        some = [pool.submit(double, number) for number in range(5)]
        completed = sorted(each.result(1) for each in futures.as_completed(some, timeout=5))
        finished, rest = futures.wait(some, timeout=5)
        return [completed, len(finished), len(rest)]


@case
def pool_errors() -> Any:
    with futures.ThreadPoolExecutor(1) as pool:
        failed = pool.submit(fails)
        error = repr(failed.exception(1))
        seen: list[str] = []
        failed.add_done_callback(lambda future: seen.append(repr(future.exception())))
        try:
            list(pool.map(int, ["1", "x"]))
        except ValueError as wrong:
            seen.append(str(wrong))
    try:
        pool.submit(fails)
    except RuntimeError as closed:
        return [error, seen, failed.done(), failed.running(), failed.cancel(), str(closed)]


@case
async def pool_of_ones_own_in_async_code() -> Any:
    loop = asyncio.get_running_loop()
    with futures.ThreadPoolExecutor(2) as pool:
        several = [loop.run_in_executor(pool, double, number) for number in range(4)]
        wrapped = await asyncio.wrap_future(pool.submit(double, 21))
        return [await asyncio.gather(*several), wrapped]


@case
async def gathered() -> Any:
    return await asyncio.gather(*[asyncio.to_thread(double, number) for number in range(5)])


@case
async def errors_gathered() -> Any:
    tasks = [asyncio.to_thread(fails), asyncio.to_thread(double, 1)]
    return [repr(each) for each in await asyncio.gather(*tasks, return_exceptions=True)]


@case
async def in_time() -> Any:
    return await asyncio.wait_for(asyncio.to_thread(double, 4), 5)


@case
async def stop_iteration() -> Any:
    return await anyio.to_thread.run_sync(next, iter(()))


# What nobody else holds


@case
def locks() -> Any:
    lock, again = threading.Lock(), threading.RLock()
    with lock, again, again:
        held = [lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.locked()]
    return [*held, lock.locked(), lock.acquire()]


@case
def events_and_conditions() -> Any:
    event, condition = threading.Event(), threading.Condition()
    before = event.wait(0.01)
    event.set()
    with condition:
        condition.notify_all()
        waited = condition.wait(0.01)
        waited_for = condition.wait_for(lambda: True, 1)
    return [before, event.wait(), waited, waited_for]


@case
def semaphores_and_barriers() -> Any:
    semaphore = threading.BoundedSemaphore(1)
    first, second = semaphore.acquire(), semaphore.acquire(timeout=0.01)
    semaphore.release()
    return [first, second, threading.Barrier(1).wait()]


@case
def queues() -> Any:
    some: queue.Queue[int] = queue.Queue(2)
    some.put(1)
    some.put(2, timeout=1)
    told: list[Any] = []
    for timeout in (0, 0.01):
        try:
            some.put(3, timeout=timeout)
        except queue.Full:
            told.append("full")
    told += [some.get(), some.get(timeout=1)]
    try:
        some.get(timeout=0.01)
    except queue.Empty:
        told.append("empty")
    some.task_done()
    some.task_done()
    some.join()
    return [told, some.qsize()]


@case
def thread_locals() -> Any:
    local = threading.local()
    local.a = 1
    with futures.ThreadPoolExecutor(1) as pool:
        pool.submit(setattr, local, "b", 2).result()
    return local.a


# anyio


@case
def from_thread() -> Any:
    return [anyio.from_thread.run(slow, "async"), anyio.from_thread.run_sync(double, 4)]


@case
async def limiter() -> Any:
    limiter = anyio.CapacityLimiter(1)
    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(lambda n: anyio.to_thread.run_sync(double, n, limiter=limiter), number)
    return limiter.borrowed_tokens


@case
async def errors_in_a_group() -> Any:
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, fails)
    except ExceptionGroup as raised:
        return str(raised.exceptions)
    return "no error"


@case
def run_by_anyio() -> Any:
    return anyio.run(slow, "by anyio")


@case
def run_by_asyncio() -> Any:
    async def several() -> Any:
        return await asyncio.gather(slow(1), asyncio.to_thread(double, 1))

    return asyncio.run(several())


@case
def run_by_a_loop_of_ones_own() -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(slow("by a loop"))
    finally:
        loop.close()


@case
def run_by_a_runner() -> Any:
    with asyncio.Runner() as runner:
        return [runner.run(slow(1)), runner.run(slow(2))]


# asgiref


@case
async def not_thread_sensitive() -> Any:
    return await sync_to_async(double, thread_sensitive=False)(8)


@case
async def both_ways() -> Any:
    async def inner(depth: int) -> int:
        if not depth:
            return int(await slow(0))
        return 1 + await sync_to_async(async_to_sync(inner))(depth - 1)

    return await inner(3)


@case
async def locals_of_asgiref() -> Any:
    local: Any = Local()
    critical: Any = Local(thread_critical=True)
    local.a = critical.a = 1
    return [await sync_to_async(lambda: getattr(local, "a", None))(), critical.a]


@case
async def async_to_sync_in_async_code() -> Any:
    return async_to_sync(slow)()


# aiosqlite


@case
async def sqlite() -> Any:
    async with aiosqlite.connect(":memory:") as db, aiosqlite.connect(":memory:") as copy:
        db.row_factory = aiosqlite.Row
        await db.executescript("create table t (a, b); insert into t values (1, 'x'), (2, 'y');")
        await db.create_function("double", 1, double)
        async with db.execute("select a, double(a) as d, b from t") as cursor:
            rows = [dict(row) async for row in cursor]
        await db.execute("delete from t")
        await db.rollback()
        await db.backup(copy)
        dumped = [line async for line in copy.iterdump()]
        counted = await (await copy.execute("select count(*) from t")).fetchone()
        return [rows, dumped, list(counted or ()), db.total_changes, db.in_transaction]


@case
async def sqlite_side_by_side() -> Any:
    async def count(number: int) -> int:
        async with aiosqlite.connect(":memory:") as db:
            await db.execute("create table t (a)")
            await db.executemany("insert into t values (?)", [(n,) for n in range(number)])
            row = await (await db.execute("select count(*) from t")).fetchone()
            return int(row[0]) if row else 0

    return await asyncio.gather(*map(count, range(1, 5)))


@case
async def sqlite_errors() -> Any:
    async with aiosqlite.connect(":memory:") as db:
        await db.execute("create table t (a unique)")
        await db.execute("insert into t values (1)")
        try:
            await db.execute("insert into t values (1)")
        except aiosqlite.IntegrityError as error:
            return str(error)


# Responses


async def stream(_request: Request) -> Response:
    def pieces() -> Iterator[str]:
        for number in range(5):
            yield f"{number} {variable.get()}\n"
            time.sleep(0.01)

    return StreamingResponse(iterate_in_threadpool(pieces()), media_type="text/plain")


async def background(_request: Request) -> Response:
    def later(word: str) -> None:
        time.sleep(0.01)
        done.append(word)

    done.clear()
    return JSONResponse("begun", background=BackgroundTask(later, "done in the background"))


async def finished(_request: Request) -> Response:
    for _ in range(200):
        if not done:
            await asyncio.sleep(0.01)
    return JSONResponse(done)


async def home(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Sync code</title><p>sync code")


app = Starlette(
    routes=[
        Route("/", home),
        Route("/run/{name}", run),
        Route("/stream", stream),
        Route("/background", background),
        Route("/finished", finished),
    ]
)
