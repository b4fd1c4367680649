"""Watches the app's folder for changes that are worth a new build.

Runs on CPython.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import watchfiles

from tabcorn.build.filerules import FileRules


class _Filter(watchfiles.DefaultFilter):
    """Whatever cannot ride along cannot need a new build either."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__()
        self._folders = folders
        self._rules = FileRules()

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        return super().__call__(change, path) and any(
            self._rules.takes(Path(path).relative_to(folder).as_posix())
            for folder in self._folders
            if Path(path).is_relative_to(folder)
        )


async def changes(folders: Sequence[Path]) -> AsyncIterator[None]:
    """Yield once after each burst of changes in `folders`."""
    places = [folder.resolve() for folder in folders]
    async for _ in watchfiles.awatch(*places, watch_filter=_Filter(places)):
        yield
