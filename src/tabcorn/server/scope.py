"""The connection scopes, HTTP's and WebSocket's, made from flat arguments of the page's side.

Runs in Pyodide and under pytest. The rule: what uvicorn would have put there (ASGI HTTP and
WebSocket specs, "Connection Scope"), plus the extensions that a browser can honour.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tabcorn.server import headers
from tabcorn.server.types import Scope

# uvicorn says 2.3, and Starlette chooses by it how a stream learns that the page left: told 2.3
# it cancels the stream at once, told 2.4 it waits for the stream's next send, maybe for ever.
SPEC_VERSION = "2.3"

SOCKET_SPEC_VERSION = "2.4"  # as uvicorn says

_CLIENT_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Site:
    """What all requests of a site have in common."""

    scheme: str = "http"
    server: tuple[str, int | None] = ("127.0.0.1", 8000)
    root_path: str = ""  # percent-decoded, as `path` is
    asgi_version: str = "3.0"
    state: dict[str, Any] = field(default_factory=dict)


def http_scope(
    site: Site, method: str, path: str, query: str, flat_headers: str, client_port: int
) -> Scope:
    """Build the scope of one request.

    `path` is percent-encoded and begins with the root path; `query` has no question mark.
    """
    return {
        "type": "http",
        "asgi": {"version": site.asgi_version, "spec_version": SPEC_VERSION},
        "http_version": "1.1",
        "server": site.server,
        "client": (_CLIENT_HOST, client_port),
        "scheme": site.scheme,
        "method": method,
        "root_path": site.root_path,
        "path": unquote(path) if "%" in path else path,
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "headers": headers.parse(flat_headers),
        "state": site.state.copy(),
        "extensions": _extensions(flat_headers),
    }


def socket_scope(
    site: Site, path: str, query: str, flat_headers: str, client_port: int, subprotocols: list[str]
) -> Scope:
    """Build the scope of one WebSocket; `path` and `query` as for `http_scope`."""
    scope = http_scope(site, "GET", path, query, flat_headers, client_port)
    del scope["method"]
    return {
        **scope,
        "type": "websocket",
        "asgi": {"version": site.asgi_version, "spec_version": SOCKET_SPEC_VERSION},
        "scheme": "wss" if site.scheme == "https" else "ws",
        "subprotocols": subprotocols,
        "extensions": {"websocket.http.response": {}},
    }


def _extensions(flat_headers: str) -> dict[str, dict[str, Any]]:
    """Offer `pathsend`, but not to a request that a middleware may want to compress for.

    Compressing middleware passes a path through as it is, so that the offer would show.
    """
    if "accept-encoding\n" in flat_headers:
        return {}
    return {"http.response.pathsend": {}}
