"""Sync code, and what it does that counts on threads. One case a function of its app."""

from __future__ import annotations

from tests.browser.known import THREADS
from tests.conformance.model import Case, Suite

FUNCTIONS = (
    *("context_of_to_thread", "context_of_run_in_executor", "context_of_sync_to_async"),
    *("context_of_async_to_sync", "context_of_a_pool", "no_loop_in_a_function"),
    *("pool_map", "pool_as_completed_and_wait", "pool_errors", "pool_of_ones_own_in_async_code"),
    *("gathered", "errors_gathered", "in_time", "stop_iteration"),
    *("locks", "events_and_conditions", "semaphores_and_barriers", "queues", "thread_locals"),
    *("from_thread", "limiter", "errors_in_a_group"),
    *("run_by_anyio", "run_by_asyncio", "run_by_a_loop_of_ones_own", "run_by_a_runner"),
    *("not_thread_sensitive", "both_ways", "locals_of_asgiref", "async_to_sync_in_async_code"),
    *("sqlite", "sqlite_side_by_side", "sqlite_errors"),
)

CASES = (
    *(Case(name.replace("_", " "), f"/run/{name}") for name in FUNCTIONS),
    Case("sync iterator", "/stream"),
    Case("background task", "/background"),
    Case("background task, done", "/finished"),
)

SUITE = Suite(
    THREADS,
    CASES,
    title="Sync code: contexts, pools, locks, queues, anyio, asgiref, aiosqlite",
)
