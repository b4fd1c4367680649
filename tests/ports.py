"""Ports for the servers of the tests."""

from __future__ import annotations

import socket

_given: set[int] = set()


def fresh_port() -> int:
    """A free port that no server of this process has had.

    A browser lives through many tests, and keeps what an origin has given it: service workers,
    databases, cached answers. A server that got the port of one that is gone would inherit them.
    """
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port
