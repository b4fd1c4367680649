"""Who asks, or sets: what of a request or a script decides about its cookies.

Runs in Pyodide and under pytest. The request's own Sec-Fetch headers are read, which the service
worker has made and no page can choose (RFC 6265bis, 5.2; Fetch Metadata).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tabcorn.server.types import Header

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


@dataclass(frozen=True)
class Context:
    """A retrieval, or the reception, of cookies."""

    path: str  # percent-encoded, as the request or the document has it
    same_site: bool = True
    top_level: bool = False  # it navigates the tab's top
    safe: bool = True  # by its method
    http: bool = True  # False: a script, by document.cookie or cookieStore


def request_context(method: str, path: str, headers: Iterable[Header]) -> Context:
    """Read a request's context from its headers.

    Sec-Fetch-Site is missing where nothing tells who navigated the tab's top with GET: it was
    typed, as far as can be known, and counts as such (docs/server-behavior.md).
    """
    fetch = {name: value for name, value in headers if name.startswith(b"sec-fetch-")}
    return Context(
        path=path,
        same_site=fetch.get(b"sec-fetch-site") != b"cross-site",
        top_level=fetch.get(b"sec-fetch-mode") == b"navigate"
        and fetch.get(b"sec-fetch-dest") == b"document",
        safe=method in _SAFE_METHODS,
    )


def script_context(path: str) -> Context:
    """Return the context of a script in a document at this path."""
    return Context(path, http=False)
