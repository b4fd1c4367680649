"""The storage and retrieval models of RFC 6265bis, 5.7 and 5.8, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabcorn.server.cookies import Context, Jar, script_context
from tabcorn.server.cookies.cookie import Cookie
from tabcorn.server.cookies.jar import IN_ALL, PER_DOMAIN, Changes, is_secure
from tabcorn.server.cookies.matching import default_path, domain_matches, path_matches
from tabcorn.server.cookies.parsing import parse_set_cookie

HERE = Context("/")
CROSS = Context("/", same_site=False)
CROSS_LINK = Context("/", same_site=False, top_level=True)
CROSS_FORM = Context("/", same_site=False, top_level=True, safe=False)
SCRIPT = script_context("/")


@dataclass
class Clock:
    time: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Told:
    """What a jar said of its changes."""

    changes: list[Changes] = field(default_factory=list)

    def names(self) -> list[tuple[str, bool]]:
        """Name the cookies of the last change, each with whether it is there now."""
        return [(key[0], cookie is not None) for key, cookie in self.changes[-1].items()]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jar(clock: Clock) -> Jar:
    return Jar("www.example.org", now=clock)


def fill(jar: Jar, *lines: str, context: Context = HERE) -> Jar:
    for line in lines:
        jar.receive(line, context)
    return jar


# Paths and domains


@pytest.mark.parametrize(
    ("path", "folder"),
    [("", "/"), ("x", "/"), ("/", "/"), ("/x", "/"), ("/x/", "/x"), ("/x/y/z", "/x/y")],
)
def test_default_path(path: str, folder: str) -> None:
    assert default_path(path) == folder


@pytest.mark.parametrize(
    ("path", "cookie_path", "matches"),
    [
        ("/x", "/x", True),
        ("/x/", "/x", True),
        ("/x/y", "/x", True),
        ("/x/y", "/x/", True),
        ("/x", "/x/", False),
        ("/xy", "/x", False),
        ("/X", "/x", False),
        ("/%78", "/x", False),
        ("/", "/", True),
        ("/x", "/", True),
    ],
)
def test_path_match(path: str, cookie_path: str, matches: bool) -> None:
    assert path_matches(path, cookie_path) is matches


@pytest.mark.parametrize(
    ("host", "domain", "matches"),
    [
        ("a.org", "a.org", True),
        ("b.a.org", "a.org", True),
        ("ba.org", "a.org", False),
        ("a.org", "b.a.org", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.1", False),
        ("[::1]", "[::1]", True),
    ],
)
def test_domain_match(host: str, domain: str, matches: bool) -> None:
    assert domain_matches(host, domain) is matches


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_domain_that_names_a_suffix_or_an_address_makes_a_cookie_of_the_host(host: str) -> None:
    jar = fill(Jar(host), f"a=1; Domain={host}", "a=2")
    assert jar.header(HERE) == "a=2"
    assert [cookie.host_only for cookie in jar.all()] == [True]


def test_cookies_of_the_host_and_of_its_domain_are_apart(jar: Jar) -> None:
    fill(jar, "a=host", "a=domain; Domain=example.org", "a=both; Domain=www.example.org")
    assert jar.header(HERE) == "a=host; a=domain; a=both"


def test_name_and_value_have_4096_octets_together(jar: Jar) -> None:
    fill(jar, f"a={'x' * 4095}", f"bb={'x' * 4095}", f"c={'x' * 4095}; path={'/' * 3000}")
    assert [cookie.name for cookie in jar.all()] == ["a", "c"]


def test_long_attributes_are_ignored(jar: Jar) -> None:
    fill(jar, f"a=1; path=/{'x' * 1024}", f"b=1; path=/{'x' * 1023}", f"c=1; domain={'x' * 1025}")
    assert {cookie.name: len(cookie.path) for cookie in jar.all()} == {"a": 1, "b": 1024, "c": 1}


# Replacing


def test_replaced_cookie_keeps_its_creation_time_and_its_place(jar: Jar, clock: Clock) -> None:
    fill(jar, "a=1", "b=1")
    created = jar.all()[0].created
    clock.time += 10
    fill(jar, "a=2")
    assert jar.header(HERE) == "a=2; b=1"
    assert jar.all()[0].created == created


def test_deleted_and_set_again_is_a_new_cookie(jar: Jar) -> None:
    fill(jar, "a=1", "b=1", "a=1; Max-Age=0", "a=2")
    assert jar.header(HERE) == "b=1; a=2"


def test_same_name_on_other_paths_is_another_cookie(jar: Jar) -> None:
    fill(jar, "a=1; path=/", "a=2; path=/x", "A=3; path=/")
    assert jar.header(Context("/x")) == "a=2; a=1; A=3"


# Scripts


def test_script_neither_sees_nor_overwrites_nor_deletes_http_only(jar: Jar) -> None:
    fill(jar, "a=1; HttpOnly")
    fill(jar, "a=2", "a=2; Max-Age=0", "a=2; HttpOnly", "b=2; HttpOnly", context=SCRIPT)
    assert jar.header(SCRIPT) == ""
    assert jar.header(HERE) == "a=1"


def test_server_makes_http_only_what_a_script_set(jar: Jar) -> None:
    fill(jar, "a=1", context=SCRIPT)
    fill(jar, "a=2; HttpOnly")
    assert jar.header(SCRIPT) == ""


@pytest.mark.parametrize("name", ["__Http-a", "__HOST-HTTP-a"])
def test_http_prefix_needs_a_server(jar: Jar, name: str) -> None:
    fill(jar, f"{name}=1; Secure; HttpOnly; Path=/", context=SCRIPT)
    assert jar.all() == []
    fill(jar, f"{name}=1; Secure; Path=/")
    assert jar.all() == []
    fill(jar, f"{name}=1; Secure; HttpOnly; Path=/")
    assert jar.header(HERE) == f"{name}=1"


# Secure


@pytest.mark.parametrize(
    ("scheme", "host", "secure"),
    [
        ("https", "example.org", True),
        ("http", "example.org", False),
        ("http", "localhost", True),
        ("http", "x.localhost", True),
        ("http", "notlocalhost", False),
        ("http", "127.0.0.1", True),
        ("http", "127.8.8.8", True),
        ("http", "127.example.org", False),
        ("http", "10.0.0.1", False),
        ("http", "[::1]", True),
    ],
)
def test_what_is_secure(scheme: str, host: str, secure: bool) -> None:
    assert is_secure(scheme, host) is secure


def test_secure_cookies_are_not_set_over_insecure_connections() -> None:
    assert fill(Jar("a.org", secure=False), "a=1; Secure", "b=1").header(HERE) == "b=1"


def test_secure_cookies_are_not_overlaid_over_insecure_connections(jar: Jar, clock: Clock) -> None:
    fill(jar, "a=1; Secure; Path=/login", "b=1; Secure; Domain=example.org")
    insecure = Jar("www.example.org", secure=False, now=clock)
    insecure.load(jar.all())
    fill(insecure, "a=2; Path=/login", "a=2; Path=/login/en", "a=2; Path=/foo", "b=2")
    assert [(cookie.name, cookie.path) for cookie in insecure.all() if not cookie.secure] == [
        ("a", "/foo")
    ]
    assert insecure.header(Context("/login")) == ""


# SameSite


@pytest.mark.parametrize(
    ("context", "sent"),
    [
        (HERE, {"none", "lax", "strict", "default"}),
        (CROSS, {"none"}),
        (CROSS_LINK, {"none", "lax", "default"}),
        (CROSS_FORM, {"none", "default"}),
        (Context("/", same_site=False, http=False), {"none"}),
    ],
)
def test_same_site(jar: Jar, context: Context, sent: set[str]) -> None:
    fill(jar, "none=1; SameSite=None; Secure", "lax=1; SameSite=Lax", "strict=1; SameSite=Strict")
    fill(jar, "default=1")
    assert {cookie.name for cookie in jar.retrieve(context)} == sent


def test_cookie_without_same_site_goes_with_foreign_forms_for_two_minutes(
    jar: Jar, clock: Clock
) -> None:
    fill(jar, "a=1")
    clock.time += 119
    assert jar.header(CROSS_FORM) == "a=1"
    fill(jar, "a=2")
    clock.time += 2
    assert jar.header(CROSS_FORM) == ""
    assert jar.header(CROSS_LINK) == "a=2"


def test_cross_site_requests_set_same_site_cookies_only_at_the_top(jar: Jar) -> None:
    lines = "a=1; SameSite=Strict", "b=1; SameSite=Lax", "c=1", "d=1; SameSite=None; Secure"
    fill(jar, *lines, context=CROSS)
    assert jar.header(HERE) == "d=1"
    fill(jar, *lines, context=CROSS_FORM)
    assert jar.header(HERE) == "d=1; a=1; b=1; c=1"


# Expiry, order, eviction


def test_expired_cookies_are_gone(jar: Jar, clock: Clock) -> None:
    told = Told()
    fill(jar, "a=1; Max-Age=10", "b=1; Max-Age=20", "c=1")
    jar.listen(told.changes.append)
    clock.time += 9.9
    assert jar.header(HERE) == "a=1; b=1; c=1"
    clock.time += 0.2
    assert jar.header(HERE) == "b=1; c=1"
    assert told.names() == [("a", False)]


def test_longer_paths_come_first_then_older_cookies(jar: Jar) -> None:
    fill(jar, "a=1; path=/", "b=1; path=/x/y", "c=1; path=/x", "d=1; path=/x/y", "e=1; path=/")
    assert jar.header(Context("/x/y/z")) == "b=1; d=1; c=1; a=1; e=1"


def test_header_writes_nameless_cookies_bare(jar: Jar) -> None:
    assert fill(jar, "b", "a=", "=c=d").header(HERE) == "c=d; a="


def test_retrieval_is_an_access(jar: Jar, clock: Clock) -> None:
    fill(jar, "a=1; path=/x", "b=1")
    clock.time += 5
    jar.header(HERE)
    assert {cookie.name: cookie.accessed for cookie in jar.all()}["b"] == clock.time
    assert {cookie.name: cookie.accessed for cookie in jar.all()}["a"] < clock.time


def test_excess_cookies_go_insecure_ones_first_then_the_least_used(jar: Jar, clock: Clock) -> None:
    told = Told()
    fill(jar, "secure=1; Secure", "used=1", "old=1; path=/x")
    fill(jar, *(f"c{number}=1; Secure" for number in range(PER_DOMAIN - 3)))
    clock.time += 5
    jar.header(HERE)
    jar.listen(told.changes.append)
    fill(jar, "d=1; Secure")
    assert told.names() == [("d", True), ("old", False)]
    fill(jar, "e=1; Secure")
    assert told.names() == [("e", True), ("used", False)]
    fill(jar, "f=1; Secure; path=/y")
    assert told.names() == [("f", True), ("secure", False)]
    assert len(jar.all()) == PER_DOMAIN


def test_excess_cookies_that_expired_go_first(jar: Jar, clock: Clock) -> None:
    fill(jar, "lapses=1; Max-Age=10; Secure", "old=1")
    fill(jar, *(f"c{number}=1; Secure" for number in range(PER_DOMAIN - 2)))
    clock.time += 10
    fill(jar, "new=1; Secure")
    names = {cookie.name for cookie in jar.all()}
    assert len(names) == PER_DOMAIN
    assert "lapses" not in names
    assert {"old", "new"} <= names


def test_domains_are_counted_apart_and_all_together() -> None:
    jar = Jar(".".join("abcdefghijklmnopqrstu"))
    labels = "abcdefghijklmnopqrstu"
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        fill(jar, *(f"c{number}=1; Domain={domain}" for number in range(PER_DOMAIN)))
    assert len(jar.all()) == IN_ALL
    assert "a.b.c.d" not in {cookie.domain[:7] for cookie in jar.all()}


# Keeping


def test_listeners_hear_of_changes_and_of_nothing_else(jar: Jar) -> None:
    told = Told()
    jar.listen(told.changes.append)
    fill(jar, "a=1", "=", "b=1; Domain=other.org")
    jar.header(HERE)
    assert [list(changes) for changes in told.changes] == [[("a", "www.example.org", True, "/")]]


def test_what_comes_together_is_told_together(jar: Jar) -> None:
    told = Told()
    jar.listen(told.changes.append)
    jar.receive_all([f"c{number % 500}={number}" for number in range(3000)], HERE)
    (changes,) = told.changes
    kept = [cookie.name for cookie in changes.values() if cookie]
    assert sorted(kept) == sorted(cookie.name for cookie in jar.all())
    assert len(kept) == PER_DOMAIN


def test_load_keeps_order_and_drops_what_expired(jar: Jar, clock: Clock) -> None:
    fill(jar, "a=1", "b=1; Max-Age=10", "c=1")
    rows = [Cookie.from_dict(cookie.to_dict()) for cookie in reversed(jar.all())]
    kept = [cookie for cookie in rows if cookie]
    clock.time += 20
    again = Jar("www.example.org", now=clock)
    fill(again, "c=2")
    again.load(kept)
    fill(again, "d=1")
    assert again.header(HERE) == "a=1; c=2; d=1"


# Anything at all

octets = st.text(st.characters(max_codepoint=255), max_size=40)
words = """a = ; , / . - 0 9 path domain example.org max-age expires Jun 2030 10:10:10 secure
httponly samesite none strict __Host- __Secure- \x00 \xff"""
near = st.lists(st.sampled_from([*words.split(), " ", "\t"]), max_size=20).map("".join)


@settings(deadline=None)
@given(st.one_of(octets, near))
def test_parsing_never_raises_and_keeps_its_limits(line: str) -> None:
    parsed = parse_set_cookie(line, 0)
    assert parsed is None or "\x00" not in parsed.name + parsed.value
    if parsed:
        assert parsed.name == parsed.name.strip(" \t")
        assert (parsed.attributes.expiry or 0) <= 400 * 86400


@settings(deadline=None)
@given(st.lists(near, max_size=8))
def test_jar_holds_one_cookie_of_a_key_and_only_what_may_be_sent(lines: list[str]) -> None:
    jar = fill(Jar("www.example.org"), *lines)
    keys = [cookie.key for cookie in jar.all()]
    assert len(keys) == len(set(keys))
    for cookie in jar.all():
        assert cookie.domain in ("www.example.org", "example.org")
        assert cookie.path.startswith("/")
        assert cookie.same_site != "none" or cookie.secure


@settings(deadline=None)
@given(st.lists(near, max_size=8))
def test_header_can_be_sent(lines: list[str]) -> None:
    header = fill(Jar("www.example.org"), *lines).header(HERE)
    assert not set(header) & set("\x00\r\n")
