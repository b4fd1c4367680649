"""Which worker thread sync code would be in on a server: what its thread-locals go by.

Runs in Pyodide and under pytest. WSGI apps are called by pieces, and the pieces of several requests
take turns: each request has a worker to the end, as with a pool of threads, which hands out one
that is idle before it makes another. All other sync code runs from its begin to its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar


class Worker:
    """Stands for a thread: the owner of values in `threading.local`."""


current: ContextVar[Worker | None] = ContextVar("worker", default=None)
"""None is the one thread that there is."""

_idle: list[Worker | None] = [None]


@contextmanager
def worker_for(context: Context) -> Iterator[None]:
    """Let what runs in the context be of one worker."""
    worker = _idle.pop() if _idle else Worker()
    context.run(current.set, worker)
    try:
        yield
    finally:
        _idle.append(worker)
