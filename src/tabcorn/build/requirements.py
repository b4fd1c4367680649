"""Where an app says what it needs, and the mistakes in it that are found without uv.

Runs on CPython at build time.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tabcorn.build.target import PYTHON_FULL_VERSION
from tabcorn.errors import ResolveError


@dataclass(frozen=True)
class Requirements:
    """Where an app says what it needs; the sources add up.

    `Requirements(root)` alone means: no dependencies.
    """

    root: Path
    """The project's folder: uv runs here, so its uv.toml and relative paths count."""
    pyproject: Path | None = None
    """A pyproject.toml whose [project] dependencies (and uv.lock, if it has one) are used."""
    files: tuple[Path, ...] = ()
    """requirements.txt-like files, as uv and pip read them."""
    inline: tuple[str, ...] = ()
    """PEP 508 requirements: those of a PEP 723 script header."""
    requires_python: str | None = None
    """The script header's requires-python."""
    script: Path | None = None
    """The file that has the header, which has a lock of its own."""
    exclude: frozenset[str] = frozenset()
    """Names of packages that the user wants left out, whoever requires them."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no declaration at all."""
        return not (self.pyproject or self.files or self.inline)


def check(requirements: Requirements) -> None:
    """Find the mistakes that can be explained better here than by uv."""
    for line in requirements.inline:
        try:
            Requirement(line)
        except InvalidRequirement as error:
            raise ResolveError(
                f"The script's dependency {line!r} is not a valid requirement: {error}.\n"
                "Write it like 'name', 'name>=1.2' or 'name @ https://...'."
            ) from error
    for path in requirements.files:
        if not path.is_file():
            raise ResolveError(f"There is no requirements file {path}. Check the path after -r.")
    _check_python("the script header", requirements.requires_python)
    if requirements.pyproject:
        project = _read_pyproject(requirements.pyproject).get("project", {})
        _check_python(str(requirements.pyproject), project.get("requires-python"))


def _check_python(source: str, specifier: str | None) -> None:
    try:
        fits = specifier is None or SpecifierSet(specifier).contains(PYTHON_FULL_VERSION)
    except InvalidSpecifier as error:
        raise ResolveError(f"requires-python of {source} is not valid: {error}.") from error
    if not fits:
        raise ResolveError(
            f"{source} says requires-python = {specifier!r}, and a browser runs the app on "
            f"Python {PYTHON_FULL_VERSION}.\nWiden requires-python if the app works there."
        )


def sources(requirements: Requirements) -> list[str]:
    """List uv's source arguments."""
    found = [str(path) for path in (requirements.pyproject, *requirements.files) if path]
    return [*found, "-"] if requirements.inline else found


def uv_lock(requirements: Requirements) -> Path | None:
    """Find the lock of uv's that decides the versions (packaging.md, preference 1).

    It is a project's uv.lock, which a workspace has at its root, or a script's own, as in
    main.py.lock. Only when the project or the script is the sole source. (A pylock.toml is
    ownlock.py's.)
    """
    script, pyproject = requirements.script, requirements.pyproject
    if script and requirements.inline:
        own = script.with_name(f"{script.name}.lock")
        return own if own.is_file() else None
    if pyproject is None or requirements.files or requirements.inline:
        return None
    beside = pyproject.with_name("uv.lock")
    return beside if beside.is_file() else _workspace_lock(pyproject.parent.resolve())


def _workspace_lock(member: Path) -> Path | None:
    for root in member.parents:
        lock = root / "uv.lock"
        if lock.is_file() and _has_member(root, member):
            return lock
    return None


def _has_member(root: Path, member: Path) -> bool:
    """Tell whether [tool.uv.workspace] of a root names a folder."""
    pyproject = root / "pyproject.toml"
    settings = _read_pyproject(pyproject) if pyproject.is_file() else {}
    workspace = settings.get("tool", {}).get("uv", {}).get("workspace", {})
    members, excluded = (
        {folder for pattern in workspace.get(key, []) for folder in root.glob(pattern)}
        for key in ("members", "exclude")
    )
    return member in members - excluded


def _read_pyproject(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ResolveError(
            f"{path} cannot be read: {error}.\nIts [project] dependencies are needed for the "
            "build: correct the file, or name a requirements file with -r."
        ) from error
