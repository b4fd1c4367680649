"""HTTP requests to the outside, made by the browser, for sync code and for async code.

Runs in Pyodide and under pytest; knows the browser only as a `Browser`, and the app's own site,
which the app answers itself, as `Itself`: the bridge gives both. Async code gets a stream. So does
sync code that can be suspended; where it cannot, the body comes whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from tabcorn.server import headers as header_lists
from tabcorn.server.sync.nested import NestedLoop
from tabcorn.server.sync.waiting import can_wait, wait

Headers = Sequence[tuple[str, str]]

# The browser sets these itself. User-Agent it would pass on, at the price of a CORS preflight.
_BROWSERS_OWN = frozenset(
    {"accept-charset", "accept-encoding", "connection", "content-length", "cookie", "date"}
    | {"expect", "host", "keep-alive", "origin", "referer", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "user-agent", "via"}
)
# The browser has undone what these say of a body.
_UNDONE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


@dataclass
class Answer:
    """What the browser got: a head, and the body whole, or piece by piece from `next`."""

    status: int
    reason: str
    headers: str  # flat, as everywhere between Python and JavaScript
    body: bytes = b""
    next: Callable[[], Awaitable[bytes]] | None = None
    cancel: Callable[[], None] | None = None


class Browser(Protocol):
    """Makes requests. Raises TimeoutError, and ConnectionError for all else that fails."""

    def send(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> Answer:
        """Make a synchronous request; nothing else runs meanwhile."""

    async def fetch(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> Answer:
        """Make a request whose body can be read piece by piece."""


class Itself(Protocol):
    """Answers requests to the app's own site. Raises as a browser does."""

    def serves(self, url: str) -> bool:
        """Say whether a URL is one of the site's origin."""

    async def answer(
        self, method: str, url: str, headers: Headers, body: bytes, timeout: float | None
    ) -> Answer:
        """Answer; the body can be read piece by piece."""

    async def whole_answer(
        self, method: str, url: str, headers: Headers, body: bytes, timeout: float | None
    ) -> Answer:
        """Answer with the body whole."""


class NoBrowser:
    """Stands for the browser where there is none: in the trial run of a build."""

    def send(self, method: str, url: str, *rest: object) -> Answer:
        """Refuse."""
        del rest
        raise ConnectionError(f"{method} {url}: no requests can be made while the build tries it.")

    async def fetch(self, method: str, url: str, *rest: object) -> Answer:
        """Refuse."""
        return self.send(method, url, *rest)


browser: Browser = NoBrowser()
itself: Itself | None = None


def failed(method: str, url: str, message: str, late: bool) -> OSError:
    """Return the error for a request that the browser says has failed."""
    if late:
        return TimeoutError(f"{method} {url}: {message}")
    return ConnectionError(
        f"{method} {url}: the browser made no such request, or shows no answer ({message}). "
        "Either there is no connection, or that server does not allow it to this site by CORS."
    )


class Reply:
    """An answer as Python's HTTP clients want it."""

    def __init__(self, answer: Answer, undone: Collection[str] = ()) -> None:
        self.status = answer.status
        self.reason = answer.reason
        pairs = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in _parsed(answer.headers)]
        self.headers = [(name, value) for name, value in pairs if name not in undone]
        self._rest = answer.body
        self._next = answer.next
        self._cancel = answer.cancel

    async def read_async(self) -> bytes:
        """Return the next piece of the body; none at its end."""
        if self._next:
            chunk = await self._next()
            if not chunk:
                self._next = self._cancel = None
            return chunk
        chunk, self._rest = self._rest, b""
        return chunk

    def read(self) -> bytes:
        """Do so in sync code."""
        return wait(self.read_async()) if self._next else self._taken()

    def _taken(self) -> bytes:
        chunk, self._rest = self._rest, b""
        return chunk

    def close(self) -> None:
        """Let the browser drop what was not read."""
        cancel, self._cancel, self._next = self._cancel, None, None
        if cancel:
            cancel()


def request(method: str, url: str, headers: Headers, body: bytes, timeout: float | None) -> Reply:
    """Make a request from sync code; redirects are followed, by the browser."""
    if can_wait():
        return wait(request_async(method, url, headers, body, timeout))
    if itself and itself.serves(url) and asyncio._get_running_loop() is None:
        return Reply(wait(itself.whole_answer(method, url, headers, body, timeout)))
    return _seen(method, browser.send(method, url, _flat(headers), body, timeout))


async def request_async(
    method: str, url: str, headers: Headers, body: bytes, timeout: float | None
) -> Reply:
    """Make a request from async code; on a nested loop no promise is ever kept."""
    nested = isinstance(asyncio.get_running_loop(), NestedLoop)
    if itself and itself.serves(url):
        answer = itself.whole_answer if nested else itself.answer
        return Reply(await answer(method, url, headers, body, timeout))
    if nested:
        return _seen(method, browser.send(method, url, _flat(headers), body, timeout))
    return _seen(method, await browser.fetch(method, url, _flat(headers), body, timeout))


def _seen(method: str, answer: Answer) -> Reply:
    return Reply(answer, _UNDONE if method != "HEAD" else ())


def _flat(headers: Headers) -> str:
    kept = [(name, value) for name, value in headers if name.lower() not in _BROWSERS_OWN]
    return "\n".join(part for pair in kept for part in pair)


def _parsed(flat: str) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in header_lists.parse(flat)]
