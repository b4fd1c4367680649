"""Where Pyodide's distribution is for this user: on its usual address, a mirror, or a folder.

Runs on CPython at build time. The environment variable is before `pyodide-distribution` of
[tool.tabcorn] in the project's pyproject.toml; the command's option sets the variable.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tabcorn.build.tomltext import read_if_right
from tabcorn.errors import UsageError

VARIABLE = "TABCORN_PYODIDE_DISTRIBUTION"
SETTING = "pyodide-distribution"


def place_of(root: Path) -> str:
    """Give the URL of the folder that was named, with a final slash, or "". Raises UsageError.

    A folder in the setting is relative to `root`, one in the variable to the current folder.
    """
    if chosen := os.environ.get(VARIABLE):
        return _url(chosen, Path.cwd(), VARIABLE)
    chosen = _setting(root / "pyproject.toml")
    return _url(chosen, root, f"{SETTING} in {root / 'pyproject.toml'}") if chosen else ""


def relocated(url: str, root: Path) -> str:
    """Give the address of a distribution's file at the place that the user named, if any."""
    place = place_of(root)
    return urljoin(place, urlsplit(url).path.rsplit("/", 1)[-1]) if place else url


def _setting(file: Path) -> str:
    tool = read_if_right(file).get("tool")
    ours = tool.get("tabcorn") if isinstance(tool, dict) else None
    chosen = ours.get(SETTING, "") if isinstance(ours, dict) else ""
    if not isinstance(chosen, str):
        raise UsageError(f"{SETTING} in {file} is no string. Write a URL or the path of a folder.")
    return chosen


def _url(chosen: str, base: Path, source: str) -> str:
    if urlsplit(chosen).scheme in ("http", "https", "file"):
        return chosen.rstrip("/") + "/"
    folder = (base / Path(chosen).expanduser()).resolve()
    # The archive of the full distribution unpacks to a folder of this name.
    inner = folder / "pyodide"
    found = inner if (inner / "pyodide-lock.json").is_file() else folder
    if not found.is_dir():
        raise UsageError(
            f"{source} names {chosen}, and there is no such folder. Give the folder that the "
            "archive of Pyodide's full distribution was unpacked to, or the URL of a mirror."
        )
    return found.as_uri() + "/"
