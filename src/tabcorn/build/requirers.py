"""Who requires a package: read from the '# via' comments that uv writes.

Runs on CPython at build time. Locks of PEP 751 made by uv do not record dependencies, and
an error that names a package must also say whose requirement it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from packaging.utils import canonicalize_name

_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(==|@|$)")
_VIA = re.compile(r"\s+#\s+(?:via\b)?\s*(\S.*)?$")


def parse_requirers(text: str) -> dict[str, tuple[str, ...]]:
    """Map each package of an annotated requirements.txt to whoever requires it."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if via := _VIA.match(line):
            current += [via[1]] if _requires(via[1]) and via[1] not in current else []
        elif name := _NAME.match(line):
            # A universal resolution lists a package once per fork of its markers.
            current = found.setdefault(canonicalize_name(name[1]), [])
        else:
            current = []  # an unnamed line, such as a local folder
    return {name: tuple(parents) for name, parents in found.items()}


def _requires(parent: str | None) -> bool:
    # A constraints file is named there too; it requires nothing.
    return bool(parent) and not (parent or "").startswith("-c ")


def chain(name: str, requirers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the shortest way from `name` up to the app: (name, its requirer, ..., a source)."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen = {name}
    for way in ways:
        parents = requirers.get(way[-1], ())
        if not parents:
            return way
        fresh = [parent for parent in parents if parent not in seen]
        seen.update(fresh)
        ways += [(*way, parent) for parent in fresh]
    return (name,)


def describe_chain(name: str, requirers: Mapping[str, tuple[str, ...]]) -> str:
    """Say it for people: 'required by pandas, required by requirements.txt'; may be empty."""
    parents = (parent.removeprefix("-r ") for parent in chain(name, requirers)[1:])
    return ", ".join(f"required by {parent}" for parent in parents)
