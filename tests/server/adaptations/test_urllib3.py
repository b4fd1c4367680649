"""urllib3: its own code over a browser that is a fake; what it has itself for browsers."""

import importlib
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from tabcorn.server import outside
from tests.server.adaptations.test_outside import (  # noqa: F401
    URL,
    FakeBrowser,
    browser,
    late,
    unreachable,
)
from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401


class TestUrllib3:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> Iterator[None]:  # noqa: F811
        pools, connections = urllib3.connectionpool, urllib3.connection
        plain, secure = connections.HTTPConnection, connections.HTTPSConnection
        kept = plain.connect, secure.connect, plain.getresponse
        pools.HTTPConnectionPool.ConnectionCls = object  # type: ignore[assignment]
        adapt("urllib3")
        yield
        plain.connect, secure.connect, plain.getresponse = kept  # type: ignore[method-assign]

    def test_its_own_classes_are_back(self) -> None:
        connections = urllib3.connection.HTTPConnection, urllib3.connection.HTTPSConnection
        pools = urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool
        assert tuple(pool.ConnectionCls for pool in pools) == connections

    def test_an_answer(self, browser: FakeBrowser) -> None:  # noqa: F811
        answer = urllib3.request("POST", URL, json={"b": 2}, timeout=3)
        assert (answer.status, answer.reason, answer.json()) == (201, "Created", {"a": 1})
        ((method, url, headers, body, timeout),) = browser.asked
        assert (method, url, body, timeout) == ("POST", URL, b'{"b":2}', 3)
        assert headers == ["Content-Type", "application/json"]

    def test_an_answer_without_a_body(self, browser: FakeBrowser) -> None:  # noqa: F811
        browser.answer = lambda *_: outside.Answer(204, "No Content", "")
        assert urllib3.request("GET", URL).data == b""
        browser.answer = lambda *_: outside.Answer(200, "OK", "content-length\n7")
        head = urllib3.request("HEAD", URL)
        assert (head.data, head.headers["content-length"]) == (b"", "7")

    def test_what_fails_is_its_error(self, browser: FakeBrowser) -> None:  # noqa: F811
        browser.answer = unreachable
        with pytest.raises(urllib3.exceptions.NewConnectionError, match="CORS"):
            urllib3.request("GET", URL, retries=False)
        browser.answer = late
        with pytest.raises(urllib3.exceptions.ReadTimeoutError):
            urllib3.request("GET", URL, retries=False, timeout=1)


def test_its_own_support_still_fails_without_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """JavaScript's null, which it takes for a stream, is not None in Python."""
    none_left = SimpleNamespace(next=lambda: SimpleNamespace(done=True))
    answer = SimpleNamespace(status=204, headers=SimpleNamespace(entries=lambda: none_left))
    answer.body = object()
    controller = SimpleNamespace(new=lambda: SimpleNamespace(signal=None))
    js: Any = SimpleNamespace(AbortController=controller, fetch=lambda *_: None)
    js.Object = SimpleNamespace(fromEntries=dict)
    ffi: Any = SimpleNamespace(JsArray=object, JsProxy=object, JsException=OSError)
    ffi.to_js, ffi.run_sync, ffi.can_run_sync = lambda it, **_: it, lambda _: answer, lambda: True
    for name, module in {"js": js, "pyodide": SimpleNamespace(ffi=ffi), "pyodide.ffi": ffi}.items():
        monkeypatch.setitem(sys.modules, name, module)
    fetch = importlib.import_module("urllib3.contrib.emscripten.fetch")
    request = importlib.import_module("urllib3.contrib.emscripten.request").EmscriptenRequest
    with pytest.raises(AttributeError, match="getReader"):
        fetch.send_streaming_request(request("DELETE", URL))
