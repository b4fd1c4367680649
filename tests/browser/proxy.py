"""The proxy of the browsers under test: nothing leaves the machine, and all that tried is known.

It has one use beyond refusing: `http://insecure.test:<port>/` is answered by the server on
that port of localhost, so a page can be seen on an origin that browsers hold to be insecure.
"""

from __future__ import annotations

import http.client
import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.ports import fresh_port

INSECURE_HOST = "insecure.test"

# What browsers ask for by themselves, whatever page they show.
VENDORS = ("google.com", "googleapis.com", "gstatic.com", "mozilla.com", "mozilla.org")


@dataclass
class Proxy:
    """The hosts that were asked for, in order."""

    port: int = 0
    hosts: list[str] = field(default_factory=list)

    def foreign(self) -> list[str]:
        """Return the hosts that a page must have asked for."""
        own = (*VENDORS, "mozilla.net", INSECURE_HOST)
        return [host for host in self.hosts if not host.endswith(own)]


@contextmanager
def proxy() -> Iterator[Proxy]:
    record = Proxy()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            record.hosts.append(self.path.rsplit(":", 1)[0])
            self.send_error(502)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            record.hosts.append(url.hostname or "")
            if url.hostname == INSECURE_HOST and url.port:
                self.forward(url.port, url.path or "/")
            else:
                self.send_error(502)

        do_HEAD = do_POST = do_OPTIONS = do_GET

        def forward(self, port: int, path: str) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request(self.command, path)
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers.get("content-type", "text/plain"))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, *_args: object) -> None:
            pass

    with serving(Handler) as port:
        record.port = port
        yield record


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that hang up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve `handler` on a port of localhost that is its own, until the block ends."""
    server = _Server(("127.0.0.1", fresh_port()), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
