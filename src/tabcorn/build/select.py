"""From a lock to what Pyodide gets. Runs on CPython at build time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """A required package that does not ride along."""

    name: str
    version: str
    reason: str
    """A phrase that completes '<name> <version> was left out: '."""
