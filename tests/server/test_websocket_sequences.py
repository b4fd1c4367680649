"""Messages in any order and of any kind, from an app to a page: uvicorn says what becomes of them.

Left out is what uvicorn answers with nothing at all, so that its page waits for ever: a denial
without its `body`, or with a header that HTTP does not allow.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.server.recorder import log_of
from tests.server.test_websocket_same_as_uvicorn import (
    ACCEPT,
    Body,
    Heard,
    Seen,
    close,
    data,
    denial,
    denied,
    lines,
    text,
    through_tabcorn,
    through_uvicorn,
)

if TYPE_CHECKING:
    from tabcorn.server.types import Receive, Scope, Send
    from tests.server.oracle import Oracle

Messages = list[dict[Any, Any]]


def accept(*headers: Any, **more: Any) -> dict[str, Any]:
    return {**ACCEPT, "headers": headers, **more}


GOOD_ACCEPTS: Messages = [
    ACCEPT,
    accept(),
    {**ACCEPT, "subprotocol": "two"},
    {**ACCEPT, "subprotocol": ""},
    accept((b"sec-websocket-protocol", b"two")),
    accept((b"X-One", b"1"), [b"x-one", b" 2\t"], (b"x", b"\xff")),
    accept((b"content-length", b"5"), (b"date", b"today"), (b"connection", b"close")),
]
BAD_ACCEPTS: Messages = [
    {**ACCEPT, "subprotocol": "a\r\nb: c"},
    {**ACCEPT, "headers": None},
    {**ACCEPT, "headers": 5},
    accept((b"x", b"a\r\nb: c")),
    accept((b"x", b"a\0")),
    accept(("x", "y")),
    accept((b"x",)),
]
SENDS: Messages = [
    {"type": "websocket.send"},
    text("a"),
    text(""),
    text("é€😀"),
    text("\ud800"),
    text(5),
    text(b"a"),
    text(True),
    data(b"b"),
    data(b""),
    data(bytearray(b"bc")),
    data(memoryview(b"abc")[1:]),
    data(memoryview(b"abc")[::2]),
    data("a"),
    data(5),
    data([1]),
    {**text("a"), "bytes": b"b"},
    {**text("a"), "bytes": None},
    {**text(None), "bytes": None},
]
REASONS: list[Any] = [
    "",
    "why",
    "é" * 61 + "x",
    "é" * 62,
    "x" * 124,
    "\ud800",
    None,
    5,
    b"a",
    ["a"],
]
CODES: list[Any] = [1000, 1001, 1011, 1012, 1014, 3000, 4999, None]
WRONG_CODES: list[Any] = [0, 1, -1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65536]
WRONG_CODES += ["1000", True, 1000.0, 3000.5]
CLOSES: Messages = [
    close(),
    *[close(code) for code in [*CODES, *WRONG_CODES]],
    *[close(1000, reason) for reason in REASONS],
    close(None, "x"),
    close(1005, "x"),
]
DENIALS: Messages = [
    *[denial(status) for status in (99, 200, 204, 304, 404, 599, 600, "404", None)],
    {"type": "websocket.http.response.start"},
    {**denial(404), "headers": None},
    denial(404, ("x", "y")),  # type: ignore[arg-type]
    denial(404, (b"x", b"\xff")),
]
ODD: Messages = [
    {"type": "x"},
    {"type": None},
    {"type": 5},
    {},
    {"type": "websocket.receive"},
    {"type": "websocket.connect"},
    {"type": "http.response.start", "status": 200},
    {"type": "lifespan.startup.complete"},
]
BODIES: Messages = [denied(b""), denied(b"x"), denied(b"x", True)]


class AppError(Exception):
    """What the apps raise themselves."""


def sending(messages: Messages, raises: bool) -> Body:
    """Send all, note what each did, raise or listen to the end."""

    async def body(_scope: Scope, receive: Receive, send: Send, heard: Heard) -> None:
        for message in messages:
            heard.append(await outcome(send, message))
        if raises:
            raise AppError
        while (await receive())["type"] != "websocket.disconnect":
            pass

    return body


async def outcome(send: Send, message: dict[Any, Any]) -> str:
    """Tell whether it was taken, refused in uvicorn's words, or was wrong in itself."""
    try:
        await send(message)
    except OSError:
        return "OSError"
    except RuntimeError as exc:
        told = str(exc)
        return told if "ASGI message" in told else "an error"
    except Exception:
        return "an error"
    return "taken"


def compare(oracle: Oracle, messages: Messages, raises: bool = False) -> tuple[Seen, Heard]:
    with log_of("uvicorn.error") as theirs_logged:
        theirs = through_uvicorn(oracle, sending(messages, raises), [])
        oracle.settle()
        time.sleep(0.001)
    with log_of("tabcorn") as ours_logged:
        ours = through_tabcorn(sending(messages, raises), [])
    assert ours == theirs
    # uvicorn says of every denial by a response that the handshake was not completed.
    if ("refused", 403) in theirs[0] or ("refused", 500) in theirs[0] or theirs[0][0][0] == "open":
        assert without_code(lines(ours_logged)) == without_code(lines(theirs_logged))
    return ours


def without_code(logged: list[str]) -> list[str]:
    """Tracebacks show other files."""
    return [line for line in logged if line.startswith(('"', "ERROR"))]


ROWS: list[Messages] = [
    *[[each, text("after"), close()] for each in [*GOOD_ACCEPTS, *BAD_ACCEPTS]],
    *[[ACCEPT, each, text("after"), close()] for each in [*SENDS, *CLOSES, *ODD]],
    *[[each, ACCEPT, close()] for each in [*SENDS[:3], *CLOSES[:12], *ODD]],
    *[[each, denied(b"x"), close()] for each in DENIALS],
    *[[ACCEPT, close(), each] for each in ODD],
    *[[close(), each] for each in ODD],
]


@pytest.mark.parametrize("messages", ROWS, ids=range(len(ROWS)))
def test_one_of_each(oracle: Oracle, messages: Messages) -> None:
    compare(oracle, messages)


MESSAGES = st.sampled_from([*GOOD_ACCEPTS, *BAD_ACCEPTS, *SENDS, *CLOSES, *ODD])
# A denial that is begun is ended: else uvicorn leaves its page waiting.
DENYING = st.tuples(st.sampled_from(DENIALS[1:6]), st.lists(st.just(BODIES[2]), max_size=2)).map(
    lambda pair: [pair[0], *pair[1], BODIES[1], close()]
)
SEQUENCES = st.one_of(
    st.lists(MESSAGES, max_size=6).map(lambda them: [*them, close()]),
    st.lists(st.sampled_from([*SENDS, *CLOSES, *ODD]), max_size=6).map(
        lambda them: [ACCEPT, *them, close()]
    ),
    DENYING,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(messages=SEQUENCES, raises=st.booleans())
@example(messages=[ACCEPT, close(5000), close()], raises=True)
def test_any_order(oracle: Oracle, messages: Messages, raises: bool) -> None:
    compare(oracle, messages, raises)
