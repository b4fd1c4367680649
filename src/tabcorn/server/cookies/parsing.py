"""The Set-Cookie header, taken apart (RFC 6265bis, 5.6).

Runs in Pyodide and under pytest. Attributes come out as the RFC's algorithms process them; which
cookie results, and whether it is kept, is the jar's to say.
"""

import re
from dataclasses import dataclass, field

from tabcorn.server.cookies.dates import parse_date

MAX_PAIR = 4096  # octets of name and value together
MAX_ATTRIBUTE = 1024  # octets of an attribute's value
MAX_AGE = 400 * 24 * 3600  # seconds; 5.5
EARLIEST = -11644473600.0  # 1601, as cookie dates: "the earliest representable date"

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS = re.compile(r"-?[0-9]+")
_WHITE = " \t"
_SAME_SITE = frozenset({"none", "lax", "strict"})


@dataclass
class Attributes:
    """A cookie-attribute-list in which the last attribute of a name has won."""

    expires: float | None = None
    max_age: float | None = None  # when it expires, not how long it lasts
    domain: str = ""
    path: str | None = None  # empty: the default-path, though asked for
    secure: bool = False
    http_only: bool = False
    partitioned: bool = False  # by CHIPS, draft-cutler-httpbis-partitioned-cookies
    same_site: str = "default"

    @property
    def expiry(self) -> float | None:
        """When the cookie expires; None makes it a session cookie."""
        return self.expires if self.max_age is None else self.max_age


@dataclass
class SetCookie:
    """A set-cookie-string that was well-formed."""

    name: str
    value: str
    attributes: Attributes = field(default_factory=Attributes)


def parse_set_cookie(line: str, now: float) -> SetCookie | None:
    """Parse a set-cookie-string; None when it is to be ignored entirely."""
    if _CONTROL.search(line):
        return None
    pair, _, unparsed = line.partition(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(_WHITE), value.strip(_WHITE)
    if len(name) + len(value) > MAX_PAIR:
        return None
    return SetCookie(name, value, _attributes(unparsed, now))


def _attributes(unparsed: str, now: float) -> Attributes:
    found = Attributes()
    for text in unparsed.split(";"):
        name, _, value = text.partition("=")
        value = value.strip(_WHITE)
        if len(value) <= MAX_ATTRIBUTE:
            _process(found, name.strip(_WHITE).lower(), value, now)
    return found


def _process(found: Attributes, name: str, value: str, now: float) -> None:
    if name == "expires":
        if (date := parse_date(value)) is not None:
            found.expires = min(date, now + MAX_AGE)
    elif name == "max-age":
        if _SECONDS.fullmatch(value):
            seconds = min(int(value), MAX_AGE)
            found.max_age = now + seconds if seconds > 0 else EARLIEST
    elif name == "domain":
        found.domain = value.removeprefix(".").lower()
    elif name == "path":
        found.path = value if value.startswith("/") else ""
    elif name == "secure":
        found.secure = True
    elif name == "httponly":
        found.http_only = True
    elif name == "partitioned":
        found.partitioned = True
    elif name == "samesite":
        found.same_site = value.lower() if value.lower() in _SAME_SITE else "default"
