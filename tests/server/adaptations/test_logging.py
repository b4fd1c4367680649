"""See test_anyio.py."""

import logging
import queue
from collections.abc import Iterator
from logging.handlers import QueueHandler, QueueListener

import pytest

from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture(params=[queue.Queue, queue.SimpleQueue])
def records(request: pytest.FixtureRequest) -> Iterator["queue.Queue[logging.LogRecord]"]:
    """The queue that a logger's records go to."""
    to: queue.Queue[logging.LogRecord] = request.param()
    logger, handler = logging.getLogger("tests.queued"), QueueHandler(to)
    logger.addHandler(handler)
    yield to
    logger.removeHandler(handler)


def log(line: str) -> None:
    logging.getLogger("tests.queued").warning(line)


def test_a_listener_still_needs_a_thread(kept: Kept) -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        QueueListener(queue.Queue(), kept).start()


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("logging")

    def test_what_waits_and_what_comes_is_handled_in_order(
        self, records: "queue.Queue[logging.LogRecord]", kept: Kept
    ) -> None:
        log("before")
        listener = QueueListener(records, kept)
        listener.start()
        log("during")
        assert kept.lines == ["before", "during"]
        listener.stop()
        log("after")
        assert kept.lines == ["before", "during"]
        listener.start()
        listener.stop()
        assert kept.lines == ["before", "during", "after"]

    def test_it_cannot_be_started_twice(self, kept: Kept) -> None:
        listener = QueueListener(queue.Queue(), kept)
        listener.start()
        with pytest.raises(RuntimeError, match="already started"):
            listener.start()
        listener.stop()
        listener.stop()
