"""Header lists: read from the page's flat string, checked and written back as one.

A list crosses the bridge as `name\\nvalue\\nname\\nvalue` in Latin-1 code points, since one
string is cheaper to hand over than a nested structure and no valid header holds a newline.
The checks, and their words, are h11's: what uvicorn applies (RFC 9110, 5.5 and 8.6).
"""

from collections.abc import Iterable
from functools import lru_cache

from tabcorn.server.types import Header

_TOKEN = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NEVER_IN_VALUE = b"\0\n\r\v\f"
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_MAX_LENGTH_DIGITS = 20

Pair = tuple[str, str]


class HeaderError(RuntimeError):
    """The app sent a header that HTTP does not allow."""


def parse(flat: str) -> list[Header]:
    """Return the (name, value) pairs of a flat header string, order and duplicates kept."""
    if not flat:
        return []
    parts = flat.encode("latin-1").split(b"\n")
    return list(zip(parts[::2], parts[1::2], strict=True))


def flatten(headers: Iterable[Iterable[bytes]]) -> tuple[str, int | None]:
    """Return the response headers as a flat string, and the Content-Length that holds.

    Names are lower-cased; order and duplicates stay. Transfer-Encoding is taken out, and with it
    the Content-Length that it overrides: how the bytes are framed is not the page's business.
    """
    pairs = [(_name(name), _value(value)) for name, value in headers]
    framing = [pair for pair in pairs if pair[0] in _FRAMING]
    length = _length(framing) if framing else None
    if framing and framing != [("content-length", str(length))]:
        pairs = _reframe(pairs, length)
    return "\n".join([part for pair in pairs for part in pair]), length


def _name(name: bytes) -> str:
    return _checked_name(name if type(name) is bytes else _to_bytes(name))


@lru_cache(maxsize=1024)
def _checked_name(raw: bytes) -> str:
    if not raw or raw.translate(None, _TOKEN):
        raise HeaderError(f"Illegal header name {raw!r}")
    return raw.decode("ascii").lower()


def _value(value: bytes) -> str:
    raw = value if type(value) is bytes else _to_bytes(value)
    if raw.strip() != raw or len(raw.translate(None, _NEVER_IN_VALUE)) != len(raw):
        raise HeaderError(f"Illegal header value {raw!r}")
    return raw.decode("latin-1")


def _to_bytes(text: bytes | str) -> bytes:
    """Accept what h11 accepts: bytes-like objects, and text that is ASCII."""
    if isinstance(text, str):
        return text.encode("ascii")
    if isinstance(text, int):
        raise TypeError("expected bytes-like object, not int")
    return bytes(text)


def _length(framing: list[Pair]) -> int | None:
    codings = [value for name, value in framing if name == "transfer-encoding"]
    if len(codings) > 1:
        raise HeaderError("multiple Transfer-Encoding headers")
    if codings and codings[0].lower() != "chunked":
        raise HeaderError("Only Transfer-Encoding: chunked is supported")
    values = [value for name, value in framing if name == "content-length"]
    lengths = {part.strip() for value in values for part in value.split(",")}
    if len(lengths) > 1:
        raise HeaderError("conflicting Content-Length headers")
    length = _digits(lengths.pop()) if lengths else None
    return None if codings else length


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _MAX_LENGTH_DIGITS:
        raise HeaderError("bad Content-Length")
    return int(text)


def _reframe(pairs: list[Pair], length: int | None) -> list[Pair]:
    """Keep of the framing headers one Content-Length, in its first place, when one holds."""
    kept: list[Pair] = []
    for name, value in pairs:
        if name not in _FRAMING:
            kept.append((name, value))
        elif length is not None and name == "content-length":
            kept.append((name, str(length)))
            length = None
    return kept
