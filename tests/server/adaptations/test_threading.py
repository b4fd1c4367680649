"""Two responses of a WSGI app that stream by turns: without the adaptation they share a thread's
locals, as Bottle's request. A Timer, which starts a thread. When the first tests fail, it is needed
no more."""

import _threading_local
import asyncio
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from tabcorn.server.adaptations.threading import ADAPTATIONS
from tabcorn.server.wsgi import as_asgi
from tests.server.adapting import _no_threads as _no_threads
from tests.server.adapting import run
from tests.server.recorder import Page, connect


def streams() -> list[bytes]:
    """Let two requests keep their path in a thread-local, and tell it piece by piece."""
    local = threading.local()
    pages = [Page(), Page()]

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        local.path = environ["PATH_INFO"].encode()
        start_response("200 OK", [])
        for _ in range(2):
            yield local.path

    async def call(page: Page, path: str) -> None:
        cycle = connect(page, path=path)
        cycle.feed(b"", False)
        await cycle.run(as_asgi(app))

    async def main() -> None:
        await asyncio.gather(call(pages[0], "/a"), call(pages[1], "/b"))

    asyncio.run(main())
    return [bytes(page.content) for page in pages]


def test_streams_still_share_a_thread() -> None:
    assert streams()[0] == b"/a/b"


def test_a_timer_still_needs_a_thread() -> None:
    with pytest.raises(RuntimeError, match="can't start new thread"):
        threading.Timer(0, print).start()


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(threading, "local", threading.local)
        for name in ("start", "is_alive"):
            monkeypatch.setattr(threading.Timer, name, getattr(threading.Timer, name))
        monkeypatch.setattr(_threading_local, "current_thread", threading.current_thread)
        for adaptation in ADAPTATIONS:
            adaptation.apply(threading)

    def test_each_stream_has_its_own(self) -> None:
        assert streams() == [b"/a/a", b"/b/b"]

    def test_one_after_the_other_they_are_in_one_thread(self) -> None:
        local = threading.local()
        local.seen = []

        def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            local.seen.append(environ["PATH_INFO"])
            start_response("200 OK", [])
            return []

        for path in ("/a", "/b"):
            cycle = connect(Page(), path=path)
            cycle.feed(b"", False)
            asyncio.run(cycle.run(as_asgi(app)))
        assert local.seen == ["/a", "/b"]

    def test_a_subclass_is_initialised_for_each(self) -> None:
        class Local(threading.local):
            def __init__(self, start: int) -> None:
                self.number = start

        local = Local(3)
        local.number += 1
        assert (local.number, vars(local)) == (4, {"number": 4})

    def test_a_timer_calls_its_function_later_and_once(self) -> None:
        async def main() -> list[Any]:
            calls: list[Any] = []
            timer = threading.Timer(0.01, calls.append, ["due"])
            timer.start()
            seen = [list(calls), timer.is_alive()]
            with pytest.raises(RuntimeError, match="only be started once"):
                timer.start()
            await asyncio.sleep(0.05)
            return [*seen, calls, timer.is_alive()]

        assert run(main()) == [[], True, ["due"], False]

    def test_a_timer_is_sync_code_with_a_context_and_locals_of_its_own(self) -> None:
        name = ContextVar("name", default="none")
        local = threading.local()
        local.name = "ours"

        async def main() -> Any:
            name.set("ours")
            seen: list[Any] = []

            def function(*, more: str) -> None:
                seen.extend([name.get(), hasattr(local, "name"), asyncio._get_running_loop(), more])

            threading.Timer(0, function, kwargs={"more": "yes"}).start()
            await asyncio.sleep(0.02)
            return seen

        assert run(main()) == ["none", False, None, "yes"]

    def test_a_timer_that_is_cancelled_calls_nothing(self) -> None:
        async def main() -> list[str]:
            calls: list[str] = []
            timer = threading.Timer(0.01, calls.append, ["due"])
            timer.start()
            timer.cancel()
            assert not timer.is_alive()
            await asyncio.sleep(0.03)
            return calls

        assert run(main()) == []

    def test_a_timer_tells_of_an_error_as_a_thread_does(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[Any] = []
        monkeypatch.setattr(threading, "excepthook", told.append)

        async def main() -> threading.Timer:
            timer = threading.Timer(0, int, ["x"])
            timer.start()
            await asyncio.sleep(0.02)
            return timer

        timer = run(main())
        (hook,) = told
        assert (hook.exc_type, hook.thread, timer.is_alive()) == (ValueError, timer, False)

    def test_a_timer_that_repeats_in_a_thread_of_its_own_says_that_there_is_none(self) -> None:
        class Repeating(threading.Timer):
            def run(self) -> None:
                """Call it again and again."""

        with pytest.raises(RuntimeError, match="can't start new thread"):
            Repeating(1, print).start()
