"""The app's own site, asked by the app: such a request never leaves Python.

Runs in Pyodide and under pytest. The browser could not answer it while Python waits; the app can.
The client's headers arrive as it wrote them, and the answer reaches it as the app gave it: with
redirects and cookies, as from a server, and past the visitor's jar.
"""

import asyncio
from collections import deque
from urllib.parse import SplitResult, urlsplit

from tabcorn.server.http import RequestResponseCycle
from tabcorn.server.outside import Answer, Headers
from tabcorn.server.scope import Site
from tabcorn.server.server import Server
from tabcorn.server.types import Chunk

_PORTS = {"http": 80, "https": 443}


class OwnSite:
    """Answers requests to the site's origin by its app."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def serves(self, url: str) -> bool:
        """Say whether a URL is one of the site's origin."""
        return _origin_of_url(urlsplit(url)) == _origin_of_site(self._server.site)

    async def answer(
        self, method: str, url: str, headers: Headers, body: bytes, timeout: float | None
    ) -> Answer:
        """Call the app; return when its response has begun. Each step may take so many seconds."""
        parts = urlsplit(url)
        page = _Page(method, url, timeout)
        flat = "\n".join(part for name, value in headers for part in (name.lower(), value))
        path = _inside(self._server.site.root_path, parts.path)
        page.cycle = self._server.ask(page, method, path, parts.query, flat, body)
        return await page.begun()

    async def whole_answer(
        self, method: str, url: str, headers: Headers, body: bytes, timeout: float | None
    ) -> Answer:
        """Do so on a loop that ends with the answer: the body comes whole."""
        answer = await self.answer(method, url, headers, body, timeout)
        chunks = []
        while answer.next and (chunk := await answer.next()):
            chunks.append(chunk)
        await self._server.settle()
        return Answer(answer.status, answer.reason, answer.headers, b"".join(chunks))


def _origin_of_url(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def _origin_of_site(site: Site) -> tuple[str, str, int]:
    host, port = site.server
    return site.scheme, host, port or _PORTS[site.scheme]


def _inside(root_path: str, path: str) -> str:
    """A path outside the site means the app's own, as it does to pages."""
    inside = path == root_path or path.startswith(f"{root_path}/")
    return (path if inside else f"{root_path}{path}") or "/"


class _Page:
    """Takes a response as a page does, and hands it on by pieces."""

    cycle: RequestResponseCycle

    def __init__(self, method: str, url: str, timeout: float | None) -> None:
        self._said = f"{method} {url}"
        self._timeout = timeout or None
        self._head: tuple[int, str, str] | None = None
        self._chunks: deque[bytes] = deque()
        self._more = True
        self._broken = ""
        self._changed = asyncio.Event()

    def start(self, id: int, status: int, reason: str, headers: str) -> None:
        """Take the head."""
        del id
        self._head = status, reason, headers
        self._changed.set()

    def body(self, id: int, chunk: Chunk, more_body: bool) -> None:
        """Take a piece."""
        del id
        if chunk:
            self._chunks.append(bytes(chunk))
        self._more = more_body
        self._changed.set()

    def consumed(self, id: int, size: int) -> None:
        """All was given at once."""

    def abort(self, id: int, message: str) -> None:
        """Note that the response breaks off."""
        del id
        self._broken, self._more = message or "The app broke off.", False
        self._changed.set()

    async def begun(self) -> Answer:
        """Wait for the head."""
        while self._head is None and not self._broken:
            await self._change()
        if self._head is None:
            raise ConnectionError(f"{self._said}: {self._broken}")
        return Answer(*self._head, b"", self.read, self.cycle.disconnect)

    async def read(self) -> bytes:
        """Return the next piece, and grant the app one more; none at the end."""
        while not self._chunks and self._more:
            await self._change()
        if self._chunks:
            chunk = self._chunks.popleft()
            self.cycle.grant(len(chunk))
            return chunk
        if self._broken:
            raise ConnectionError(f"{self._said}: {self._broken}")
        return b""

    async def _change(self) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(self._timeout):
                await self._changed.wait()
        except TimeoutError:
            self.cycle.disconnect()
            raise TimeoutError(f"{self._said}: The app did not answer in time.") from None
