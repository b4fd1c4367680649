"""Open pages hear of every new build, and nobody holds up a shutdown."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from tabcorn.devserver.events import BuildEvents


async def listen(events: BuildEvents) -> AsyncIterator[str]:
    response = await events.endpoint(Request({"type": "http", "headers": []}))
    assert response.media_type == "text/event-stream"
    async for chunk in response.body_iterator:
        yield str(chunk)


async def next_of(stream: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(stream), 5)


def test_a_page_hears_of_the_present_build_and_the_next() -> None:
    async def scenario() -> None:
        events = BuildEvents("one")
        stream = listen(events)
        assert await next_of(stream) == "event: build\ndata: one\n\n"
        following = asyncio.create_task(next_of(stream))
        await asyncio.sleep(0)
        await events.announce("two")
        assert await following == "event: build\ndata: two\n\n"

    asyncio.run(scenario())


def test_streams_end_when_the_server_does() -> None:
    async def scenario() -> None:
        events = BuildEvents("one")
        stream = listen(events)
        await next_of(stream)
        ended = asyncio.create_task(anext(stream, "end"))
        await asyncio.sleep(0)
        await events.close()
        assert await asyncio.wait_for(ended, 5) == "end"

    asyncio.run(scenario())
