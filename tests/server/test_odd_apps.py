"""Apps that send anything at all, in any order: the page, the app and the log are told the same.

Hypothesis makes the apps; uvicorn, on a socket, says what is right.
"""

from __future__ import annotations

import array
import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tabcorn.server.types import Receive, Scope, Send
from tests.server.oracle import Answer, Oracle, through_tabcorn, through_uvicorn
from tests.server.recorder import log_of

Step = tuple[str, Callable[[], Any], bool]


class Scripted:
    """An app that takes steps: what goes wrong in one ends it, or is caught."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self.told: list[object] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> object:
        assert scope["type"] == "http"
        for kind, make, caught in self.steps:
            try:
                if kind == "return":
                    return make()
                await self.take(kind, make(), receive, send)
            except BaseException as exc:
                self.told.append(said(exc))
                if not caught:
                    raise
        return None

    async def take(self, kind: str, value: Any, receive: Receive, send: Send) -> None:
        if kind == "send":
            await send(value)
        elif kind == "raise":
            raise value
        elif kind == "receive" and not self.told.count("received"):
            self.told.append("received")
            self.told.append(await receive())


def said(exc: BaseException) -> str:
    """What an app sees of an exception: all of it when it speaks of the order of messages.

    What is wrong in several ways is refused for another one of them, and by another type.
    """
    order = isinstance(exc, RuntimeError) and "ASGI message" in str(exc)
    if order and "after the response failed" not in str(exc):
        return str(exc)
    return type(exc).__name__ if type(exc).__name__ in APPS_OWN else "refused"


def one_of(values: list[Any]) -> st.SearchStrategy[Callable[[], Any]]:
    """Choose a value, wrapped: some of these can be neither hashed nor compared."""
    return st.integers(0, len(values) - 1).map(lambda index: lambda: values[index])


STATUS = [200, 200, 200, 204, 304, 404, 500, 599, 199, 100, 600, 1000, 0, -1, HTTPStatus.CREATED]
STATUS += [True, "200", None, 200.0, b"200", [], 201.5, 10**20]  # type: ignore[list-item]

BODIES: list[Any] = [b"", b"x", b"12345", b"x" * 300_000, bytearray(b"12345"), memoryview(b"12345")]
BODIES += [array.array("B", b"12345"), "12345", "", [b"12345"], (), {}]
BODIES += [bytearray(), memoryview(b"")]
NO_BODIES: list[Any] = [None, 5, 0, False, object()]  # whose length nobody can tell

PAIRS: list[Any] = [(b"x-a", b"1"), (b"X-A", b"2"), [b"x-b", b"3"], (b"x-e", b""), ("x-t", "t")]
PAIRS += [(b"x-l", b"\xe4"), ("x-u", "\xe4"), (b"x", b"a\r\nb: c"), (b"x", b"\0"), (b"a b", b"")]
PAIRS += [(b"", b"x"), (b"x", b" y"), (b"x", b"y\t"), (b"x", b"a\tb"), (b"x\n", b"y"), (b"x", 1)]
PAIRS += [(b"x", None), (b"x",), (b"x", b"y", b"z"), b"xy", "xy", None, 3, (bytearray(b"x"), b"y")]
PAIRS += [(b"x", memoryview(b"y")), (1, b"y"), (None, b"y"), (b"x", b"\x7f"), (b"x", b"\x01")]
FRAMING: list[Any] = [
    *((b"content-length", b"%d" % length) for length in (0, 5, 5, 6)),
    (b"Content-Length", b"5"),
    *((b"content-length", value) for value in (b"-5", b"+5", b"5.0", b"", b"0x5", b"5, 5", b"5,6")),
    *((b"content-length", value) for value in (b"05", b"1" * 30, b"5 ", "5", b"\xb25")),
    *((b"transfer-encoding", value) for value in (b"chunked", b"Chunked", b"gzip", b"", "chunked")),
    (b"connection", b"close"),
    (b"trailer", b"x"),
]
LISTS: list[Callable[[], Any]] = [
    lambda: None,
    lambda: {b"x-a": b"1"},
    lambda: {"ab": 1},
    lambda: b"xy",
    lambda: 5,
    lambda: iter([(b"x-a", b"1")]),
    lambda: (pair for pair in [(b"x-a", b"1"), None]),
    lambda: ((b"x-a", b"1"),),
    lambda: {(b"x-a", b"1")},
]


def all_of(makers: list[Callable[[], Any]]) -> Callable[[], Any]:
    return lambda: [make() for make in makers]


header_lists = st.one_of(
    st.lists(one_of([*PAIRS[:5], *FRAMING[:5]]), max_size=3).map(all_of),
    st.lists(one_of(PAIRS + FRAMING), max_size=3).map(all_of),
    st.sampled_from(LISTS),
)


@st.composite
def starts(draw: st.DrawFn) -> Callable[[], Any]:
    status, headers = draw(one_of(STATUS)), draw(header_lists)
    left_out = draw(st.sampled_from(["", "", "", "status", "headers"]))

    def make() -> dict[str, Any]:
        whole = {"type": "http.response.start", "status": status(), "headers": headers()}
        return {key: value for key, value in whole.items() if key != left_out}

    return make


@st.composite
def bodies(draw: st.DrawFn) -> Callable[[], Any]:
    body = draw(one_of([*BODIES, *[b"12345"] * 10]))
    more = draw(one_of([False, False, True, True, None, 0, 1, "", "no", [], b"x"]))
    left_out = draw(st.sampled_from(["", "", "", "body", "more_body"]))

    def make() -> dict[str, Any]:
        whole = {"type": "http.response.body", "body": body(), "more_body": more()}
        return {key: value for key, value in whole.items() if key != left_out}

    return make


ODD_MESSAGES: list[Any] = [None, "http.response.start", [], 5, {}, {"type": None}, {"type": []}]
ODD_MESSAGES += [{"type": kind} for kind in ("http.response.nonsense", "http.request", "", 5)]
ODD_MESSAGES += [{"type": f"http.response.{kind}"} for kind in ("trailers", "push", "debug")]
ODD_MESSAGES += [{"type": "websocket.accept"}, {"type": "lifespan.startup.complete"}]

messages = st.one_of(starts(), bodies(), bodies(), one_of(ODD_MESSAGES))


class Bug(Exception):
    """The app's own."""


ERRORS: list[Callable[[], BaseException]] = [
    lambda: Bug("no"),
    lambda: RuntimeError("of the app's own"),
    lambda: asyncio.CancelledError(),
    lambda: SystemExit(3),
    lambda: KeyboardInterrupt(),
    lambda: StopAsyncIteration(),
    lambda: GeneratorExit(),
    lambda: BaseException("base"),
    lambda: ExceptionGroup("all", [Bug("one"), OSError("two")]),
    lambda: BaseExceptionGroup("all", [asyncio.CancelledError(), Bug("one")]),
    lambda: OSError("of the app's own"),
]
APPS_OWN = {type(make()).__name__ for make in ERRORS} - {"RuntimeError"}
RETURNED = [None, None, 0, "", False, "value", {"a": 1}]
steps = st.one_of(
    *[st.tuples(st.just("send"), messages, st.booleans())] * 5,
    st.tuples(st.just("raise"), st.sampled_from(ERRORS), st.booleans()),
    st.tuples(st.just("return"), one_of(RETURNED), st.just(False)),
    st.tuples(st.just("receive"), one_of([None]), st.just(False)),
)


no_body = one_of(NO_BODIES).map(
    lambda body: lambda: {"type": "http.response.body", "body": body(), "more_body": True}
)
steps = st.one_of(*[steps] * 10, st.tuples(st.just("send"), no_body, st.just(False)))


@st.composite
def scripts(draw: st.DrawFn) -> list[Step]:
    """Mostly a response in its order, with something odd in it; sometimes anything."""
    anything = draw(st.lists(steps, max_size=6))
    if draw(st.booleans()):
        return anything
    head: Step = ("send", draw(starts()), draw(st.booleans()))
    return [head, *anything]


@given(scripts(), st.sampled_from(["GET", "HEAD", "POST"]))
@settings(max_examples=400, deadline=None)
def test_any_app_does_the_same(oracle: Oracle, script: list[Step], method: str) -> None:
    def judged(run: Callable[[Scripted], Answer], logger: str) -> tuple[object, ...]:
        app = Scripted(script)
        with log_of(logger) as lines:
            answer = run(app)
        return answer, app.told, lines

    asked = (method, "/", "", b"sent" if method == "POST" else b"")
    theirs = judged(lambda app: through_uvicorn(oracle, app, *asked), "uvicorn.error")
    ours = judged(lambda app: through_tabcorn(app, *asked), "tabcorn")
    answer, told, _ = theirs
    if isinstance(answer, tuple) and answer[0] == "waiting":
        # The app has caught that its body ends too early: uvicorn takes it for whole, says nothing
        # and leaves the client waiting for the rest. Here it breaks off, and the log says why.
        theirs = (("broken", answer[1]), told, ours[2])
    assert ours == theirs
