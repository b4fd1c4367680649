"""Two responses of a WSGI app that stream by turns: without the adaptation they share a thread's
locals, as Bottle's request. When the first test fails, it is needed no more."""

# An interface is implemented whole, whether all arguments are needed or not.

import _threading_local
import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tabcorn.server.adaptations.threading import ADAPTATIONS
from tabcorn.server.wsgi import as_asgi
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


class TestAdapted:
    @pytest.fixture(autouse=True)
    def _adapted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(threading, "local", threading.local)
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
