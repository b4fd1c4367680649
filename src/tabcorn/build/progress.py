"""What a long step tells the person who waits, whoever draws it.

Runs on CPython at build time. The steps know this protocol only; the command line
implements it with bars, tests and libraries use `Silent`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One running step."""

    def advance(self, n: int, /) -> None:
        """Report `n` more units of the step's total (bytes, or packages). Any thread may call."""


class Progress(Protocol):
    """Draws steps, one after another; a step may run while another is open."""

    def step(self, name: str, total: int | None = None) -> AbstractContextManager[Step]:
        """Open a step. `name` is a phrase for people; `total` None means: length unknown."""


class _SilentStep:
    def advance(self, n: int, /) -> None:
        """Draw nothing."""


class Silent:
    """Progress that draws nothing."""

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:  # noqa: ARG002
        """Open a step that is not drawn."""
        yield _SilentStep()
