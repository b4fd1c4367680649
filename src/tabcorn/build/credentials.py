"""The names and passwords of the user's own indexes, from where uv has them.

Runs on CPython at build time. uv keeps them out of the locks that it writes, so the downloads
need them once more. As with uv they count for all addresses of an index's own scheme, host and
port.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from platformdirs import user_config_path

from tabcorn.build.hashes import logical_lines
from tabcorn.build.tomltext import read_if_right

Credentials = Mapping[tuple[str, str, int | None], tuple[str, str]]
"""(scheme, host, port) -> (name, password)"""

_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
_OPTION = re.compile(r"\s*(?:-i|-f|--index-url|--extra-index-url|--find-links)[ =]\s*(\S+)")
_DIRECT = re.compile(r"(?:^|@)\s*(\w+://\S+)")
_KEYS = ("index-url", "extra-index-url", "find-links")


def credentials_of(
    root: Path, files: Iterable[Path] = (), lines: Iterable[str] = ()
) -> Credentials:
    """Collect them for a project, its requirements files and single requirements.

    The environment's come first.
    """
    found: dict[tuple[str, str, int | None], tuple[str, str]] = {}
    for settings in reversed(list(_settings(root))):
        for name, url in _indexes(settings):
            _add(found, url, _of_name(name))
    for line in (*_dependencies(root), *lines, *logical_lines([file.resolve() for file in files])):
        if place := _OPTION.match(line) or _DIRECT.search(line):
            _add(found, place[1], None)
    for variable in _VARIABLES:
        for value in os.environ.get(variable, "").split():
            name, given, url = value.partition("=")  # UV_INDEX may name them: name=url
            named = bool(given) and "/" not in name
            _add(found, url if named else value, _of_name(name if named else ""))
    return found


def credentials_for(url: str, credentials: Credentials) -> tuple[str, str] | None:
    """Give name and password for a file's address, if there are any."""
    return credentials.get(_realm(urlsplit(url)))


def _add(
    found: dict[tuple[str, str, int | None], tuple[str, str]],
    url: str,
    named: tuple[str, str] | None,
) -> None:
    parts = urlsplit(url)
    own = (unquote(parts.username or ""), unquote(parts.password or ""))
    if chosen := named or (own if any(own) else None):
        found[_realm(parts)] = chosen


def _realm(parts: SplitResult) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or default


def _of_name(name: str) -> tuple[str, str] | None:
    """Look for UV_INDEX_<NAME>_USERNAME and its password."""
    stem = "UV_INDEX_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
    user, password = (os.environ.get(f"{stem}_{what}", "") for what in ("USERNAME", "PASSWORD"))
    return (user, password) if name and (user or password) else None


def _indexes(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in settings.get("index", []):
        yield str(each.get("name", "")), str(each.get("url", ""))
    for source in settings.get("sources", {}).values():
        for each in source if isinstance(source, list) else [source]:
            yield "", str(each.get("url", ""))
    for table in (settings, settings.get("pip", {})):
        for key in _KEYS:
            values = table.get(key, [])
            for value in [values] if isinstance(values, str) else values:
                yield "", str(value)


def _dependencies(root: Path) -> Iterator[str]:
    lines = read_if_right(root / "pyproject.toml").get("project", {}).get("dependencies", [])
    yield from map(str, lines)


def _settings(root: Path) -> Iterator[Mapping[str, Any]]:
    """Give uv's settings, the most important first: the project's, then the user's."""
    if chosen := os.environ.get("UV_CONFIG_FILE"):
        yield read_if_right(Path(chosen))
        return
    for folder in (root, *root.absolute().parents):
        own = folder / "uv.toml"
        settings = read_if_right(own) or read_if_right(folder / "pyproject.toml").get(
            "tool", {}
        ).get("uv", {})
        if settings or own.is_file():
            yield settings
            break
    yield read_if_right(user_config_path("uv") / "uv.toml")
