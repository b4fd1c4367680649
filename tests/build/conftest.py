"""What the builder's tests share: a cache of their own, never the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build.cache import Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")
