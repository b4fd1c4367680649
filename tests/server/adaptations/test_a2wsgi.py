"""See test_anyio.py."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from tests.server.adapting import Adapt, _no_threads, adapt, run  # noqa: F401
from tests.server.recorder import Page, connect


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("content-type", "text/plain")])
    yield environ["PATH_INFO"].encode()
    yield environ["wsgi.input"].read()


async def requested() -> Page:
    page = Page()
    cycle = connect(page, "POST", "/path")
    cycle.feed(b" body", False)
    await asyncio.wait_for(cycle.run(WSGIMiddleware(app)), 1)  # type: ignore[arg-type]
    return page


def test_a2wsgi_still_needs_threads() -> None:
    async def main() -> Page:
        return await requested()

    assert asyncio.run(main()).status == 500


@pytest.mark.usefixtures("adapt")
def test_a2wsgi_works_without(adapt: Adapt) -> None:  # noqa: F811
    adapt("a2wsgi")
    page = run(requested())
    assert (page.status, page.content, page.complete) == (200, b"/path body", True)
