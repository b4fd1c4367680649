"""http.client, and with it urllib.request: a connection becomes a request by the browser.

Runs in Pyodide, for urllib3 as well. The bytes that http.client writes to its socket are read as a
request, and what the browser answers is written as the response that http.client then reads.
"""

import io
from types import ModuleType
from typing import Any

from tabcorn.server import outside
from tabcorn.server.adaptations.model import Adaptation


def go_through_the_browser(module: ModuleType) -> None:
    """Give connections a socket that is none, below http.client's own code."""
    module.HTTPConnection.connect = connect
    module.HTTPSConnection.connect = connect


def fail_as_when_connecting(module: ModuleType) -> None:
    """Let a failure be urllib's error: it shows when the answer is read, and not before."""
    original = module.AbstractHTTPHandler.do_open

    def do_open(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return original(self, *args, **options)
        except ConnectionError as exc:
            raise module.URLError(exc) from exc

    module.AbstractHTTPHandler.do_open = do_open


def connect(self: Any) -> None:
    """Be http.client's `connect`."""
    scheme = "https" if self.default_port == 443 else "http"
    self.sock = BrowserSocket(f"{scheme}://{_authority(self)}", self.timeout)


def _authority(connection: Any) -> str:
    host = connection._tunnel_host or connection.host
    port = (connection._tunnel_port if connection._tunnel_host else connection.port) or 0
    host = f"[{host}]" if ":" in host else host
    return host if port == connection.default_port else f"{host}:{port}"


class BrowserSocket:
    """Collects a request; answers it when it is read from."""

    def __init__(self, origin: str, timeout: Any) -> None:
        self._origin = origin
        self._timeout = timeout if isinstance(timeout, (int, float)) else None
        self._sent = bytearray()

    def sendall(self, data: Any) -> None:
        """Add to the request."""
        self._sent += data

    def settimeout(self, timeout: float | None) -> None:
        """Bound the wait for an answer, in seconds."""
        self._timeout = timeout

    def setsockopt(self, *option: object) -> None:
        """There is nothing to set."""

    def close(self) -> None:
        """There is nothing to close: the response has its own stream."""

    shutdown = setsockopt

    def makefile(self, mode: str = "rb", *rest: Any) -> io.BufferedReader:
        """Make the request, and return the response as it would have come over the wire."""
        del mode, rest
        method, target, headers, body = parse_request(bytes(self._sent))
        self._sent.clear()
        url = target if "://" in target else self._origin + target
        reply = outside.request(method, url, headers, body, self._timeout)
        return io.BufferedReader(_Wire(reply))


def parse_request(sent: bytes) -> tuple[str, str, list[tuple[str, str]], bytes]:
    """Take a request as http.client writes it apart; a chunked body is put together."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    chunked = any(name.lower() == "transfer-encoding" for name, _ in headers)
    return method, target, headers, b"".join(_chunks(body)) if chunked else body


def _chunks(body: bytes) -> list[bytes]:
    chunks = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        chunks.append(body[:length])
        body = body[length + 2 :]
    return chunks


class _Wire(io.RawIOBase):
    """A response in HTTP/1.1, delimited by the end of the connection."""

    def __init__(self, reply: outside.Reply) -> None:
        lines = [f"HTTP/1.1 {reply.status} {reply.reason}"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        self._reply = reply
        self._rest = "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = self._reply.read()
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._reply.close()
        super().close()


ADAPTATIONS = (
    Adaptation(
        package="http.client",
        versions=">=3.11,<3.15",
        module="http.client",
        reason="opens a socket; urllib.request and much else goes through it",
        apply=go_through_the_browser,
    ),
    Adaptation(
        package="urllib.request",
        versions=">=3.11,<3.15",
        module="urllib.request",
        reason="takes only what fails while connecting for an unreachable server",
        apply=fail_as_when_connecting,
    ),
)
