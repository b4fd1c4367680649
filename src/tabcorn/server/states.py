"""The order in which an app may send its messages, as tables.

Everything that decides whether a message is in order lives here; what a message then does
lives in `http` and `lifespan`. A message that has no row for the current state is an error,
and the words of that error are uvicorn's.
"""

from enum import Enum


class Response(Enum):
    """What the app has sent of its response so far."""

    IDLE = "nothing yet"
    BODY = "started, the body is under way"
    DONE = "complete"
    BROKEN = "given up: the page sees an error"


class Page(Enum):
    """Whether somebody still waits for the response."""

    PRESENT = "waiting"
    GONE = "left, navigated away or aborted"


class Lifespan(Enum):
    """What the app has said about its startup and shutdown."""

    STARTING = "startup was asked for"
    RUNNING = "startup is complete"
    STARTUP_FAILED = "startup failed"
    STOPPED = "shutdown is complete"
    SHUTDOWN_FAILED = "shutdown failed"


# (state, message type, more of the body to come) -> next state. `pathsend` is a whole body.
RESPONSE: dict[tuple[Response, str, bool], Response] = {
    (Response.IDLE, "http.response.start", False): Response.BODY,
    (Response.BODY, "http.response.body", True): Response.BODY,
    (Response.BODY, "http.response.body", False): Response.DONE,
    (Response.BODY, "http.response.pathsend", False): Response.DONE,
}

_EXPECTED = {
    Response.IDLE: "http.response.start",
    Response.BODY: "http.response.body",
}

# A shutdown message is accepted as soon as startup is complete, asked for or not: so does uvicorn.
LIFESPAN: dict[tuple[Lifespan, str], Lifespan] = {
    (Lifespan.STARTING, "lifespan.startup.complete"): Lifespan.RUNNING,
    (Lifespan.STARTING, "lifespan.startup.failed"): Lifespan.STARTUP_FAILED,
    (Lifespan.RUNNING, "lifespan.shutdown.complete"): Lifespan.STOPPED,
    (Lifespan.RUNNING, "lifespan.shutdown.failed"): Lifespan.SHUTDOWN_FAILED,
}

LIFESPAN_MESSAGES = frozenset(message for _, message in LIFESPAN)


def next_response(state: Response, message_type: str, more_body: bool) -> Response:
    """Return the state that follows, or raise RuntimeError when the message is out of order."""
    following = RESPONSE.get((state, message_type, more_body))
    if following is None:
        raise RuntimeError(_out_of_order(state, message_type))
    return following


def _out_of_order(state: Response, message_type: str) -> str:
    if state is Response.BROKEN:
        return f"Unexpected ASGI message '{message_type}' sent, after the response failed."
    if state is Response.DONE:
        return f"Unexpected ASGI message '{message_type}' sent, after response already completed."
    return f"Expected ASGI message '{_EXPECTED[state]}', but got '{message_type}'."


def next_lifespan(state: Lifespan, message_type: str) -> Lifespan:
    """Return the state that follows, or raise RuntimeError when the message is out of order."""
    if message_type not in LIFESPAN_MESSAGES:
        expected = "', '".join(sorted(LIFESPAN_MESSAGES))
        raise RuntimeError(f"Expected one of the messages '{expected}', but got '{message_type}'.")
    following = LIFESPAN.get((state, message_type))
    if following is None:
        raise RuntimeError("Got invalid state transition on lifespan protocol.")
    return following
