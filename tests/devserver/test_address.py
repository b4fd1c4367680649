"""The address is taken before the build, and refused in words."""

import socket

import pytest

from tabcorn.devserver.address import bind, is_local, url_of
from tabcorn.errors import ServeError


def test_a_free_port() -> None:
    with bind("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        assert url_of(sock, "/x/") == f"http://127.0.0.1:{port}/x/"


def test_a_port_in_use() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} on 127.0.0.1 is in use.*--port"):
            bind("127.0.0.1", port)


def test_a_host_that_is_not_ours() -> None:
    with pytest.raises(ServeError, match="cannot be used"):
        bind("192.0.2.1", 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_ipv6() -> None:
    try:
        sock = bind("::1", 0)
    except ServeError:
        pytest.skip("no IPv6 loopback here")
    with sock:
        assert url_of(sock).startswith("http://[::1]:")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("app.localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("example.org", False),
    ],
)
def test_what_browsers_take_for_secure(host: str, local: bool) -> None:
    assert is_local(host) is local
