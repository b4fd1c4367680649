# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tabcorn.server.defaults import DefaultHeaders, http_date
from tabcorn.server.disconnect import ClientDisconnected
from tabcorn.server.types import Message, Receive, Scope, Send
from tests.server.recorder import Page, connect, log_of, request, settle

ABORTED = "Exception in ASGI application"


def start(status: Any = 200, *headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, more_body: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more_body}


def sending(*messages: Message) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return app


# The response


def test_a_response() -> None:
    page = request(sending(start(201, (b"X-A", b"b")), body(b"one", True), body(b"two")))
    assert (page.status, page.headers, page.content) == (201, [(b"x-a", b"b")], b"onetwo")
    assert page.reason == "Created"
    assert page.complete


def test_the_head_is_sent_before_the_body_is_known() -> None:
    async def main() -> None:
        page = Page()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            await asyncio.Event().wait()

        task = asyncio.create_task(connect(page).run(app))
        await settle()
        assert page.status == 200
        task.cancel()
        await task

    asyncio.run(main())


def test_an_empty_piece_of_a_body_is_not_sent_and_an_empty_end_is() -> None:
    page = request(sending(start(), body(b"", True), body(b"x", True), body(b"")))
    assert page.chunks == [b"x", b""]


def test_defaults_come_first_and_can_be_switched_off() -> None:
    async def headers(defaults: DefaultHeaders) -> list[tuple[bytes, bytes]]:
        page = Page()
        cycle = connect(page, default_headers=defaults)
        await cycle.run(sending(start(200, (b"x", b"y")), body(b"")))
        return page.headers

    names = [name for name, _ in asyncio.run(headers(DefaultHeaders()))]
    assert names == [b"date", b"server", b"x"]
    assert asyncio.run(headers(DefaultHeaders(date=False, server=""))) == [(b"x", b"y")]
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("method", "status", "content"), [("HEAD", 200, b"hello"), ("GET", 204, b""), ("GET", 304, b"")]
)
def test_responses_without_a_body(method: str, status: int, content: bytes) -> None:
    page = request(sending(start(status, (b"content-length", b"5")), body(content)), method)
    assert (page.status, page.content, page.complete) == (status, b"", True)
    assert (b"content-length", b"5") in page.headers


def test_a_body_where_none_may_be_is_an_error() -> None:
    with log_of() as log:
        page = request(sending(start(204), body(b"x")))
    assert (page.status, page.content, page.complete) == (204, b"", True)  # as on a socket
    assert log == ["ERROR: Exception in ASGI application"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"123456", "Too much data"), (b"1234", "Too little data")],
)
def test_content_length_must_hold(content: bytes, words: str) -> None:
    with log_of():
        page = request(sending(start(200, (b"content-length", b"5")), body(content)))
    assert page.aborted == f"{words} for declared Content-Length"
    assert not page.complete


@pytest.mark.parametrize(
    "message",
    [
        start(100),
        start(199),
        start(600),
        start("200"),
        start(None),
        start(200, (b"a\n", b"")),
        start(200, (b"a", b"b\r\nc: d")),
        start(200, (b"a", b"\0")),
    ],
)
def test_a_head_that_cannot_be_sent_breaks_the_response_off(message: Message) -> None:
    with log_of() as log:
        page = request(sending(message))
    assert page.status is None
    assert page.aborted
    assert log == ["ERROR: Exception in ASGI application"]


def test_nothing_can_be_sent_after_a_broken_head() -> None:
    told: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in (start(99), start(200), body(b"x")):
            with pytest.raises(RuntimeError) as refused:
                await send(message)
            told.append(str(refused.value))
        told.append(await receive())

    with log_of() as log:
        page = request(app)
    assert told == [
        "Response status_code should be in range [200, 600), not 99",
        "Expected ASGI message 'http.response.body', but got 'http.response.start'.",
        "Unexpected ASGI message 'http.response.body' sent, after the response failed.",
        {"type": "http.request", "body": b"", "more_body": False},
    ]
    assert (page.status, page.aborted) == (None, told[0])
    assert log == ["ERROR: ASGI callable returned without completing response."]


@pytest.mark.parametrize(
    ("method", "length", "pieces", "content"),
    [
        ("GET", b"5", (b"12345",), b"12345"),
        ("GET", b"5", (b"12", b"", b"345", b""), b"12345"),
        ("GET", b"0", (), b""),
        ("HEAD", b"5", (b"12345", b"more"), b""),
    ],
)
def test_the_page_has_all_with_the_last_byte_that_was_declared(
    method: str, length: bytes, pieces: tuple[bytes, ...], content: bytes
) -> None:
    """What the app does after that, the page does not wait for."""
    seen: list[bool] = []

    async def main() -> Page:
        page = Page()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(200, (b"content-length", length)))
            for piece in pieces:
                await send(body(piece, True))
            seen.append(page.complete)
            await receive()
            raise ValueError("too late to be seen")

        cycle = connect(page, method)
        cycle.feed(b"", False)
        with log_of():
            await cycle.run(app)
        return page

    page = asyncio.run(main())
    assert seen == [True]
    assert (page.content, page.complete, page.aborted) == (content, True, None)


# The app's end


def test_an_exception_before_the_start_gives_500() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("no")

    with log_of() as log:
        page = request(app)
    assert (page.status, page.content) == (500, b"Internal Server Error")
    assert (b"content-type", b"text/plain; charset=utf-8") in page.headers
    assert page.complete
    assert log == ["ERROR: Exception in ASGI application"]


def test_an_exception_after_the_start_is_an_error_for_the_page() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        await send(body(b"half", True))
        raise SystemExit(1)

    with log_of():
        page = request(app)
    assert (page.status, page.content, page.complete) == (200, b"half", False)
    assert page.aborted == ABORTED


def test_an_exception_after_the_end_is_only_logged() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        await send(body(b"all"))
        raise ValueError("no")

    with log_of() as log:
        page = request(app)
    assert page.complete
    assert page.aborted is None
    assert log == ["ERROR: Exception in ASGI application"]


def test_returning_without_a_response() -> None:
    with log_of() as log:
        page = request(sending())
    assert page.status == 500
    assert log == ["ERROR: ASGI callable returned without starting response."]


def test_returning_without_completing_the_response() -> None:
    with log_of() as log:
        page = request(sending(start(), body(b"x", True)))
    assert page.aborted
    assert log == ["ERROR: ASGI callable returned without completing response."]


def test_returning_a_value() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> str:
        await send(start())
        return "done"

    with log_of() as log:
        page = request(app)
    assert page.aborted
    assert log == ["ERROR: ASGI callable should return None, but returned 'done'."]


def test_a_message_out_of_order_leaves_the_response_as_it_is() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(RuntimeError, match=r"Expected ASGI message 'http.response.start'"):
            await send(body(b"x"))
        await send(start())
        await send(body(b"fine"))

    assert request(app).content == b"fine"


# The request


def test_a_body_in_pieces() -> None:
    async def main() -> None:
        page, received = Page(), []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for _ in range(3):
                received.append(await receive())

        cycle = connect(page, "POST")
        cycle.feed(b"one", True)
        task = asyncio.create_task(cycle.run(app))
        await settle()
        assert page.taken == 3
        cycle.feed(b"two", True)
        await settle()
        cycle.feed(b"", False)
        with log_of():
            await task
        assert [(m["body"], m["more_body"]) for m in received] == [
            (b"one", True),
            (b"two", True),
            (b"", False),
        ]
        assert page.taken == 6

    asyncio.run(main())


def test_no_body_is_one_empty_message() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
        await send(start())
        await send(body(b""))

    assert request(app).complete


def test_nothing_is_taken_from_the_page_before_the_app_asks() -> None:
    async def main() -> None:
        page = Page()
        cycle = connect(page)
        cycle.feed(b"x", True)
        await cycle.run(sending(start(), body(b"")))
        assert page.taken == 0

    asyncio.run(main())


# The page leaves


def test_receive_tells_of_the_end_of_the_response() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        waiting = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        await send(start())
        await asyncio.sleep(0)
        assert not waiting.done()
        await send(body(b""))
        assert await waiting == {"type": "http.disconnect"}
        assert await receive() == {"type": "http.disconnect"}

    with log_of() as log:
        assert request(app).complete
    assert log == []


def test_a_waiting_receive_is_woken() -> None:
    async def main() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert await receive() == {"type": "http.disconnect"}

        cycle = connect(Page())
        task = asyncio.create_task(cycle.run(app))
        await settle()
        cycle.disconnect()
        with log_of() as log:
            await task
        assert log == []

    asyncio.run(main())


def test_sending_to_a_page_that_left_raises_oserror() -> None:
    async def main() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            with pytest.raises(OSError, match="has left"):
                await send(start())
            await send(start())

        page = Page()
        cycle = connect(page)
        cycle.disconnect()
        with log_of() as log:
            await cycle.run(app)
        assert (page.status, page.aborted) == (None, None)
        assert log == ["DEBUG: The app stopped, since the page has left."]

    asyncio.run(main())


def test_a_waiting_send_is_woken_with_oserror() -> None:
    async def main() -> None:
        raised: list[BaseException] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            try:
                while True:
                    await send(body(bytes(100_000), True))
            except OSError as exc:
                raised.append(exc)

        cycle = connect(Page(reads=False))
        task = asyncio.create_task(cycle.run(app))
        await settle()
        assert not task.done()
        cycle.disconnect()
        await task
        assert isinstance(raised[0], ClientDisconnected)

    asyncio.run(main())


def test_an_error_of_the_app_is_logged_even_when_the_page_left() -> None:
    async def main() -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            raise ValueError("no")

        page = Page()
        cycle = connect(page)
        cycle.disconnect()
        with log_of() as log:
            await cycle.run(app)
        assert log == ["ERROR: Exception in ASGI application"]
        assert (page.status, page.aborted) == (None, None)

    asyncio.run(main())


# pathsend


def pathsend(path: Path) -> Message:
    return {"type": "http.response.pathsend", "path": str(path)}


@pytest.mark.parametrize("size", [0, 10, 600_000])
def test_a_file_is_sent_by_its_path(tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(size))
    length = (b"content-length", str(size).encode())
    page = request(sending(start(200, length), pathsend(file)))
    assert (len(page.content), page.complete) == (size, True)
    assert request(sending(start(200, length), pathsend(file)), "HEAD").content == b""


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with log_of():
        page = request(sending(start(), pathsend(tmp_path / "nothing")))
    assert page.aborted == ABORTED


def test_a_file_that_is_not_as_long_as_declared(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"1234")
    with log_of():
        page = request(sending(start(200, (b"content-length", b"5")), pathsend(file)))
    assert page.aborted == "Too little data for declared Content-Length"
