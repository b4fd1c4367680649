"""One request and its response: the `receive` and `send` that the app is called with.

Runs in Pyodide and under pytest; knows the page only as a `Transport`. What may be sent when is
decided by the tables in `states`; what is refused, and in which words, is uvicorn's and h11's.
"""

import asyncio
from collections.abc import Callable

from tabcorn.server import logs
from tabcorn.server.cookies.exchange import take_nothing
from tabcorn.server.defaults import DefaultHeaders
from tabcorn.server.disconnect import ClientDisconnected, caused_by_disconnect
from tabcorn.server.errors import without_our_frame
from tabcorn.server.flow import CHUNK, RequestBody, ResponseWindow, as_chunk
from tabcorn.server.headers import HeaderError, flatten
from tabcorn.server.states import Page, Response, next_response
from tabcorn.server.types import App, Chunk, HttpTransport, Message, Scope

_BODILESS_STATUS = frozenset({204, 304})
_BAD_REQUEST = "Invalid HTTP request received."
_SERVER_ERROR = (
    {
        "type": "http.response.start",
        "status": 500,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")],
    },
    {"type": "http.response.body", "body": b"Internal Server Error"},
)


class ContentLengthError(RuntimeError):
    """The app sent more or less of a body than its Content-Length declared."""


class RequestResponseCycle:
    """Carries one request to the app and the app's response to the page."""

    def __init__(
        self,
        id: int,
        scope: Scope,
        transport: HttpTransport,
        default_headers: DefaultHeaders,
        take_cookies: Callable[[str], str] = take_nothing,
    ) -> None:
        self.id = id
        self.scope = scope
        self._transport = transport
        self._default_headers = default_headers
        self._take_cookies = take_cookies
        self._page = Page.PRESENT
        self._response = Response.IDLE
        self._request_body = RequestBody()
        self._window = ResponseWindow()
        self._wake = asyncio.Event()
        self._is_head = self._bodiless = scope["method"] == "HEAD"
        self._fault = ""  # what broke the response
        self._unsent: int | None = None  # of the declared Content-Length, when one holds

    # What the page does

    def feed(self, chunk: bytes, more_body: bool) -> None:
        """Add a piece of the request body."""
        self._request_body.feed(chunk, more_body)
        self._wake.set()

    def grant(self, size: int) -> None:
        """Note that the page has read so many bytes of the response."""
        self._window.grant(size)

    def disconnect(self) -> None:
        """Note that the page has left; whoever waits in receive or send is woken."""
        self._page = Page.GONE
        self._window.close()
        self._wake.set()

    # What the app does

    async def run(self, app: App) -> None:
        """Call the app, and make a proper end of whatever it leaves behind. Never raises."""
        try:
            result = await app(self.scope, self.receive, self.send)
        except BaseException as exc:
            await self._end_failed(exc)
        else:
            await self._end_returned(result)

    async def receive(self) -> Message:
        """Return the next piece of the request body, or wait for the page to be done with us."""
        while self._page is not Page.GONE and self._response is not Response.DONE:
            if self._request_body.ready:
                return self._next_request()
            self._wake.clear()
            await self._wake.wait()
        return {"type": "http.disconnect"}

    def _next_request(self) -> Message:
        chunk, more_body = self._request_body.take()
        if chunk:
            self._transport.consumed(self.id, len(chunk))
        return {"type": "http.request", "body": chunk, "more_body": more_body}

    async def send(self, message: Message) -> None:
        """Send one message of the response; raises OSError when the page has left.

        What a message holds may be wrong in any way. A response whose start or length was is past
        mending; as with uvicorn, the page is told of it when the app ends.
        """
        self._check_present()
        kind = message["type"]
        more_body = kind == "http.response.body" and bool(message.get("more_body", False))
        following = next_response(self._response, kind, more_body)
        chunk = self._chunk_of(message) if kind == "http.response.body" else b""
        try:
            await self._perform(message, chunk, more_body)
        except (ClientDisconnected, asyncio.CancelledError):
            raise
        except BaseException as exc:
            self._response = Response.BROKEN
            if isinstance(exc, (HeaderError, ContentLengthError)):
                self._fault = str(exc)
            raise
        self._response = following
        if following is Response.DONE:
            self._wake.set()

    async def _perform(self, message: Message, chunk: Chunk, more_body: bool) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body":
            await self._send_body(chunk, more_body)
        else:
            await self._send_path(message["path"])

    def _chunk_of(self, message: Message) -> Chunk:
        """Return the body of a message; where no length counts, all that is false is none."""
        body = message.get("body", b"")
        if self._is_head or (self._unsent is None and not body):
            return b""
        return as_chunk(body)

    def _start(self, message: Message) -> None:
        status = _checked_status(message["status"])
        flat, length = flatten(message.get("headers", ()))
        if not self._bodiless:
            self._bodiless = status in _BODILESS_STATUS
            self._unsent = 0 if self._bodiless else length
        logs.access(self.scope, status)
        kept = self._take_cookies(flat)
        reason = logs.phrase(status)
        self._transport.start(self.id, status, reason, self._default_headers.before(kept))
        if self._bodiless or self._unsent == 0:
            self._deliver(b"", False)

    async def _send_body(self, chunk: Chunk, more_body: bool) -> None:
        more_body = self._count(len(chunk), more_body)
        if self._bodiless:
            chunk = b""
        while len(chunk) > CHUNK:
            view = memoryview(chunk)
            await self._write(view[:CHUNK], True)
            chunk = view[CHUNK:]
        await self._write(chunk, more_body)

    async def _send_path(self, path: str) -> None:
        """Send a file whole: the extension `http.response.pathsend`."""
        with open(path, "rb") as file:
            while not self._bodiless and (chunk := file.read(CHUNK)):
                await self._write(chunk, self._count(len(chunk), True))
        await self._send_body(b"", False)

    async def _write(self, chunk: Chunk, more_body: bool) -> None:
        if not chunk and more_body:
            return
        await self._window.take(len(chunk))
        self._check_present()
        self._deliver(chunk, more_body)

    def _deliver(self, chunk: Chunk, more_body: bool) -> None:
        if self._page is not Page.PRESENT:
            return
        if not more_body:
            self._page = Page.SERVED
        self._transport.body(self.id, chunk, more_body)

    def _count(self, size: int, more_body: bool) -> bool:
        """Return whether the page has to wait for more: not when it has all that was declared."""
        if self._unsent is None:
            return more_body
        if size > self._unsent:
            raise ContentLengthError("Too much data for declared Content-Length")
        if size < self._unsent and not more_body:
            raise ContentLengthError("Too little data for declared Content-Length")
        self._unsent -= size
        return self._unsent > 0

    def _check_present(self) -> None:
        if self._page is Page.GONE:
            raise ClientDisconnected("The page has left and no longer reads this response.")

    # How it ends

    async def _end_failed(self, exc: BaseException) -> None:
        if self._page is Page.GONE and caused_by_disconnect(exc):
            logs.logger.debug("The app stopped, since the page has left.")
            return
        logs.logger.error("Exception in ASGI application\n", exc_info=without_our_frame(exc))
        await self._end_unfinished("Exception in ASGI application")

    async def _end_returned(self, result: object) -> None:
        if result is not None:
            logs.logger.error("ASGI callable should return None, but returned '%s'.", result)
            self._break_off("The ASGI app returned a value.")
        elif self._page is Page.GONE:
            return
        elif self._response is Response.IDLE:
            logs.logger.error("ASGI callable returned without starting response.")
            await self._end_unfinished("")
        elif self._response is not Response.DONE:
            logs.logger.error("ASGI callable returned without completing response.")
            self._break_off("The ASGI app returned without completing its response.")

    async def _end_unfinished(self, reason: str) -> None:
        if self._page is Page.PRESENT and self._response is Response.IDLE:
            for message in _SERVER_ERROR:
                await self.send(message)
        else:
            self._break_off(reason)

    def _break_off(self, reason: str) -> None:
        """Let the page see an error, unless it has seen the whole response, or has left."""
        self._response = Response.DONE
        self._wake.set()
        if self._page is Page.PRESENT:
            self._transport.abort(self.id, self._fault or reason)


def refuse(id: int, transport: HttpTransport) -> None:
    """Answer a request that is none, as uvicorn does: without the app or an access line."""
    logs.logger.warning(_BAD_REQUEST)
    headers = "content-type\ntext/plain; charset=utf-8\nconnection\nclose"
    transport.start(id, 400, logs.phrase(400), headers)
    transport.body(id, _BAD_REQUEST.encode(), False)


def _checked_status(status: int) -> int:
    """Refuse what is no final status; above 599, uvicorn fails, and no browser takes it."""
    if not isinstance(status, int):
        raise HeaderError(f"status code must be integer, not {status!r}")
    if not 200 <= status < 600:
        raise HeaderError(f"Response status_code should be in range [200, 600), not {status:d}")
    return int(status)
