"""Cookies in a request's headers, out of a response's, and as scripts see them."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from tabcorn.server.config import Config
from tabcorn.server.cookies import Context, CookieExchange, Jar, request_context
from tabcorn.server.cookies.exchange import take_nothing
from tabcorn.server.server import Server
from tabcorn.server.types import Receive, Scope, Send
from tests.server.recorder import Page

NAVIGATION = "host\nlocalhost\nsec-fetch-mode\nnavigate\nsec-fetch-dest\ndocument"

seen: list[Any] = []


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Set what the query says, and note what came."""
    if scope["type"] == "lifespan":
        return
    seen.append([value for name, value in scope["headers"] if name == b"cookie"])
    cookies = [(b"Set-Cookie", line) for line in scope["query_string"].split(b"&") if line]
    headers = [(b"x-one", b"1"), *cookies, (b"x-two", b"2")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body"})


def visit(server: Server, query: str = "", headers: str = NAVIGATION, **more: Any) -> Page:
    """Send one request, and return the page that saw its answer."""
    page = Page()

    async def main() -> None:
        server._transport = cast(Any, page)
        if "lifespan" not in vars(server):
            await server.start()
        method = more.pop("method", "GET")
        server.open(1, method, "/x/y", query, headers, 1, b"", False, **more)
        await asyncio.gather(*server._tasks)

    asyncio.run(main())
    return page


@pytest.fixture
def server() -> Server:
    seen.clear()
    config = Config(f"{__name__}:app", access_log=False, date_header=False, server_header=False)
    return Server(config, cast(Any, None))


def test_set_cookie_is_taken_out_and_comes_back_last(server: Server) -> None:
    page = visit(server, "a=1&b=2; HttpOnly")
    assert page.headers == [(b"x-one", b"1"), (b"x-two", b"2")]
    visit(server, headers=f"{NAVIGATION}\nx-last\n1")
    assert seen == [[], [b"a=1; b=2"]]


def test_without_credentials_nothing_is_sent_or_set(server: Server) -> None:
    visit(server, "a=1")
    page = visit(server, "b=2", credentials=False)
    assert page.headers == [(b"x-one", b"1"), (b"x-two", b"2")]
    visit(server)
    assert seen == [[], [], [b"a=1"]]


def test_octets_pass_as_they_are(server: Server) -> None:
    jar = server.cookies
    jar.write("/x/y", ["name=ü"])
    visit(server)
    assert seen == [["name=ü".encode()]]


@pytest.mark.parametrize(
    ("method", "site", "sent"),
    [
        ("GET", "same-origin", b"s=1; l=1; d=1"),
        ("GET", "same-site", b"s=1; l=1; d=1"),
        ("GET", "none", b"s=1; l=1; d=1"),
        ("GET", "", b"s=1; l=1; d=1"),
        ("GET", "cross-site", b"l=1; d=1"),
        ("POST", "cross-site", b"d=1"),
        ("POST", "same-origin", b"s=1; l=1; d=1"),
    ],
)
def test_who_asks_decides(server: Server, method: str, site: str, sent: bytes) -> None:
    visit(server, "s=1; SameSite=Strict&l=1; SameSite=Lax&d=1")
    header = f"\nsec-fetch-site\n{site}" if site else ""
    visit(server, headers=NAVIGATION + header, method=method)
    assert seen[-1] == [sent]


def test_context_of_a_request() -> None:
    headers = [
        (b"sec-fetch-site", b"cross-site"),
        (b"sec-fetch-mode", b"navigate"),
        (b"sec-fetch-dest", b"document"),
    ]
    assert request_context("POST", "/", headers) == Context("/", False, True, False)
    assert request_context("GET", "/", headers[:1]) == Context("/", False, False, True)
    headers[2] = (b"sec-fetch-dest", b"iframe")
    assert not request_context("GET", "/", headers).top_level


def test_sight_has_no_http_only_cookie_but_guards_its_place() -> None:
    cookies = CookieExchange(Jar("a.org", now=lambda: 1000.0))
    take = cookies.attach("GET", "/x/y", [])
    assert take("set-cookie\nsecret=1; HttpOnly\nset-cookie\nb=2; Max-Age=5; Secure") == ""
    sight = json.loads(cookies.sight())
    assert sight["cookies"] == [
        {
            "name": "b",
            "value": "2",
            "domain": None,
            "path": "/x",
            "expires": 1_005_000,
            "secure": True,
            "sameSite": "default",
        }
    ]
    assert "secret" not in cookies.sight()
    assert sight["guarded"] == [3627470086]  # tests/runtime/page/cookiejar.test.js has the same


def test_what_changes_is_told_before_the_answer_and_can_be_loaded_again() -> None:
    cookies, told = CookieExchange(Jar("a.org")), []
    cookies.listen(lambda rows, sight: told.append((json.loads(rows), json.loads(sight))))
    cookies.attach("GET", "/", [])("set-cookie\na=1\nset-cookie\na=; Max-Age=0\nset-cookie\nb=2")
    ((rows, sight),) = told
    assert [row["cookie"] and row["cookie"]["value"] for row in rows] == [None, "2"]
    assert len(sight["cookies"]) == 1

    again = CookieExchange(Jar("a.org"))
    again.load(json.dumps([rows[-1]["cookie"]]))
    headers = [(b"host", b"a.org")]
    again.attach("GET", "/", headers)
    assert headers == [(b"host", b"a.org"), (b"cookie", b"b=2")]


def test_take_nothing_drops_the_header_only() -> None:
    assert take_nothing("a\n1\nset-cookie\nb=2\nc\n") == "a\n1\nc\n"
    assert take_nothing("a\n1") == "a\n1"


@pytest.mark.parametrize(
    ("header", "left"),
    [
        ('"cookies"', ""),
        ('"cache", "cookies"', ""),
        ('"*"', ""),
        ('"storage"', "a=1; b=2"),
        ("cookies", "a=1; b=2"),
    ],
)
def test_clear_site_data(header: str, left: str) -> None:
    jar = Jar("example.org")
    jar.receive("a=1; HttpOnly", Context("/"))
    flat = f"set-cookie\nb=2\nclear-site-data\n{header}"
    kept = CookieExchange(jar).attach("POST", "/", [])(flat)
    assert kept == f"clear-site-data\n{header}"
    assert jar.header(Context("/")) == left


@pytest.mark.parametrize(
    "spoilt",
    [
        {"name": 1},
        {"value": None},
        {"path": "/\u2603"},
        {"created": "yesterday"},
        {"expires": "never"},
        {"unheard_of": True},
    ],
)
def test_what_the_store_has_spoilt_is_left_out(spoilt: dict[str, Any]) -> None:
    told: list[Any] = []
    cookies = CookieExchange(Jar("example.org"))
    cookies.listen(lambda rows, _sight: told.append(json.loads(rows)))
    cookies.write("/", ["a=b; max-age=100"])
    row = told[0][0]["cookie"]
    without = {name: value for name, value in row.items() if name != "domain"}
    again = CookieExchange(Jar("example.org"))
    again.load(json.dumps([None, [], "x", {}, without, {**row, **spoilt}, row]))
    assert [cookie["name"] for cookie in json.loads(again.sight())["cookies"]] == ["a"]
