"""The order in which an app may send its messages, as tables.

Everything that decides whether a message is in order lives here; what a message then does
lives in `http`, `websocket` and `lifespan`. A message that has no row for the current state is
an error, and the words of that error are uvicorn's.
"""

from enum import Enum


class Response(Enum):
    """What the app has sent of its response so far."""

    IDLE = "nothing yet"
    BODY = "started, the body is under way"
    DONE = "complete, or broken off"
    BROKEN = "past mending: the page will see an error"


class Socket(Enum):
    """What the app has made of a WebSocket so far."""

    CONNECTING = "neither accepted nor denied"
    OPEN = "accepted"
    DENYING = "denied by a response of the app's own, whose body is under way"
    DENIED = "denied by a response of the app's own, which is complete"
    CLOSED = "closed, or denied"


class Page(Enum):
    """Whether somebody still waits for the response, or holds the other end of the socket."""

    PRESENT = "waiting"
    SERVED = "has the whole response, whatever the app still does"
    LEAVING = "has closed its socket; with the next turn of the loop it is gone"
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
    Response.BROKEN: "http.response.body",
}

# The same of a WebSocket (ASGI, "WebSocket"); the denial is `websocket.http.response`.
SOCKET: dict[tuple[Socket, str, bool], Socket] = {
    (Socket.CONNECTING, "websocket.accept", False): Socket.OPEN,
    (Socket.CONNECTING, "websocket.close", False): Socket.CLOSED,
    (Socket.CONNECTING, "websocket.http.response.start", False): Socket.DENYING,
    (Socket.OPEN, "websocket.send", False): Socket.OPEN,
    (Socket.OPEN, "websocket.close", False): Socket.CLOSED,
    (Socket.DENYING, "websocket.http.response.body", True): Socket.DENYING,
    (Socket.DENYING, "websocket.http.response.body", False): Socket.DENIED,
}

_SOCKET_REFUSALS = {
    Socket.CONNECTING: "Expected ASGI message 'websocket.accept', 'websocket.close' "
    "or 'websocket.http.response.start' but got '{}'.",
    Socket.OPEN: "Expected ASGI message 'websocket.send' or 'websocket.close', but got '{}'.",
    Socket.DENYING: "Expected ASGI message 'websocket.http.response.body' but got '{}'.",
    Socket.DENIED: "Expected ASGI message 'websocket.http.response.body' but got '{}'.",
    Socket.CLOSED: "Unexpected ASGI message '{}', after sending 'websocket.close'.",
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
    known = isinstance(message_type, str)  # an app may say anything
    following = RESPONSE.get((state, message_type, more_body)) if known else None
    if following is None:
        raise RuntimeError(_out_of_order(state, message_type))
    return following


def _out_of_order(state: Response, message_type: str) -> str:
    if state is Response.BROKEN and message_type == "http.response.body":
        return f"Unexpected ASGI message '{message_type}' sent, after the response failed."
    if state is Response.DONE:
        return f"Unexpected ASGI message '{message_type}' sent, after response already completed."
    return f"Expected ASGI message '{_EXPECTED[state]}', but got '{message_type}'."


def next_socket(state: Socket, message_type: str, more_body: bool) -> Socket:
    """Return the state that follows, or raise RuntimeError when the message is out of order."""
    following = SOCKET.get((state, message_type, more_body))
    if following is None:
        raise RuntimeError(_SOCKET_REFUSALS[state].format(message_type))
    return following


def next_lifespan(state: Lifespan, message_type: str) -> Lifespan:
    """Return the state that follows, or raise RuntimeError when the message is out of order."""
    if message_type not in LIFESPAN_MESSAGES:
        expected = "', '".join(sorted(LIFESPAN_MESSAGES))
        raise RuntimeError(f"Expected one of the messages '{expected}', but got '{message_type}'.")
    following = LIFESPAN.get((state, message_type))
    if following is None:
        raise RuntimeError("Got invalid state transition on lifespan protocol.")
    return following
