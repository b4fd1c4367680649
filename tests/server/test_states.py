import itertools

import pytest

from tabcorn.server.states import (
    LIFESPAN,
    LIFESPAN_MESSAGES,
    RESPONSE,
    Lifespan,
    Response,
    next_lifespan,
    next_response,
)

MESSAGES = ("http.response.start", "http.response.body", "http.response.pathsend", "nonsense")


@pytest.mark.parametrize(
    ("state", "message", "words"),
    [
        (
            Response.IDLE,
            "http.response.body",
            "Expected ASGI message 'http.response.start', but got 'http.response.body'.",
        ),
        (
            Response.BODY,
            "http.response.start",
            "Expected ASGI message 'http.response.body', but got 'http.response.start'.",
        ),
        (
            Response.DONE,
            "http.response.body",
            "Unexpected ASGI message 'http.response.body' sent, after response already completed.",
        ),
    ],
)
def test_the_words_are_uvicorns(state: Response, message: str, words: str) -> None:
    with pytest.raises(RuntimeError) as caught:
        next_response(state, message, False)
    assert str(caught.value) == words


def test_every_response_message_has_a_row_or_is_refused() -> None:
    for row in itertools.product(Response, MESSAGES, (False, True)):
        if row in RESPONSE:
            assert next_response(*row) is RESPONSE[row]
        else:
            with pytest.raises(RuntimeError, match=r"ASGI message"):
                next_response(*row)


def test_nothing_follows_the_end() -> None:
    ends = {Response.DONE, Response.BROKEN}
    assert not [row for row in RESPONSE if row[0] in ends]


def test_every_lifespan_message_has_a_row_or_is_refused() -> None:
    for row in itertools.product(Lifespan, LIFESPAN_MESSAGES):
        if row in LIFESPAN:
            assert next_lifespan(*row) is LIFESPAN[row]
        else:
            with pytest.raises(RuntimeError, match="invalid state transition on lifespan"):
                next_lifespan(*row)


def test_an_unknown_lifespan_message_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"but got 'lifespan.ready'"):
        next_lifespan(Lifespan.STARTING, "lifespan.ready")
