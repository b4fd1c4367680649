"""WSGI apps through our adapter: PEP 3333, and what uvicorn's own adapter makes of a request."""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG001, ARG005

import asyncio
import inspect
import io
import sys
import wsgiref.util
import wsgiref.validate
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tabcorn.server.http import RequestResponseCycle
from tabcorn.server.scope import Site
from tabcorn.server.wsgi import Input, as_asgi, environ_of
from tests.server.recorder import Page, connect, log_of, request, settle

Environ = dict[str, Any]
PLAIN = [("Content-Type", "text/plain")]


def served(app: Any, *args: Any, **options: Any) -> Page:
    return request(as_asgi(app), *args, **options)


def opened(page: Page, **options: Any) -> RequestResponseCycle:
    """Begin a request without a body."""
    cycle = connect(page, **options)
    cycle.feed(b"", False)
    return cycle


def test_a_list() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", PLAIN)
        return [b"Hello", b", ", b"", b"world"]

    page = served(app)
    assert (page.status, page.content, page.complete) == (200, b"Hello, world", True)
    assert page.headers == [(b"content-type", b"text/plain")]


def test_a_valid_app_stays_valid() -> None:
    """The validator of the standard library looks at both sides: environ, input, calls, close."""

    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", PLAIN)
        environ["wsgi.errors"].write("")
        return [environ["wsgi.input"].read(3), environ["wsgi.input"].readline()]

    page = served(wsgiref.validate.validator(app), "POST", "/a%20b", "q=1", body=b"abcdef")
    assert (page.status, page.content) == (200, b"abcdef")


def written(environ: Environ, start_response: Any) -> list[bytes]:
    start_response("200 OK", PLAIN)(b"written")
    return []


def iterated(environ: Environ, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", PLAIN)
    yield b""
    yield from environ["wsgi.input"]


def read_by_lines(environ: Environ, start_response: Any) -> Any:
    start_response("200 OK", PLAIN)
    return environ["wsgi.input"].readlines(1)


def sent_from_a_file(environ: Environ, start_response: Any) -> Any:
    start_response("200 OK", PLAIN)
    wrap = environ.get("wsgi.file_wrapper", wsgiref.util.FileWrapper)
    return wrap(io.BytesIO(b"from a file"), 4)


@pytest.mark.parametrize(
    ("app", "answer"),
    [
        (written, b"written"),
        (iterated, b"one\ntwo"),
        (read_by_lines, b"one\n"),
        (sent_from_a_file, b"from a file"),
    ],
)
def test_the_validator_finds_nothing_in_what_apps_do(app: Any, answer: bytes) -> None:
    page = served(wsgiref.validate.validator(app), "POST", "/x", body=b"one\ntwo")
    assert (page.status, page.content, page.complete) == (200, answer, True)


def test_text_in_the_environ_is_bytes_in_latin_1() -> None:
    headers = "x-word\ncaf\xe9"
    cycle = connect(Page(), "GET", "/caf%C3%A9/%FF", "q=%FF", headers)
    environ = environ_of(cycle.scope, Input(cycle.receive))
    assert environ["PATH_INFO"].startswith("/caf\xc3\xa9/")
    assert (environ["QUERY_STRING"], environ["HTTP_X_WORD"]) == ("q=%FF", "caf\xe9")


def test_an_error_before_the_first_piece_is_a_500() -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        yield b""
        raise ValueError("before anything was sent")

    with log_of() as log:
        assert served(app).status == 500
    assert log


def test_less_than_content_length_is_broken_off() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "10")])
        return [b"12345"]

    with log_of() as log:
        page = served(app)
    assert page.aborted
    assert not page.complete
    assert log


def test_spaces_around_a_value_are_none_of_it() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Spaced ", " a b ")])
        return []

    assert served(app).headers == [(b"x-spaced", b"a b")]


def test_the_environ_is_uvicorns() -> None:
    from uvicorn.middleware.wsgi import build_environ

    cycle = connect(
        Page(),
        "POST",
        "/root/caf%C3%A9",
        "q=%C3%A9",
        "host\nexample.org\ncontent-type\ntext/plain\ncontent-length\n3\nx-a\n1\nx-a\n2",
        site=Site(root_path="/root"),
    )
    ours = environ_of(cycle.scope, Input(cycle.receive))
    message: Any = {"body": b"", "more_body": False, "type": "http.request"}
    theirs = dict(build_environ(cycle.scope, message, None))  # type: ignore[arg-type]
    for differing in ("wsgi.input", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess"):
        theirs.pop(differing)
    theirs["SERVER_PORT"] = str(theirs["SERVER_PORT"])  # PEP 3333 has no numbers
    assert {name: ours[name] for name in theirs} == theirs
    assert not ours["wsgi.multithread"]
    assert ours["wsgi.errors"] is sys.stderr


def test_cookies_are_joined_as_cookies() -> None:
    cycle = connect(Page(), headers="cookie\na=1\ncookie\nb=2")
    assert environ_of(cycle.scope, Input(cycle.receive))["HTTP_COOKIE"] == "a=1; b=2"


# start_response


def test_the_head_may_be_replaced_until_the_first_byte() -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        yield b""
        try:
            raise ValueError("late")
        except ValueError:
            start_response("500 Oops", PLAIN, sys.exc_info())
        yield b"sorry"

    page = served(app)
    assert (page.status, page.content) == (500, b"sorry")


def test_not_after_it() -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        yield b"begun"
        try:
            raise ValueError("too late")
        except ValueError:
            start_response("500 Oops", PLAIN, sys.exc_info())
        yield b"never"

    with log_of() as log:
        page = served(app)
    assert (page.status, page.content, page.aborted) == (
        200,
        b"begun",
        "Exception in ASGI application",
    )
    assert log


def test_twice_is_an_error() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", PLAIN)
        start_response("200 OK", PLAIN)
        return []

    with log_of() as log:
        assert served(app).status == 500
    assert log


def test_never_is_an_error() -> None:
    with log_of():
        assert served(lambda environ, start_response: [b"x"]).status == 500


def test_it_may_be_called_while_the_body_is_iterated_over() -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("202 Accepted", PLAIN)
        yield b"late"

    assert served(app).status == 202


@pytest.mark.parametrize("status", ["OK", "2000 OK", "20x OK", ""])
def test_a_status_without_a_code(status: str) -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response(status, PLAIN)
        return []

    with log_of():
        assert served(app).status == 500


# Bodies


def test_write() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", PLAIN)
        write(b"first ")
        write(b"second ")
        return [b"third"]

    page = served(app)
    assert (page.content, page.complete) == (b"first second third", True)


def test_write_alone() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", PLAIN)(b"all")
        return []

    assert served(app).content == b"all"


@pytest.mark.parametrize("body", ["text", None, 5])
def test_only_bytes(body: Any) -> None:
    def app(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", PLAIN)
        return [body]

    with log_of():
        assert served(app).status == 500


def test_head_has_no_body() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "5")])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else b"12345"]

    assert served(app, "HEAD").content == b""


def test_close_is_called_whatever_happens() -> None:
    closed: list[str] = []

    class Body:
        def __init__(self, name: str, pieces: Iterable[bytes]) -> None:
            self.name, self.pieces = name, pieces

        def __iter__(self) -> Iterator[bytes]:
            return iter(self.pieces)

        def close(self) -> None:
            closed.append(self.name)

    def failing() -> Iterator[bytes]:
        yield b"one"
        raise ValueError("two")

    def app(environ: Environ, start_response: Any) -> Body:
        start_response("200 OK", PLAIN)
        return Body("good", [b"x"]) if environ["PATH_INFO"] == "/" else Body("bad", failing())

    assert served(app).complete
    with log_of():
        assert served(app, path="/bad").aborted
    assert closed == ["good", "bad"]


def test_each_piece_is_sent_before_the_next_is_made() -> None:
    page, seen = Page(), []

    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        for number in range(3):
            seen.append(len(page.content))
            yield b"%d" % number

    async def main() -> None:
        await opened(page).run(as_asgi(app))

    asyncio.run(main())
    assert seen == [0, 1, 2]


def test_a_page_that_does_not_read_holds_the_app_back() -> None:
    made: list[int] = []

    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        for number in range(100):
            made.append(number)
            yield bytes(256 * 1024)

    async def main() -> None:
        page = Page(reads=False)
        cycle = opened(page)
        task = asyncio.create_task(cycle.run(as_asgi(app)))
        for _ in range(20):
            await settle()
        assert len(made) == 5
        cycle.disconnect()
        await task

    asyncio.run(main())


def test_the_app_is_closed_when_the_page_leaves() -> None:
    ended: list[str] = []

    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        try:
            while True:
                yield b"more"
        finally:
            ended.append("closed")

    async def main() -> None:
        cycle = opened(Page())
        task = asyncio.create_task(cycle.run(as_asgi(app)))
        await settle()
        cycle.disconnect()
        await task

    asyncio.run(main())
    assert ended == ["closed"]


def test_other_requests_are_served_between_two_pieces() -> None:
    order: list[str] = []

    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", PLAIN)
        for number in range(2):
            order.append(f"{environ['PATH_INFO']}{number}")
            yield b"x"

    async def main() -> None:
        cycles = [opened(Page(), path=path) for path in ("/a", "/b")]
        await asyncio.gather(*[cycle.run(as_asgi(app)) for cycle in cycles])

    asyncio.run(main())
    assert order == ["/a0", "/b0", "/a1", "/b1"]


# The request's body


def test_the_body_can_be_read_in_every_way() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"]
        start_response("200 OK", PLAIN)
        return [body.read(2), b"|", body.readline(), b"|", *body.readlines(), b"|", body.read()]

    assert served(app, "POST", body=b"12345\nab\ncd").content == b"12|345\n|ab\ncd|"


def test_a_body_in_pieces_is_received_whole() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", PLAIN)
        return [environ["wsgi.input"].read()]

    async def main() -> Page:
        page = Page()
        cycle = connect(page, "POST")
        task = asyncio.create_task(cycle.run(as_asgi(app)))
        for piece in (b"a" * 100_000, b"b" * 100_000):
            await settle()
            cycle.feed(piece, True)
        cycle.feed(b"", False)
        await task
        return page

    page = asyncio.run(main())
    assert page.content == b"a" * 100_000 + b"b" * 100_000
    assert page.taken == 200_000


def test_the_app_is_not_called_for_half_a_body() -> None:
    called: list[Environ] = []

    def app(environ: Environ, start_response: Any) -> list[bytes]:
        called.append(environ)
        return []

    async def main() -> None:
        cycle = connect(Page(), "POST")
        cycle.feed(b"half", True)
        task = asyncio.create_task(cycle.run(as_asgi(app)))
        await settle()
        cycle.disconnect()
        await task

    asyncio.run(main())
    assert called == []


def test_an_app_is_a_coroutine_function() -> None:
    assert inspect.iscoroutinefunction(as_asgi(lambda environ, start_response: []))


def test_other_connections_are_refused() -> None:
    with pytest.raises(RuntimeError, match="WSGI apps know no 'lifespan' connections"):
        asyncio.run(as_asgi(lambda e, s: [])({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
