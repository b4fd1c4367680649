"""What the builder's tests share: a cache of their own, never the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build import plan
from tabcorn.build.cache import Cache
from tabcorn.build.distribution import Distribution
from tests.build.making import warm


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def with_core(cache: Cache) -> Cache:
    """A cache of its own that has Pyodide already; needs network, or the user's cache."""
    return warm(cache)


@pytest.fixture(autouse=True)
def _no_distribution(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pyodide's own distribution is read from Pyodide, which only tests with network have."""
    if not request.node.get_closest_marker("network"):
        monkeypatch.setattr(plan, "load_distribution", lambda *_: Distribution())
