"""What a project says to tabcorn for good: [tool.tabcorn] in the nearest pyproject.toml with it.

Runs on CPython at build time. The command line adds to lists, and goes before single values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tabcorn.build.declared import project_settings, up_to_project_root
from tabcorn.build.entry import suggestion
from tabcorn.errors import UsageError

_KEYS = frozenset({"include", "exclude", "env-file", "ignore", "persist", "pyodide-distribution"})


@dataclass(frozen=True)
class Settings:
    """The table, and the file that it is in."""

    file: Path | None = None
    table: Mapping[str, Any] = field(default_factory=dict)

    def strings(self, key: str, example: str) -> tuple[str, ...]:
        """Give a list of strings. Raises UsageError."""
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise UsageError(
            f"'{key}' under [tool.tabcorn] in {self.file} is no list of strings. "
            f'Write it like {key} = ["{example}"].'
        )

    def path(self, key: str) -> Path | None:
        """Give a path, which starts at the file's own folder. Raises UsageError."""
        value = self.table.get(key)
        if value is None or self.file is None:
            return None
        if not isinstance(value, str) or not (path := self.file.parent / value).is_file():
            raise UsageError(
                f"'{key}' under [tool.tabcorn] in {self.file} names no file that is there: {value}."
            )
        return path


def read_settings(app_dir: Path) -> Settings:
    """Find the settings of an app. Raises UsageError for mistakes."""
    for folder in up_to_project_root(app_dir):
        file = folder / "pyproject.toml"
        table = project_settings(file).get("tool", {}).get("tabcorn")
        if isinstance(table, dict):
            _require_known(table, file)
            return Settings(file, table)
    return Settings()


def _require_known(table: Mapping[str, Any], file: Path) -> None:
    for key in sorted(table.keys() - _KEYS):
        raise UsageError(
            f"[tool.tabcorn] in {file} has '{key}', which says nothing to tabcorn."
            f"{suggestion(key, set(_KEYS))} docs/cli.md lists what it may hold."
        )
