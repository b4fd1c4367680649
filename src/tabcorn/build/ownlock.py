"""The user's own pylock.toml: the tab runs the versions that it names.

Runs on CPython at build time. Such a lock may be for one platform and name no file that Pyodide
could take, so its versions count, and the files are looked for anew.
"""

from __future__ import annotations

from pathlib import Path

from tabcorn.build.requirements import Requirements, uv_lock
from tabcorn.build.select import parse_lock
from tabcorn.errors import ResolveError

NAME = "pylock.toml"
_NOT_FOR_REQUIREMENTS = ("extras", "dependency_groups")


def own_lock(requirements: Requirements) -> Path | None:
    """Find the user's pylock.toml beside what declares the requirements; a uv.lock is before it."""
    path = requirements.root / NAME
    declared = requirements.pyproject or requirements.files
    return path if declared and path.is_file() and not uv_lock(requirements) else None


def own_pins(requirements: Requirements) -> list[str]:
    """Give the versions of that lock as requirements lines. Raises ResolveError."""
    path = own_lock(requirements)
    if path is None:
        return []
    try:
        lock = parse_lock(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ResolveError(f"{path} cannot be read: {error}. Make it readable.") from error
    found = (
        (package.name, package.version, str(package.marker or "")) for package in lock.packages
    )
    return [
        f"{name}=={version}" + (f" ; {marker}" if marker else "")
        for name, version, marker in found
        if version and not any(word in marker for word in _NOT_FOR_REQUIREMENTS)
    ]
