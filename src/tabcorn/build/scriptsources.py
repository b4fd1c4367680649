"""What a script's header says to uv: [tool.uv.sources], of which packages come from elsewhere.

Runs on CPython at build time. uv reads that table when it runs a script and not when it resolves
one for others, and would take a package of the same name from the index. So it is written into the
requirements, and what cannot be is refused rather than passed over.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tabcorn.errors import UsageError

# Settings of uv that change which packages are taken; others are about something else.
_MATTERS = frozenset(
    {
        *("index", "index-url", "extra-index-url", "find-links", "no-index", "exclude-newer"),
        *("constraint-dependencies", "override-dependencies", "prerelease", "resolution"),
    }
)


def with_sources(
    lines: list[str], header: Mapping[str, Any], script: Path, root: Path
) -> list[str]:
    """Give the requirements with their sources; paths become relative to `root`."""
    settings = header.get("tool", {}).get("uv", {})
    if ignored := sorted(_MATTERS & settings.keys()):
        raise UsageError(
            f"The '# /// script' header of {script} has '{ignored[0]}' under [tool.uv], which is "
            f"not read from there. Put it into {root / 'uv.toml'}, where uv finds it too."
        )
    sources = {
        str(canonicalize_name(name)): each for name, each in settings.get("sources", {}).items()
    }
    return [_with_source(line, sources, script, root) for line in lines]


def _with_source(line: str, sources: Mapping[str, Any], script: Path, root: Path) -> str:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return line  # which is explained later
    source = sources.get(canonicalize_name(requirement.name))
    if source is None or requirement.url:
        return line
    place = _place(source, script, root)
    if place is None:
        raise UsageError(
            f"The '# /// script' header of {script} names a source of {requirement.name} that is "
            "neither a path nor a URL, and no other can be taken."
        )
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{requirement.name}{extras} @ {place}{marker}"


def _place(source: object, script: Path, root: Path) -> str | None:
    if not isinstance(source, dict):
        return None
    if path := source.get("path"):
        relative = os.path.relpath(script.parent / str(path), root)
        return relative if relative.startswith(os.pardir) else f"./{relative}"
    return str(source["url"]) if "url" in source else None
