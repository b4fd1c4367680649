"""Requirements to a PEP 751 lock, by uv. Runs on CPython at build time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Requirements:
    """Where an app says what it needs; the sources add up.

    `Requirements(root)` alone means: no dependencies.
    """

    root: Path
    """The project's folder: uv runs here, so its uv.toml and relative paths count."""
    pyproject: Path | None = None
    """A pyproject.toml whose [project] dependencies (and uv.lock beside it) are used."""
    files: tuple[Path, ...] = ()
    """requirements.txt-like files, as uv and pip read them."""
    inline: tuple[str, ...] = ()
    """PEP 508 requirements: those of a PEP 723 script header."""
    requires_python: str | None = None
    """The script header's requires-python."""
    exclude: frozenset[str] = frozenset()
    """Names of packages that the user wants left out, whoever requires them."""
