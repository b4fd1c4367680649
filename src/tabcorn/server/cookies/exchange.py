"""Cookies on their way: into a request's headers, out of a response's, to the store and to pages.

Runs in Pyodide and under pytest. What scripts may see is one JSON text, the `Sight`; it holds no
HttpOnly cookie, only a hash of each one's key, so that a page can tell which it may not overwrite.
"""

import json
from collections.abc import Callable, Iterable

from tabcorn.server import headers as header_lists
from tabcorn.server.cookies.context import Context, request_context, script_context
from tabcorn.server.cookies.cookie import Cookie
from tabcorn.server.cookies.jar import Changes, Jar
from tabcorn.server.types import Header

Taker = Callable[[str], str]


class CookieExchange:
    """Joins one jar to the requests of a server."""

    def __init__(self, jar: Jar) -> None:
        self._jar = jar

    def attach(self, method: str, path: str, headers: list[Header]) -> Taker:
        """Add the Cookie header, last; return what takes Set-Cookie out of the response's."""
        context = request_context(method, path, headers)
        if value := self._jar.header(context):
            headers.append((b"cookie", value.encode("latin-1")))
        return lambda flat: self._take(flat, context)

    def write(self, path: str, lines: Iterable[str]) -> None:
        """Set cookies as a script does in a document at this path; a line is any text."""
        octets = [line.encode("utf-8", "replace").decode("latin-1") for line in lines]
        self._jar.receive_all(octets, script_context(path))

    def load(self, rows_json: str) -> None:
        """Take back what the store kept: a JSON list of cookies; what is none is left out."""
        kept = (Cookie.from_dict(fields) for fields in json.loads(rows_json))
        self._jar.load(cookie for cookie in kept if cookie)

    def listen(self, changed: Callable[[str, str], None]) -> None:
        """Have a function called with the rows to store and the new sight, both JSON."""
        self._jar.listen(lambda changes: changed(_rows(changes), self.sight()))

    def sight(self) -> str:
        """Return what scripts may see: `{"cookies": [...], "guarded": [...]}`."""
        cookies = self._jar.all()
        shown = [_shown(cookie) for cookie in cookies if not cookie.http_only]
        guarded = [_hash(_key(cookie)) for cookie in cookies if cookie.http_only]
        return json.dumps({"cookies": shown, "guarded": guarded})

    def _take(self, flat: str, context: Context) -> str:
        if "set-cookie\n" not in flat and "clear-site-data\n" not in flat:
            return flat
        parts = flat.split("\n")
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        kept = [part for pair in pairs if pair[0] != "set-cookie" for part in pair]
        self._jar.receive_all([value for name, value in pairs if name == "set-cookie"], context)
        if any(name == "clear-site-data" and _clears_cookies(value) for name, value in pairs):
            # With what came beside it, as browsers do.
            self._jar.clear()
        return "\n".join(kept)


def take_nothing(flat: str) -> str:
    """Drop Set-Cookie from a response whose request was made without credentials."""
    if "set-cookie\n" not in flat:
        return flat
    pairs = [pair for pair in header_lists.parse(flat) if pair[0] != b"set-cookie"]
    return "\n".join(part.decode("latin-1") for pair in pairs for part in pair)


def _clears_cookies(clear_site_data: str) -> bool:
    """Whether a Clear-Site-Data header names cookies (Clear Site Data, 3.1)."""
    types = [item.strip() for item in clear_site_data.split(",")]
    return '"cookies"' in types or '"*"' in types


def _rows(changes: Changes) -> str:
    rows = [
        {"key": json.dumps(key), "cookie": cookie.to_dict() if cookie else None}
        for key, cookie in changes.items()
    ]
    return json.dumps(rows)


def _key(cookie: Cookie) -> str:
    """Name a cookie's place in the jar as the page script does."""
    return "\n".join((cookie.name, "" if cookie.host_only else cookie.domain, cookie.path))


def _shown(cookie: Cookie) -> dict[str, object]:
    """Return a cookie as scripts see it: text is UTF-8 (HTML, `document.cookie`), time is in ms."""
    return {
        "name": _text(cookie.name),
        "value": _text(cookie.value),
        "domain": None if cookie.host_only else cookie.domain,
        "path": _text(cookie.path),
        "expires": None if cookie.expires is None else cookie.expires * 1000,
        "secure": cookie.secure,
        "sameSite": cookie.same_site,
    }


def _text(octets: str) -> str:
    return octets.encode("latin-1").decode("utf-8", "replace")


def _hash(octets: str) -> int:
    """FNV-1a, 32 bits: page/cookiejar.js has the same."""
    value = 0x811C9DC5
    for octet in octets.encode("latin-1"):
        value = (value ^ octet) * 0x01000193 & 0xFFFFFFFF
    return value
