"""The project that the app is a part of, and the metadata that an installed project has.

Runs on CPython at build time. What pyproject.toml says plainly is taken from there, so that no
tool is run for it; the rest is asked of the project's own build (installed.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tabcorn.build.declared import declares_setup, project_settings, up_to_project_root
from tabcorn.build.logins import without_logins

# What only a build can tell when it is 'dynamic', and what a build may add to the sources.
_ASKED = frozenset({"version", "scripts", "gui-scripts", "entry-points"})
_MAKES_FILES = (
    "tool.hatch.build.hooks",
    "tool.hatch.build.targets.wheel.hooks",
    "tool.hatch.build.targets.wheel.force-include",
    "tool.hatch.build.force-include",
    "tool.pdm.build",
)
_HEADERS = {
    "description": "Summary",
    "requires-python": "Requires-Python",
    "classifiers": "Classifier",
}


@dataclass(frozen=True)
class OwnProject:
    """A project in a folder. `version` is None when only its build can tell."""

    folder: Path
    name: str
    """As declared; empty when only its build can tell."""
    version: str | None
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def needs_build(self) -> bool:
        """Whether pyproject.toml leaves something open that an installed project has."""
        made = any(_at(self.settings, path) for path in _MAKES_FILES)
        return self.version is None or made or (self.folder / "setup.py").is_file()

    @property
    def key(self) -> str:
        """The normalized name."""
        return canonicalize_name(self.name)


def find_own_project(app_dir: Path) -> OwnProject | None:
    """Find the project that the app belongs to: the nearest folder that declares anything."""
    for folder in up_to_project_root(app_dir):
        settings = project_settings(folder / "pyproject.toml")
        if found := _project(folder, settings):
            return found if _is_installed(settings) else None
        if (folder / "requirements.txt").is_file():
            return None
    return None


def _project(folder: Path, settings: Mapping[str, Any]) -> OwnProject | None:
    project = settings.get("project", {})
    if name := project.get("name"):
        asked = _ASKED.intersection(project.get("dynamic", ()))
        version = None if asked else _version(project.get("version"))
        return OwnProject(folder, str(name), version, settings)
    if "build-system" in settings or declares_setup(folder):
        return OwnProject(folder, "", None, settings)
    return None


def _version(given: object) -> str | None:
    try:
        return str(Version(str(given)))
    except InvalidVersion:
        return None  # whoever builds it has the better message


def _is_installed(settings: Mapping[str, Any]) -> bool:
    """Tell whether uv and Poetry would install it: a project can say that it is no package."""
    uv, poetry = _at(settings, "tool.uv.package"), _at(settings, "tool.poetry.package-mode")
    return uv is not False and poetry is not False


def _at(settings: Mapping[str, Any], path: str) -> Any:
    found: Any = settings
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def dist_info(own: OwnProject) -> dict[str, bytes]:
    """Write the metadata of a project whose version is known: path in site-packages -> contents."""
    name = re.sub(r"[-_.]+", "_", own.name)
    files = {"METADATA": _metadata(own), "WHEEL": _WHEEL}
    if text := _entry_points(own.settings["project"]):
        files["entry_points.txt"] = text.encode()
    return {f"{name}-{own.version}.dist-info/{file}": data for file, data in files.items()}


_WHEEL = b"Wheel-Version: 1.0\nGenerator: tabcorn\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _metadata(own: OwnProject) -> bytes:
    """As the core metadata specification has it, without the readme."""
    project, message = own.settings["project"], Message()
    for header, value in _lines(own, project):
        message[header] = without_logins(" ".join(value.split()))  # a site is public
    return message.as_bytes()


def _lines(own: OwnProject, project: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("Metadata-Version", "2.1"), ("Name", own.name), ("Version", str(own.version)))
    for key, header in _HEADERS.items():
        value = project.get(key, [])
        yield from ((header, str(each)) for each in (value if isinstance(value, list) else [value]))
    for who in project.get("authors", []):
        name, email = who.get("name"), who.get("email")
        if email:
            yield "Author-email", f"{name} <{email}>" if name else str(email)
        elif name:
            yield "Author", str(name)
    for label, url in project.get("urls", {}).items():
        yield "Project-URL", f"{label}, {url}"
    yield from (("Requires-Dist", str(each)) for each in project.get("dependencies", []))
    for extra, lines in project.get("optional-dependencies", {}).items():
        yield "Provides-Extra", str(extra)
        yield from (("Requires-Dist", _for_extra(str(each), str(extra))) for each in lines)


def _for_extra(line: str, extra: str) -> str:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return line
    marker, requirement.marker = requirement.marker, None
    condition = f'extra == "{extra}"'
    return f"{requirement} ; {f'({marker}) and {condition}' if marker else condition}"


def _entry_points(project: Mapping[str, Any]) -> str:
    groups = {
        "console_scripts": project.get("scripts", {}),
        "gui_scripts": project.get("gui-scripts", {}),
        **project.get("entry-points", {}),
    }
    return "\n".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in groups.items()
        if entries
    )
