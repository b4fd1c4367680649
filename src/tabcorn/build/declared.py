"""Where an app says what it depends on; the nearest declaration counts, and only that one.

Runs on CPython at build time. In this order: -r files, the PEP 723 header of the app's own file,
then, from the app's folder upwards to the project's root, pyproject.toml, requirements.txt, or
setup.py and setup.cfg.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tabcorn.build.entry import Entry
from tabcorn.build.options import BuildOptions
from tabcorn.build.requirements import Requirements
from tabcorn.build.scriptsources import with_sources
from tabcorn.errors import UsageError

# The reference expression of the inline script metadata specification (PEP 723).
_BLOCK = re.compile(
    r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$",
)


def find_requirements(entry: Entry, options: BuildOptions) -> Requirements:
    """Find the app's requirements; without any declaration it has none."""
    return requirements_in(
        entry.app_dir, entry.source, options.requirements, options.exclude_packages
    )


def requirements_in(
    root: Path, source: Path | None, given: tuple[Path, ...], exclude: frozenset[str]
) -> Requirements:
    """Do so for a folder; `source` is the app's own file, `given` are the -r files."""
    if given:
        files = tuple(path.resolve() for path in given)
        return Requirements(root, files=files, exclude=exclude)
    if (header := script_header(source)) is not None:
        inline = tuple(_inline(header, source, root))
        python = header.get("requires-python")
        return Requirements(
            root, inline=inline, requires_python=python, script=source, exclude=exclude
        )
    for folder in up_to_project_root(root):
        if _declares_project(folder / "pyproject.toml"):
            return Requirements(folder, pyproject=folder / "pyproject.toml", exclude=exclude)
        if (file := folder / "requirements.txt").is_file():
            return Requirements(folder, files=(file,), exclude=exclude)
        if setup := declares_setup(folder):
            return Requirements(folder, files=(setup,), exclude=exclude)
    return Requirements(root, exclude=exclude)


def script_header(source: Path | None) -> dict[str, Any] | None:
    """Read the PEP 723 header of a script, or give None when it has none. Raises UsageError."""
    if source is None:
        return None
    text = source.read_text(encoding="utf-8", errors="replace")
    blocks = [each for each in _BLOCK.finditer(text) if each["type"] == "script"]
    if not blocks:
        return None
    if len(blocks) > 1:
        raise UsageError(f"{source} has several '# /// script' headers; leave one.")
    lines = blocks[0]["content"].splitlines()
    content = "\n".join(line[2:] if line.startswith("# ") else line[1:] for line in lines)
    return _toml(content, f"The '# /// script' header of {source}")


def _inline(header: dict[str, Any], source: Path | None, root: Path) -> list[str]:
    value = header.get("dependencies", [])
    if source and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return with_sources(value, header, source, root)
    raise UsageError(
        f"'dependencies' in the '# /// script' header of {source} is no list of strings. "
        'Write it like dependencies = ["fastapi"].'
    )


def _declares_project(file: Path) -> bool:
    """Tell whether a pyproject.toml is about a project, and not just settings of tools."""
    settings = project_settings(file)
    project, tool = settings.get("project", {}), settings.get("tool", {})
    if "dependencies" in project or "dependencies" in project.get("dynamic", ()):
        return True
    flit = tool.get("flit", {}).get("metadata", {})  # as flit had it before there was [project]
    return "dependencies" in tool.get("poetry", {}) or "requires" in flit


def declares_setup(folder: Path) -> Path | None:
    """Find the setup.py or setup.cfg of a folder, if it says what a project requires or is."""
    for name, words in (("setup.py", b"setup("), ("setup.cfg", b"[options]")):
        file = folder / name
        if file.is_file() and words in file.read_bytes():
            return file
    return None


def project_settings(file: Path) -> dict[str, Any]:
    """Read a pyproject.toml, or give {} when there is none. Raises UsageError."""
    if not file.is_file():
        return {}
    settings = _toml(_read(file), str(file))
    for path in ("project", "tool", "tool.poetry", "tool.uv", "tool.flit", "tool.flit.metadata"):
        found: Any = settings
        for key in path.split("."):
            found = found.get(key, {})
        if not isinstance(found, dict):
            raise UsageError(f"'{path}' in {file} is not a table. Write [{path}] on its own line.")
    return settings


def up_to_project_root(folder: Path) -> Iterator[Path]:
    """Give the folder and those above it, up to where version control (or the home) begins."""
    for each in (folder, *folder.parents):
        if each in (Path.home(), Path(each.anchor)) and each != folder:
            return
        yield each
        if (each / ".git").exists():
            return


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}. Save it as UTF-8.") from error


def _toml(text: str, what: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{what} is no valid TOML: {error}.") from error
