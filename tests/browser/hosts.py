"""A plain static host: files, a 404 page, nothing that knows tabcorn.

Each one has an origin of its own (a free port), so a test that needs a first visit serves
a site again instead of cleaning a profile. What was asked for is kept.
"""

from __future__ import annotations

import http.server
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.browser.proxy import serving
from tests.browser.tab import RECORD_CONSOLE

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
}


@dataclass
class Host:
    """A folder on the web: `url` ends in a slash and is where the site lives."""

    folder: Path
    base: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    asked: list[str] = field(default_factory=list)
    up: ExitStack = field(default_factory=ExitStack)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.base

    def record_console(self) -> None:
        """Let the entry page keep what it logs in `window.recorded`, from its first line on."""
        page = self.folder / "index.html"
        script = f"<head><script>{RECORD_CONSOLE}</script>"
        page.write_text(page.read_text().replace("<head>", script, 1))

    def stop(self) -> None:
        """Go off the net; the port then refuses connections."""
        self.up.close()

    def find(self, path: str) -> Path | None:
        """Return the file for a URL path, None where a 404 page is due."""
        if not path.startswith(self.base):
            return None
        file = self.folder / unquote(path.removeprefix(self.base))
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None


@contextmanager
def static_host(
    folder: Path, base: str = "/", headers: dict[str, str] | None = None
) -> Iterator[Host]:
    """Serve the folder on a free port below `base`, with these headers on every answer."""
    host = Host(folder, base, headers or {})

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            host.asked.append(path)
            file = host.find(path)
            self.answer(200 if file else 404, file or host.folder / "404.html")

        do_HEAD = do_GET

        def do_POST(self) -> None:
            host.asked.append(f"POST {self.path}")
            self.close_connection = True
            self.send_error(405)

        def answer(self, status: int, file: Path) -> None:
            body = file.read_bytes() if file.exists() else b"not found"
            self.send_response(status)
            kind = TYPES.get(file.suffix, "application/octet-stream")
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-cache")
            for name, value in host.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with host.up:
        host.port = host.up.enter_context(serving(Handler))
        yield host
