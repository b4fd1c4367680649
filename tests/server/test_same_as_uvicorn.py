"""The oracle: the same apps and requests under uvicorn, on a socket, and through our server."""

# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabcorn.server.types import App, Receive, Scope, Send
from tests.server.oracle import Oracle, through_tabcorn, through_uvicorn


def sending(*messages: dict[str, Any]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        for message in messages:
            await send(message)

    return app


def start(status: Any = 200, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def piece(content: bytes, more_body: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more_body}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the scope and the body as the app saw them."""
    assert scope["type"] == "http"
    body, more_body = b"", True
    while more_body:
        message = await receive()
        body, more_body = body + message["body"], message["more_body"]
    apart = {"server", "client", "extensions"}
    seen = sorted((key, value) for key, value in scope.items() if key not in apart)
    await send(start())
    await send(piece(repr((seen, body)).encode()))


async def raising(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("no")


async def raising_late(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    await send(start(200, (b"content-length", b"10")))
    await send(piece(b"12345", True))
    raise ValueError("no")


async def recovering(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    try:
        await send(piece(b"too early"))
    except RuntimeError as exc:
        await send(start(200, (b"x-error", str(exc).encode())))
    try:
        await send(start())
    except RuntimeError as exc:
        await send(piece(str(exc).encode()))


async def returning(scope: Scope, receive: Receive, send: Send) -> str:
    assert scope["type"] == "http"
    await send(start(200, (b"content-length", b"2")))
    return "value"


LENGTH = (b"content-length", b"5")
APPS: dict[str, App] = {
    "echo": echo,
    "two pieces": sending(start(), piece(b"one", True), piece(b"two")),
    "headers": sending(start(200, (b"X-A", b"1"), (b"x-b", b""), (b"x-a", b"\xe4")), piece(b"")),
    "own default headers": sending(start(200, (b"date", b"then"), (b"server", b"me")), piece(b"")),
    "length": sending(start(200, LENGTH), piece(b"12345")),
    "length twice": sending(start(200, LENGTH, LENGTH), piece(b"12345")),
    "lengths that differ": sending(start(200, LENGTH, (b"content-length", b"6")), piece(b"12345")),
    "chunked": sending(start(200, LENGTH, (b"transfer-encoding", b"chunked")), piece(b"1")),
    "too long": sending(start(200, LENGTH), piece(b"123456")),
    "too short": sending(start(200, LENGTH), piece(b"1234")),
    "204": sending(start(204), piece(b"")),
    "204 with a body": sending(start(204), piece(b"x"), piece(b"")),
    "304 with a length": sending(start(304, LENGTH), piece(b"")),
    "404": sending(start(404), piece(b"no")),
    "599": sending(start(599), piece(b"no")),
    "status 600": sending(start(600), piece(b"")),
    "status 100": sending(start(100), piece(b"")),
    "status as text": sending(start("200"), piece(b"")),
    "header with a newline": sending(start(200, (b"x", b"a\r\nb: c")), piece(b"")),
    "header with a null": sending(start(200, (b"x", b"a\0")), piece(b"")),
    "header with a space": sending(start(200, (b"x", b"a ")), piece(b"")),
    "header without a name": sending(start(200, (b"", b"a")), piece(b"")),
    "header as text": sending(start(200, ("x", "a")), piece(b"")),  # type: ignore[arg-type]
    "no headers": sending({"type": "http.response.start", "status": 200}, piece(b"")),
    "no response": sending(),
    "no end": sending(start(200, LENGTH), piece(b"123", True)),
    "body first": sending(piece(b"x")),
    "unknown message": sending(start(200, LENGTH), {"type": "http.response.nonsense"}),
    "raising": raising,
    "raising late": raising_late,
    "recovering": recovering,
    "returning a value": returning,
}


@pytest.mark.parametrize("name", APPS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_same_answer(oracle: Oracle, name: str, method: str) -> None:
    asked = (method, "/caf%C3%A9/%2e%41/x%2Fy", "a=%20&b", b"sent" if method == "POST" else b"")
    ours, theirs = through_tabcorn(APPS[name], *asked), through_uvicorn(oracle, APPS[name], *asked)
    assert ours == theirs


VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
encoded = st.one_of(
    st.text(VISIBLE.replace("?", "").replace("#", ""), max_size=8),
    st.binary(max_size=4).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
    st.sampled_from(
        ["%", "%2", "%zz", "%00", "%2F", "%2f..%2F", "//", "/../", "\\", ";", "%u1234"]
    ),
)


@given(st.lists(encoded, max_size=4).map("".join), st.lists(encoded, max_size=3).map("?".join))
@settings(max_examples=150, deadline=None)
def test_any_target_gives_the_same_scope(oracle: Oracle, path: str, query: str) -> None:
    asked = ("GET", f"/{path}", query, b"")
    assert through_tabcorn(echo, *asked) == through_uvicorn(oracle, echo, *asked)
