"""http.client, urllib.request, httpx and socket: what they ask of the browser, which is a fake."""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG001, ARG002

import asyncio
import http.client
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from tabcorn.server import outside
from tests.server.adapting import Adapt, _no_threads, adapt  # noqa: F401

URL = "https://api.example/items?q=1"
Asked = tuple[str, str, list[str], bytes, float | None]


@dataclass
class FakeBrowser:
    """Answers every request alike, and remembers what it was asked."""

    answer: Callable[[str, str], outside.Answer]
    asked: list[Asked] = field(default_factory=list)

    def send(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> outside.Answer:
        self.asked.append((method, url, headers.split("\n") if headers else [], body, timeout))
        return self.answer(method, url)

    async def fetch(
        self, method: str, url: str, headers: str, body: bytes, timeout: float | None
    ) -> outside.Answer:
        whole = self.send(method, url, headers, body, timeout)
        pieces = [whole.body[:2], whole.body[2:], b""]

        async def read() -> bytes:
            await asyncio.sleep(0)
            return pieces.pop(0)

        return outside.Answer(whole.status, whole.reason, whole.headers, b"", read)


def good(method: str, url: str) -> outside.Answer:
    headers = "Content-Type\napplication/json\nContent-Encoding\ngzip\nX-Name\nZo\xeb"
    return outside.Answer(201, "Created", headers, b'{"a": 1}')


def unreachable(method: str, url: str) -> outside.Answer:
    raise outside.failed(method, url, "Failed to fetch", False)


def late(method: str, url: str) -> outside.Answer:
    raise outside.failed(method, url, "It took too long.", True)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> FakeBrowser:
    fake = FakeBrowser(good)
    monkeypatch.setattr(outside, "browser", fake)
    return fake


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: object) -> None:
        raise OSError("no sockets here")

    monkeypatch.setattr(socket.socket, "connect", connect)


# http.client, and urllib.request through it


def test_urllib_still_needs_sockets() -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen("http://127.0.0.1:1/")


class TestHttpClient:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("http.client")

    def test_urllib_reads_an_answer(self, browser: FakeBrowser) -> None:
        with urllib.request.urlopen(URL, timeout=3) as response:
            assert (response.status, response.reason) == (201, "Created")
            assert response.headers["content-type"] == "application/json"
            assert response.headers["content-encoding"] is None
            assert response.headers["x-name"] == "Zo\xeb"
            assert json.load(response) == {"a": 1}
        assert browser.asked == [("GET", URL, [], b"", 3)]

    def test_urllib_sends_a_body_and_headers(self, browser: FakeBrowser) -> None:
        headers = {"X-Key": "k", "Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(URL, b"body", headers)).close()
        ((method, _, sent, body, _),) = browser.asked
        assert (method, body) == ("POST", b"body")
        assert sorted(zip(sent[::2], sent[1::2], strict=True)) == [
            ("Content-Type", "text/plain"),
            ("X-Key", "k"),
        ]

    def test_a_chunked_body_is_put_together(self, browser: FakeBrowser) -> None:
        connection = http.client.HTTPConnection("example.org", 8080)
        connection.request("PUT", "/x", iter([b"a" * 20, b"b"]), encode_chunked=True)
        connection.getresponse().read()
        ((method, url, _, body, _),) = browser.asked
        assert (method, url, body) == ("PUT", "http://example.org:8080/x", b"a" * 20 + b"b")

    def test_a_connection_is_used_again(self, browser: FakeBrowser) -> None:
        connection = http.client.HTTPSConnection("example.org")
        for path in ("/1", "/2"):
            connection.request("GET", path)
            assert connection.getresponse().read() == b'{"a": 1}'
        assert [url for _, url, *_ in browser.asked] == [
            "https://example.org/1",
            "https://example.org/2",
        ]

    def test_head_has_no_body(self, browser: FakeBrowser) -> None:
        browser.answer = lambda *_: outside.Answer(200, "OK", "X\n1")
        connection = http.client.HTTPSConnection("example.org")
        connection.request("HEAD", "/")
        assert connection.getresponse().read() == b""

    def test_an_error_status_is_urllibs(self, browser: FakeBrowser) -> None:
        browser.answer = lambda *_: outside.Answer(404, "Not Found", "", b"gone")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(URL)
        assert (caught.value.code, caught.value.read()) == (404, b"gone")
        caught.value.close()

    def test_head_tells_of_the_body_that_it_leaves_out(self, browser: FakeBrowser) -> None:
        browser.answer = lambda *_: outside.Answer(200, "OK", "Content-Length\n12")
        asked = urllib.request.Request(URL, method="HEAD")
        with urllib.request.urlopen(asked) as response:
            assert response.headers["content-length"] == "12"

    def test_what_fails_says_why(self, browser: FakeBrowser, adapt: Adapt) -> None:  # noqa: F811
        browser.answer = unreachable
        with pytest.raises(ConnectionError, match="CORS"):
            urllib.request.urlopen(URL)
        adapt("urllib.request")
        with pytest.raises(urllib.error.URLError, match="CORS"):
            urllib.request.urlopen(URL)
        browser.answer = late
        with pytest.raises(TimeoutError, match="took too long"):
            urllib.request.urlopen(URL)


def test_urllib_still_lets_late_failures_pass(browser: FakeBrowser, adapt: Adapt) -> None:  # noqa: F811
    adapt("http.client")
    browser.answer = unreachable
    with pytest.raises(ConnectionError) as caught:
        urllib.request.urlopen(URL)
    assert not isinstance(caught.value, urllib.error.URLError)


# httpx


def test_httpx_still_needs_sockets() -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:1/", trust_env=False)


class TestHttpx:
    @pytest.fixture(autouse=True)
    def _adapted(self, adapt: Adapt) -> None:  # noqa: F811
        adapt("httpx")

    def test_sync(self, browser: FakeBrowser) -> None:
        answer = httpx.post(URL, json={"b": 2}, timeout=3)
        assert (answer.status_code, answer.json()) == (201, {"a": 1})
        ((method, url, headers, body, timeout),) = browser.asked
        assert (method, url, json.loads(body), timeout) == ("POST", URL, {"b": 2}, 3)
        assert dict(zip(headers[::2], headers[1::2], strict=True)) == {
            "accept": "*/*",
            "content-type": "application/json",
        }

    def test_async_in_pieces(self, browser: FakeBrowser) -> None:
        async def main() -> list[bytes]:
            async with httpx.AsyncClient() as client, client.stream("GET", URL) as answer:
                return [piece async for piece in answer.aiter_raw()]

        assert asyncio.run(main()) == [b'{"', b'a": 1}']

    def test_what_fails_is_httpxs_error(self, browser: FakeBrowser) -> None:
        browser.answer = unreachable
        with pytest.raises(httpx.ConnectError, match="CORS"):
            httpx.get(URL)
        browser.answer = late
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(URL)

    def test_a_body_that_breaks_off_is_httpxs_error(self, browser: FakeBrowser) -> None:
        async def broken() -> bytes:
            raise outside.failed("GET", URL, "network error", False)

        browser.fetch = lambda *_: _done(outside.Answer(200, "OK", "", b"", broken))  # type: ignore[method-assign]

        async def main() -> None:
            async with httpx.AsyncClient() as client:
                await client.get(URL)

        with pytest.raises(httpx.ReadError):
            asyncio.run(main())


async def _done(answer: outside.Answer) -> outside.Answer:
    return answer


# socket


def test_a_socket_says_what_works_instead(adapt: Adapt) -> None:  # noqa: F811
    adapt("socket")
    with (
        pytest.raises(ConnectionRefusedError, match="A browser opens no sockets"),
        socket.socket() as some,
    ):
        some.connect(("127.0.0.1", 5432))


def test_where_there_is_no_browser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "browser", outside.NoBrowser())
    with pytest.raises(ConnectionError, match="while the build tries it"):
        outside.request("GET", URL, [], b"", None)
