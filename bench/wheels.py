"""The wheels that the seed installs: the app's, as the build selects them, and micropip itself."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tabcorn.build.cache import Cache
from tabcorn.build.closure import resolve_closure
from tabcorn.build.progress import Silent
from tabcorn.build.project import Project
from tests.browser.sites import ROOT


def wheels_of(project: Project) -> list[Path]:
    """Resolve and fetch the app's packages; UV_CONSTRAINT pins them."""
    closure = resolve_closure(project.requirements, Cache.default(), Silent())
    return [package.wheel for package in closure.packages]


def libraries(wheels: list[Path]) -> Iterator[bytes]:
    """Read the extension modules out of wheels."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".so"):
                    yield archive.read(name)


def installer(folder: Path) -> list[Path]:
    """Download micropip and what it needs, pinned and checked, into a folder."""
    command = [sys.executable, "-m", "pip", "download", "-qq", "--require-hashes"]
    python = ["--python-version", "3.14", "--only-binary", ":all:", "--no-deps"]
    requirements = ["-r", str(ROOT / "requirements/seed.txt"), "--dest", str(folder)]
    subprocess.run([*command, *python, *requirements], check=True)
    return sorted(folder.glob("*.whl"))
