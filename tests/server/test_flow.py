# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabcorn.server.flow import CHUNK, RequestBody, ResponseWindow, as_chunk
from tests.server.recorder import Page, connect, settle

sizes = st.lists(st.integers(1, 100), max_size=30)


@given(sizes, sizes)
def test_the_window_never_holds_more_than_its_size(chunks: list[int], grants: list[int]) -> None:
    async def main() -> None:
        window, sent, granted = ResponseWindow(100), 0, 0

        async def sender() -> None:
            nonlocal sent
            for size in chunks:
                await window.take(size)
                sent += size

        task = asyncio.create_task(sender())
        for size in grants:
            await settle()
            assert sent - granted <= 100
            read = min(size, sent - granted)  # a page can only read what it has
            granted += read
            window.grant(read)
        await settle()
        if not task.done():  # then the next chunk really has no room
            assert sent - granted + chunks[_taken(chunks, sent)] > 100
        window.close()
        await task
        assert sent == sum(chunks)

    asyncio.run(main())


def _taken(chunks: list[int], sent: int) -> int:
    count = 0
    while sent:
        sent -= chunks[count]
        count += 1
    return count


def test_senders_are_let_in_in_their_order() -> None:
    async def main() -> None:
        window, order = ResponseWindow(10), []

        async def sender(size: int) -> None:
            await window.take(size)
            order.append(size)

        tasks = [asyncio.create_task(sender(size)) for size in (10, 8, 1)]
        await settle()
        assert order == [10]
        window.grant(5)
        await settle()
        assert order == [10]  # 1 would fit, but 8 was first
        window.grant(5)
        await asyncio.gather(*tasks)
        assert order == [10, 8, 1]

    asyncio.run(main())


@pytest.mark.parametrize("granted_first", [False, True])
def test_a_cancelled_sender_takes_no_room(granted_first: bool) -> None:
    async def main() -> None:
        window = ResponseWindow(10)
        await window.take(10)
        task = asyncio.create_task(window.take(5))
        await settle()
        if granted_first:
            window.grant(10)
        task.cancel()
        await settle()
        if not granted_first:
            window.grant(10)
        assert task.cancelled()
        assert window.free == 10

    asyncio.run(main())


@given(st.lists(st.binary(max_size=5)), st.integers(0, 5))
def test_a_request_body_arrives_whole_and_ends_once(chunks: list[bytes], split: int) -> None:
    body, received, ends = RequestBody(), b"", 0
    for index, chunk in enumerate([*chunks, b""]):
        body.feed(chunk, index < len(chunks))
        while index >= split and body.ready:
            piece, more = body.take()
            received += piece
            ends += not more
    while body.ready:
        piece, more = body.take()
        received += piece
        ends += not more
    assert received == b"".join(chunks)
    assert ends == 1


def test_what_follows_the_end_of_a_request_is_dropped() -> None:
    body = RequestBody()
    body.feed(b"all", False)
    body.feed(b"too late", False)
    assert body.take() == (b"all", False)
    assert not body.ready


def test_the_body_of_a_message_is_measured_in_bytes() -> None:
    wide = memoryview(bytes(8)).cast("I")
    assert len(as_chunk(wide)) == 8
    with pytest.raises(TypeError, match="must be bytes, but got str"):
        as_chunk("text")  # type: ignore[arg-type]


def test_a_large_body_is_split_and_waits_for_the_page() -> None:
    body = bytes(range(256)) * (CHUNK // 256) * 6

    async def app(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": body})  # type: ignore[operator]

    async def main() -> None:
        page = Page(reads=False)
        cycle = connect(page)
        task = asyncio.create_task(cycle.run(app))
        await settle()
        assert [len(chunk) for chunk in page.chunks] == [CHUNK] * 4
        cycle.grant(CHUNK - 1)
        await settle()
        assert len(page.chunks) == 4
        cycle.grant(1 + CHUNK)
        await task
        assert page.content == body
        assert page.complete

    asyncio.run(main())
