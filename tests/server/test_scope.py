from tabcorn.server.scope import Site, http_scope
from tabcorn.server.types import Scope

SITE = Site("https", ("example.org", 443), "/some/path", "3.0", {"pool": object()})


def scope(path: str = "/some/path/x", query: str = "", headers: str = "") -> Scope:
    return http_scope(SITE, "GET", path, query, headers, 50123)


def test_a_whole_scope() -> None:
    assert scope("/some/path/caf%C3%A9%2Fx", "q=%20&r", "host\nexample.org\naccept\n*/*") == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("example.org", 443),
        "client": ("127.0.0.1", 50123),
        "scheme": "https",
        "method": "GET",
        "root_path": "/some/path",
        "path": "/some/path/café/x",
        "raw_path": b"/some/path/caf%C3%A9%2Fx",
        "query_string": b"q=%20&r",
        "headers": [(b"host", b"example.org"), (b"accept", b"*/*")],
        "state": SITE.state,
        "extensions": {"http.response.pathsend": {}},
    }


def test_state_is_a_copy_that_shares_its_values() -> None:
    first, second = scope()["state"], scope()["state"]
    first["mine"] = True
    assert "mine" not in second
    assert first["pool"] is second["pool"]


def test_a_path_that_is_not_utf_8() -> None:
    assert scope("/some/path/%ff")["path"] == "/some/path/\N{REPLACEMENT CHARACTER}"


def test_duplicate_headers_keep_their_order() -> None:
    headers = scope(headers="x\n1\ny\n2\nx\n3")["headers"]
    assert headers == [(b"x", b"1"), (b"y", b"2"), (b"x", b"3")]


def test_no_path_is_offered_to_middleware_that_compresses() -> None:
    assert scope(headers="accept-encoding\ngzip, br")["extensions"] == {}
