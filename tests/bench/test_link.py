"""The modelled line: its rate is shared, its round trips are paid, late timers cost nothing."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bench.host import serving
from bench.link import Link


def test_a_body_takes_its_size_by_the_rate() -> None:
    link = Link(rate=1000, round_trip=0.5)
    assert link.opened(10, connections_first=True) == 11
    assert link.opened(10, connections_first=False) == 10.5
    assert link.carried(10, 500) == 10.5
    assert link.carried(10, 500) == 11  # of another connection: the line was taken
    assert link.carried(20, 500) == 20.5


def get(port: int, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


@pytest.mark.parametrize("connections", [1, 4])
def test_a_host_at_the_end_of_it(tmp_path: Path, connections: int) -> None:
    (tmp_path / "file").write_bytes(bytes(100_000))
    with serving(tmp_path, Link(rate=400_000, round_trip=0.05)) as host:
        begin = time.monotonic()
        with ThreadPoolExecutor(connections) as pool:
            bodies = list(pool.map(lambda _: get(host.port, "/file"), range(connections)))
        took = time.monotonic() - begin
    assert bodies == [bytes(100_000)] * connections
    assert 0.1 + connections * 0.25 <= took < 0.4 + connections * 0.25
    assert host.bytes_until(float("inf")) == pytest.approx(connections * 100_000, rel=0.01)


def test_a_host_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path) as host:
        assert get(host.port, "/?query") == b"home"
        assert get(host.port, "/missing") == b"not found"
        assert host.bytes_until(0) == 0
