"""Which worker thread sync code would be in on a server: what its thread-locals go by.

Runs in Pyodide and under pytest. WSGI apps are called by pieces, and the pieces of several requests
take turns: each request has a worker to the end, as with a pool of threads, which hands out one
that is idle before it makes another. All other sync code runs from its begin to its end.
"""

import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar


class Worker:
    """Stands for a thread: the owner of values in `threading.local`."""

    def __init__(self) -> None:
        self.number = next(_numbers)

    def __lt__(self, other: "Worker") -> bool:
        return self.number < other.number


_numbers = itertools.count()

THE_THREAD = Worker()
"""The one that there is."""

current: ContextVar[Worker] = ContextVar("worker", default=THE_THREAD)

_idle = [THE_THREAD]
"""A heap: the thread itself comes first, as it has the locals of all other code."""


@contextmanager
def worker_for(context: Context) -> Iterator[None]:
    """Let what runs in the context be of one worker."""
    worker = heapq.heappop(_idle) if _idle else Worker()
    context.run(current.set, worker)
    try:
        yield
    finally:
        heapq.heappush(_idle, worker)
