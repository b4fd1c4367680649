"""What tests of the server share: a uvicorn to compare with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.oracle import Oracle, running


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    with running() as uvicorn:
        yield uvicorn
