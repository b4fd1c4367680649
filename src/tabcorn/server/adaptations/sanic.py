"""sanic: the one function of httptools that it needs under a server of others, in Python.

Runs in Pyodide, where httptools' compiled parser is missing. Sanic splits the target of every
request with `httptools.parse_url`; all else of httptools is for Sanic's own server.
"""

import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation

_LONGEST = 2**16 - 1  # httptools counts in 16 bits
_AUTHORITY = rb"""
    (?P<schema>[A-Za-z]+)://
    (?:(?P<userinfo>[^]@/?\#[]*)@)?
    (?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))
    (?::(?P<port>[0-9]{1,5}))?(?=[/?]|$)
"""
_REST = rb"(?:\?(?P<query>[^\#]*))?(?:\#+(?P<fragment>.*))?"
_TARGET = re.compile(
    rb"(?:%b(?P<path>/[^?\#]*)?|(?P<alone>[/*][^?\#]*))%b" % (_AUTHORITY, _REST),
    re.VERBOSE,
)
_UNPRINTABLE = re.compile(rb"[^!-~]")


class HttpParserInvalidURLError(Exception):
    """As httptools names it."""


@dataclass(frozen=True)
class URL:
    """The parts of a request's target; those that are missing or empty are None."""

    schema: bytes | None
    host: bytes | None
    port: int | None
    path: bytes | None
    query: bytes | None
    fragment: bytes | None
    userinfo: bytes | None


def parse_url(url: bytes) -> URL:
    """Split a request's target as httptools does. Raises HttpParserInvalidURLError."""
    if len(url) > _LONGEST:
        raise HttpParserInvalidURLError(
            f"url is too long: url length of {len(url)} bytes exceeds the "
            f"maximum of {_LONGEST} bytes"
        )
    found = None if _UNPRINTABLE.search(url) else _TARGET.fullmatch(url)
    port = int(found["port"]) if found and found["port"] else None
    if not found or (port or 0) > _LONGEST:
        raise HttpParserInvalidURLError(f"invalid url {url!r}")
    return URL(
        found["schema"],
        found["ipv6"] or found["name"],
        port,
        found["path"] or found["alone"],
        found["query"] or None,
        found["fragment"] or None,
        found["userinfo"] or None,
    )


def stand_in_for_httptools(_module: ModuleType) -> None:
    """Put modules in the place of httptools, unless it is there."""
    if find_spec("httptools") is not None:
        return
    package: Any = ModuleType("httptools", "What Sanic needs of httptools, from tabcorn.")
    parser: Any = ModuleType("httptools.parser")
    errors: Any = ModuleType("httptools.parser.errors")
    package.__path__, parser.__path__ = [], []
    package.parser, parser.errors = parser, errors
    package.parse_url = parser.parse_url = parse_url
    for module in (package, parser, errors):
        module.HttpParserInvalidURLError = HttpParserInvalidURLError
        sys.modules[module.__name__] = module


ADAPTATIONS = (
    Adaptation(
        package="sanic",
        versions=">=23.12,<27",
        module="sanic.__version__",  # the first of it that is imported
        reason="imports httptools, which has compiled code, for splitting a request's target",
        apply=stand_in_for_httptools,
    ),
)
