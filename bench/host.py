"""A static host that counts what it sends, and that may be at the end of a slow line.

It compresses nothing and lets browsers keep everything for a day, as fast static hosts do. Each
one has an origin of its own, so that the next visit is a first one.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.link import Link
from tests.browser.hosts import TYPES
from tests.ports import fresh_port

CHUNK = 8 * 1024

# How a connection ends: by the browser, or with the host.
ENDINGS = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)

MORE_TYPES = {**TYPES, ".mjs": "text/javascript", ".wasm": "application/wasm"}


@dataclass
class BenchHost:
    """A folder on the web, and what went over the line: when (since 1970), how many bytes."""

    folder: Path
    link: Link | None = None
    port: int = field(default_factory=fresh_port)
    sent: list[tuple[float, int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    def bytes_until(self, moment: float) -> int:
        """What had arrived at a moment; `inf` for all of it."""
        return sum(size for when, size in self.sent if when <= moment)

    def come_to_rest(self, seconds: float) -> None:
        """Wait until nothing has been sent for so long."""
        while self.sent and time.time() - self.sent[-1][0] < seconds:
            time.sleep(seconds / 10)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until it is closed."""
        first = True
        with closing(writer), suppress(*ENDINGS):
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
                await self._answer(writer, method, target, first)
                first = False

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, target: str, first: bool
    ) -> None:
        head, body = self._response(target)
        data = head if method == "HEAD" else head + body
        clock = asyncio.get_running_loop().time
        due = self.link.opened(clock(), first) if self.link else 0.0
        for start in range(0, len(data), CHUNK if self.link else len(data)):
            chunk = data[start : start + CHUNK] if self.link else data
            if self.link:
                due = self.link.carried(due, len(chunk))
                await asyncio.sleep(max(0.0, due - clock()))
            writer.write(chunk)
            self.sent.append((time.time(), len(chunk)))
            await writer.drain()

    def _response(self, target: str) -> tuple[bytes, bytes]:
        file = self._find(unquote(urlsplit(target).path))
        status = "200 OK" if file else "404 Not Found"
        file = file or self._find("/404.html")
        body = file.read_bytes() if file else b"not found"
        kind = MORE_TYPES.get(file.suffix if file else ".txt", "application/octet-stream")
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n"
            "cache-control: max-age=86400\r\nservice-worker-allowed: /\r\n\r\n"
        )
        return head.encode(), body

    def _find(self, path: str) -> Path | None:
        file = self.folder / path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None


@contextmanager
def serving(folder: Path, link: Link | None = None) -> Iterator[BenchHost]:
    """Serve a folder on a free port until the block ends."""
    host = BenchHost(folder, link)
    loop = asyncio.new_event_loop()
    up, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(host.converse, "127.0.0.1", host.port)
        mine = asyncio.current_task()
        up.set()
        await over.wait()
        server.close()
        open_connections = [each for each in asyncio.all_tasks() if each is not mine]
        for task in open_connections:
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is let go of in the loop's next turn

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    up.wait()
    try:
        yield host
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
