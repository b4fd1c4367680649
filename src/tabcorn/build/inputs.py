"""What a lock was made from, as lines that can be compared later and on another machine.

Runs on CPython at build time. Only what decides which versions are right is recorded: where
packages are fetched from (indexes, mirrors, credentials) may differ from machine to machine.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from tabcorn.build.hashes import logical_lines
from tabcorn.build.logins import without_logins
from tabcorn.build.ownlock import own_lock
from tabcorn.build.requirements import Requirements, uv_lock
from tabcorn.build.tomltext import read_if_right

Inputs = Mapping[str, tuple[str, ...]]
"""A source, by its path relative to the root -> what it says, sorted."""

SCRIPT = "the script header"

# The settings of uv that decide which versions are right.
_UV_SETTINGS = """
    constraint-dependencies override-dependencies exclude-dependencies sources no-sources
    resolution prerelease exclude-newer exclude-newer-package fork-strategy
"""
_UV_KEYS = frozenset(_UV_SETTINGS.split())

# Options of a requirements file that say where packages are.
_PLACE = re.compile(
    r"(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host|--no-index)(?:[ =]|$)"
)


def inputs_of(requirements: Requirements, folders: Iterable[str] = ()) -> Inputs:
    """Read all sources; `folders` are local dependencies, whose own requirements count too."""
    root = requirements.root
    found: dict[str, tuple[str, ...]] = {}
    if requirements.inline:
        found[SCRIPT] = _sorted(map(_normal, requirements.inline))
    projects = [root / folder / "pyproject.toml" for folder in folders]
    for file in (*filter(None, [requirements.pyproject]), *projects):
        found[_label(file, root)] = _sorted(_project_lines(file))
    for file in requirements.files:
        lines = logical_lines([file.resolve()])
        found[_label(file, root)] = _sorted(filter(None, map(_normal, lines)))
    if lines_of_uv := _sorted(_uv_lines(read_if_right(root / "uv.toml"))):
        found["uv.toml"] = lines_of_uv
    if lock := uv_lock(requirements):
        found[_label(lock, root)] = (_content(lock),)
    if own := own_lock(requirements):
        found[own.name] = (_content(own),)
    return found


def _sorted(lines: Iterable[str]) -> tuple[str, ...]:
    # A lock is kept under version control, where nobody looks for passwords.
    return tuple(sorted(set(map(without_logins, lines))))


def _label(file: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), root.resolve())).as_posix()
    except ValueError:  # on another drive
        return file.as_posix()


def _normal(line: str) -> str:
    """Write a requirement in one way; comments and needless spaces do not count."""
    line = " ".join(line.partition(" #")[0].split())
    if line.startswith("#") or _PLACE.match(line):
        return ""
    try:
        return str(Requirement(line))
    except InvalidRequirement:
        return line  # an option, a path, or hashes


def _project_lines(file: Path) -> Iterator[str]:
    settings = read_if_right(file)
    project, tool = settings.get("project", {}), settings.get("tool", {})
    yield from map(_normal, project.get("dependencies", []))
    yield from _uv_lines(tool.get("uv", {}))
    yield from _flat("tool.poetry.dependencies", tool.get("poetry", {}).get("dependencies", {}))
    if "dependencies" in project.get("dynamic", []):
        # Whatever computes them is most likely here; requirements files are what it mostly reads.
        others = [file.parent / name for name in ("setup.py", "setup.cfg")]
        others += sorted(file.parent.glob("requirements*.txt"))
        yield from (f"{each.name} {_content(each)}" for each in others if each.is_file())


def _uv_lines(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, table in (("uv", settings), ("uv.pip", settings.get("pip", {}))):
        for key in sorted(_UV_KEYS & table.keys()):
            yield from _flat(f"{name}.{key}", table[key])


def _flat(name: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(f"{name}.{key}", each)
    elif isinstance(value, list):
        for each in value:
            yield from _flat(name, each)
    else:
        yield f"{name} = {value}"


def _content(file: Path) -> str:
    # As text: version control may write other line ends on another machine.
    text = file.read_text(encoding="utf-8", errors="replace")
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
