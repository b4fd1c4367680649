"""Installers that are required and that nothing imports: pip and setuptools do not ride along.

Runs on CPython at build time and reads sources only. An import anywhere counts, also one in a
function that may never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from tabcorn.build.known import INSTALLERS

Files = Mapping[str, bytes]


def unimported(packages: Mapping[str, Files], app: Files) -> set[str]:
    """Name the installers among `packages` (name -> files) that no other of them, nor the app,
    imports. What only another such installer imports is not needed either."""
    idle = set(INSTALLERS) & set(packages)
    files: list[Files] = [app, *(packages[name] for name in packages if name not in idle)]
    while idle and (woken := {name for name in idle if _is_imported(name, files)}):
        idle -= woken
        files = [packages[name] for name in woken]
    return idle


def _is_imported(name: str, packages: Iterable[Files]) -> bool:
    pattern = _imports(name)
    return any(
        pattern.search(data)
        for files in packages
        for path, data in files.items()
        if path.endswith(".py")
    )


@cache
def _imports(name: str) -> re.Pattern[bytes]:
    """Match `import x`, `import a, x`, `from x.y import z`, `import_module("x")`, `__import__`."""
    modules = "|".join(sorted(INSTALLERS[name]))
    before = r"[\w.]+(?:[ \t]+as[ \t]+\w+)?,[ \t]*"
    statement = rf"^[ \t]*(?:from[ \t]+|import[ \t]+(?:{before})*)(?:{modules})\b"
    call = rf"""(?:import_module|__import__)\(\s*["'](?:{modules})\b"""
    return re.compile(f"{statement}|{call}".encode(), re.MULTILINE)
