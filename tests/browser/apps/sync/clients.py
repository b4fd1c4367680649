"""Python's HTTP clients: each asks `mirror` for the same, and tells what it was told.

Run on a machine and in the tab; an answer is `[status, reason, x-shown, body]`, an error its name.
"""

import io
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import requests
import urllib3

OWN = {"X-Own": "yes"}
FORM = {"a": "1", "b": "ü &="}
BYTES = bytes(range(256)) * 400
QUERY = {"q": "ü", "r": "a b"}


def parts(body: bytes, size: int = 1000) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def outcome(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Exception as error:
        return type(error).__name__


def by_requests(url: str) -> dict[str, Any]:
    session = requests.Session()
    session.headers["X-Own"] = "session"

    def told(method: str, path: str, **options: Any) -> Any:
        got = session.request(method, url + path, timeout=10, **options)
        return [got.status_code, got.reason, got.headers.get("x-shown"), shown(got.content)]

    def raised() -> Any:
        session.get(url + "missing").raise_for_status()

    def streamed() -> Any:
        with session.get(url + "pieces", stream=True) as got:
            return b"".join(got.iter_content(7)).decode(), got.raw.version

    def lines() -> Any:
        with session.get(url + "pieces", stream=True) as got:
            return [line.decode() for line in got.iter_lines()]

    def begun() -> Any:
        with session.get(url + "stuck", stream=True, timeout=0.3) as got:
            return [piece.decode() for piece in got.iter_content(100)]

    file = ("n.txt", io.BytesIO(BYTES), "text/plain")
    asked: dict[str, Callable[[], Any]] = {
        "get": lambda: told("GET", "echo", params=QUERY),
        "json": lambda: told("POST", "echo", json={"a": [1, "ü"]}),
        "form": lambda: told("POST", "echo", data=FORM),
        "files": lambda: told("POST", "echo", files={"f": file}, data={"a": "1"}),
        "bytes": lambda: told("PUT", "echo", data=BYTES),
        "file": lambda: told("PUT", "echo", data=io.BytesIO(BYTES)),
        "nothing to put": lambda: told("PUT", "echo"),
        "patch": lambda: told("PATCH", "echo", data="text", headers=OWN),
        "delete": lambda: told("DELETE", "echo"),
        "login": lambda: told("GET", "echo", auth=("me", "secret")),
        "head": lambda: told("HEAD", "echo"),
        "nothing": lambda: told("GET", "nothing"),
        "nothing posted": lambda: told("POST", "nothing", json=1),
        "missing": lambda: told("GET", "missing"),
        "raised": lambda: outcome(raised),
        "fails": lambda: told("GET", "fails"),
        "redirect": lambda: told("GET", "redirect"),
        "redirected post": lambda: told("POST", "redirect?status=303", data=FORM),
        "pieces": lambda: streamed(),
        "large": lambda: told("GET", "pieces?size=100000"),
        "lines": lambda: lines(),
        "packed": lambda: told("GET", "packed"),
        "late": lambda: session.get(url + "late", timeout=0.2),
        "stuck": lambda: begun(),
        "nobody": lambda: session.get("http://127.0.0.1:1/", timeout=3),
        "nobody, safely": lambda: session.get("https://127.0.0.1:1/", timeout=3),
        "no address": lambda: session.get("http://"),
    }
    return {name: outcome(ask) for name, ask in asked.items()}


def by_urllib3(url: str) -> dict[str, Any]:
    pool = urllib3.PoolManager(retries=False, timeout=10)

    def told(method: str, path: str, **options: Any) -> Any:
        got = pool.request(method, url + path, **options)
        return [got.status, got.reason, got.headers.get("x-shown"), shown(got.data)]

    def streamed() -> Any:
        got = pool.request("GET", url + "pieces", preload_content=False)
        pieces = list(got.stream(7))
        got.release_conn()
        return b"".join(pieces).decode()

    asked: dict[str, Callable[[], Any]] = {
        "get": lambda: told("GET", "echo", fields=QUERY, headers=OWN),
        "json": lambda: told("POST", "echo", json={"a": 1}),
        "files": lambda: told("POST", "echo", fields={"f": ("n.txt", BYTES), **FORM}),
        "parts": lambda: told("PUT", "echo", body=BYTES),
        "head": lambda: told("HEAD", "echo"),
        "nothing": lambda: told("GET", "nothing"),
        "missing": lambda: told("GET", "missing"),
        "pieces": lambda: streamed(),
        "parsed": lambda: pool.request("GET", url + "echo").json()["method"],
        "at once": lambda: urllib3.request("GET", url + "echo").status,
        "late": lambda: pool.request("GET", url + "late", timeout=0.3),
        "nobody": lambda: pool.request("GET", "http://127.0.0.1:1/"),
        "retried": lambda: urllib3.request("GET", "http://127.0.0.1:1/", retries=1),
    }
    return {name: outcome(ask) for name, ask in asked.items()}


def by_urllib(url: str) -> dict[str, Any]:
    def told(method: str, path: str, data: bytes | None = None, **headers: Any) -> Any:
        asked = urllib.request.Request(url + path, data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=10) as got:
            return [got.status, got.reason, got.headers["x-shown"], shown(got.read())]

    def missing() -> Any:
        try:
            told("GET", "missing")
        except urllib.error.HTTPError as error:
            with error:
                return [error.code, error.reason, error.read().decode()]

    def streamed() -> Any:
        with urllib.request.urlopen(url + "pieces") as got:
            return [got.read(7).decode(), got.readline().decode()]

    json_type: dict[str, Any] = {"Content-Type": "application/json"}
    own: dict[str, Any] = {**OWN}
    asked: dict[str, Callable[[], Any]] = {
        "get": lambda: told("GET", "echo?" + urllib.parse.urlencode(QUERY), **own),
        "json": lambda: told("POST", "echo", b'{"a": 1}', **json_type),
        "form": lambda: told("POST", "echo", urllib.parse.urlencode(FORM).encode()),
        "bytes": lambda: told("PUT", "echo", BYTES),
        "head": lambda: told("HEAD", "echo"),
        "nothing": lambda: told("DELETE", "nothing"),
        "missing": lambda: missing(),
        "redirect": lambda: told("GET", "redirect"),
        "pieces": lambda: streamed(),
        "late": lambda: urllib.request.urlopen(url + "late", timeout=0.3),
        "nobody": lambda: urllib.request.urlopen("http://127.0.0.1:1/"),
        "nobody, safely": lambda: urllib.request.urlopen("https://127.0.0.1:1/"),
    }
    return {name: outcome(ask) for name, ask in asked.items()}


def by_httpx(url: str) -> dict[str, Any]:
    client = httpx.Client(headers=OWN, follow_redirects=True, trust_env=False)

    def told(method: str, path: str, **options: Any) -> Any:
        got = client.request(method, url + path, timeout=10, **options)
        return [got.status_code, got.reason_phrase, got.headers.get("x-shown"), shown(got.content)]

    def streamed() -> Any:
        with client.stream("GET", url + "pieces") as got:
            return b"".join(got.iter_bytes(7)).decode(), got.http_version

    def begun() -> Any:
        with client.stream("GET", url + "stuck", timeout=0.3) as got:
            return b"".join(got.iter_bytes()).decode()

    file = ("n.txt", io.BytesIO(BYTES), "text/plain")
    asked: dict[str, Callable[[], Any]] = {
        "get": lambda: told("GET", "echo", params=QUERY),
        "json": lambda: told("POST", "echo", json={"a": [1, "ü"]}),
        "form": lambda: told("POST", "echo", data=FORM),
        "files": lambda: told("POST", "echo", files={"f": file}, data={"a": "1"}),
        "bytes": lambda: told("PUT", "echo", content=BYTES),
        "delete": lambda: told("DELETE", "echo"),
        "login": lambda: told("GET", "echo", auth=("me", "secret")),
        "head": lambda: told("HEAD", "echo"),
        "nothing": lambda: told("GET", "nothing"),
        "missing": lambda: told("GET", "missing"),
        "raised": lambda: client.get(url + "fails").raise_for_status(),
        "redirect": lambda: told("GET", "redirect"),
        "pieces": lambda: streamed(),
        "packed": lambda: told("GET", "packed"),
        "late": lambda: client.get(url + "late", timeout=0.3),
        "stuck": lambda: begun(),
        "nobody": lambda: client.get("http://127.0.0.1:1/"),
    }
    return {name: outcome(ask) for name, ask in asked.items()}


async def by_async_httpx(url: str) -> dict[str, Any]:
    client = httpx.AsyncClient(headers=OWN, follow_redirects=True, trust_env=False)

    async def told(method: str, path: str, **options: Any) -> Any:
        got = await client.request(method, url + path, timeout=10, **options)
        return [got.status_code, got.reason_phrase, got.headers.get("x-shown"), shown(got.content)]

    async def streamed() -> Any:
        async with client.stream("GET", url + "pieces") as got:
            return b"".join([piece async for piece in got.aiter_bytes()]).decode()

    async def sent_in_parts() -> Any:
        async def some() -> Any:
            for part in parts(BYTES):
                yield part

        return (await told("PUT", "echo", content=some()))[0]

    file = ("n.txt", io.BytesIO(BYTES), "text/plain")
    asked = {
        "get": told("GET", "echo", params=QUERY),
        "json": told("POST", "echo", json={"a": [1, "ü"]}),
        "form": told("POST", "echo", data=FORM),
        "files": told("POST", "echo", files={"f": file}, data={"a": "1"}),
        "parts": sent_in_parts(),
        "head": told("HEAD", "echo"),
        "nothing": told("GET", "nothing"),
        "missing": told("GET", "missing"),
        "redirect": told("GET", "redirect"),
        "pieces": streamed(),
        "packed": told("GET", "packed"),
        "late": client.get(url + "late", timeout=0.3),
        "nobody": client.get("http://127.0.0.1:1/"),
    }
    answers: dict[str, Any] = {}
    for name, ask in asked.items():
        try:
            answers[name] = await ask
        except Exception as error:
            answers[name] = type(error).__name__
    return answers


def shown(body: bytes) -> Any:
    text = body.decode()
    if text.startswith("{"):
        return json.loads(text)
    return text if len(text) < 1000 else [len(text), text[:2], text[-2:]]


EVERY = {
    each.__name__: each for each in (by_requests, by_urllib3, by_urllib, by_httpx, by_async_httpx)
}
