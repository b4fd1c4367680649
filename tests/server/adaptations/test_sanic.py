"""httptools' `parse_url` in Python: what httptools 0.9 itself answers, and how it gets there.

Sanic runs in the browser's tests: nothing else here needs it.
"""

import importlib.machinery
import sys
from types import ModuleType

import pytest

from tabcorn.build.known import COMPILED
from tabcorn.server.adaptations.sanic import (
    HttpParserInvalidURLError,
    parse_url,
    stand_in_for_httptools,
)

PARTS = ("schema", "host", "port", "path", "query", "fragment", "userinfo")

# As httptools answered: the parts that are not None.
ANSWERED = {
    b"/": {"path": b"/"},
    b"/?": {"path": b"/"},
    b"/#": {"path": b"/"},
    b"/a?b=c#d": {"path": b"/a", "query": b"b=c", "fragment": b"d"},
    b"/a#b#c": {"path": b"/a", "fragment": b"b#c"},
    b"/a#b?c": {"path": b"/a", "fragment": b"b?c"},
    b"/a??b": {"path": b"/a", "query": b"?b"},
    b"/a?#b": {"path": b"/a", "fragment": b"b"},
    b"/##a": {"path": b"/", "fragment": b"a"},
    b"/#?": {"path": b"/", "fragment": b"?"},
    b"//h/p": {"path": b"//h/p"},
    b"/%zz": {"path": b"/%zz"},
    b'/|\\^`{}<>"': {"path": b'/|\\^`{}<>"'},
    b"*": {"path": b"*"},
    b"*a?b": {"path": b"*a", "query": b"b"},
    b"http://h": {"schema": b"http", "host": b"h"},
    b"http://h?x": {"schema": b"http", "host": b"h", "query": b"x"},
    b"http://[::1]:8/x": {"schema": b"http", "host": b"::1", "port": 8, "path": b"/x"},
    b"http://u:p@h/p": {"schema": b"http", "host": b"h", "path": b"/p", "userinfo": b"u:p"},
    b"http://a/]#*": {"schema": b"http", "host": b"a", "path": b"/]", "fragment": b"*"},
}

REFUSED = b"""
    a h:80 http:///x http://h#x http://h:99999/ http://a_b http://[@a /a\x00 /a\x7f /\xc3\xa9
""".split()


def test_httptools_is_still_compiled_code() -> None:
    """It was tried: the day that it has a wheel for Pyodide, it leaves this list."""
    assert "httptools" in COMPILED


@pytest.mark.parametrize("url", ANSWERED, ids=repr)
def test_it_splits_as_httptools_does(url: bytes) -> None:
    found = parse_url(url)
    told = {part: getattr(found, part) for part in PARTS}
    assert {part: value for part, value in told.items() if value is not None} == ANSWERED[url]


@pytest.mark.parametrize("url", [b"", b"/a b", b"/\t", *REFUSED], ids=repr)
def test_it_refuses_as_httptools_does(url: bytes) -> None:
    with pytest.raises(HttpParserInvalidURLError, match="invalid url"):
        parse_url(url)


def test_a_length_that_httptools_cannot_count() -> None:
    assert parse_url(b"/" * 65535).path == b"/" * 65535
    with pytest.raises(HttpParserInvalidURLError, match="65536 bytes exceeds the maximum"):
        parse_url(b"/" * 65536)


def test_sanic_finds_it_under_the_names_that_it_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("httptools", "httptools.parser", "httptools.parser.errors")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr("tabcorn.server.adaptations.sanic.find_spec", lambda _name: None)
    stand_in_for_httptools(ModuleType("sanic"))
    modules = [importlib.import_module(name) for name in names]
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    assert modules[0].parse_url is parse_url
    assert modules[2].HttpParserInvalidURLError is HttpParserInvalidURLError


def test_httptools_itself_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ModuleType("httptools")
    own.__spec__ = importlib.machinery.ModuleSpec("httptools", None)
    monkeypatch.setitem(sys.modules, "httptools", own)
    stand_in_for_httptools(ModuleType("sanic"))
    assert sys.modules["httptools"] is own
