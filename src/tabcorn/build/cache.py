"""The per-user cache. Runs on CPython at build time."""

from __future__ import annotations

from pathlib import Path


class Cache:
    """A folder of files that can all be made again; `Cache.default()` is the user's."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def default(cls) -> Cache:
        """The user's cache folder, or TABCORN_CACHE_DIR."""
        raise NotImplementedError
