"""`pylock.tabcorn.toml`: what a site contains, as PEP 751 has it, and how it is read back.

Runs on CPython at build time. The standard's own fields say which file of which version and hash
each package is; [tool.tabcorn] adds what it has no field for. The file ends with a count of its
packages, so that one that was cut off is not taken for a shorter one.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.pylock import (
    Package as Entry,
)
from packaging.pylock import (
    PackageArchive,
    PackageDirectory,
    PackageSdist,
    PackageWheel,
    Pylock,
    PylockUnsupportedVersionError,
    PylockValidationError,
)

from tabcorn.build.closure import Closure, Package
from tabcorn.build.inputs import Inputs
from tabcorn.build.plan import Plan
from tabcorn.build.select import Choice, LeftOut, Origin, Source
from tabcorn.build.target import PYODIDE_VERSION, PYTHON_FULL_VERSION, PYTHON_VERSION
from tabcorn.build.tomltext import pairs, table
from tabcorn.errors import LockError

NAME = "pylock.tabcorn.toml"
SCHEMA = 1
"""Of [tool.tabcorn]: raised when an older tabcorn could not understand a lock."""

_HEAD = (
    "# Written by `tabcorn lock`, which also brings it up to date. Keep it under version control.\n"
)
_FIELDS: Mapping[type[Any], str] = {
    PackageArchive: "archive",
    PackageDirectory: "directory",
    PackageSdist: "sdist",
    PackageWheel: "wheels",
}


@dataclass(frozen=True)
class Lock:
    """What a lock says."""

    plan: Plan
    inputs: Inputs = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    """The packages that were named with --exclude-package."""
    built: Mapping[str, str] = field(default_factory=dict)
    """Package -> sha256 of the pure wheel that its source was built into."""
    pyodide: str = PYODIDE_VERSION

    @property
    def versions(self) -> dict[str, str]:
        """The version of each package that has one."""
        return {each.name: each.version for each in self.plan.choices if each.version}


def lock_of(plan: Plan, closure: Closure, inputs: Inputs, exclude: frozenset[str]) -> Lock:
    """Make the lock of a plan that was carried out: with the hashes that its files have."""
    packages = closure.packages
    choices = tuple(
        Choice(each.name, _version(each), each.source, _origin(each), each.index_version)
        for each in sorted(packages, key=lambda package: package.name)
    )
    built = {each.name: each.sha256 for each in packages if isinstance(each.source, PackageSdist)}
    libraries = tuple(
        Choice(each.name, each.version, each.source, "pyodide") for each in closure.libraries
    )
    plan = dataclasses.replace(plan, choices=choices, libraries=libraries)
    return Lock(plan, inputs, exclude, built)


def _origin(package: Package) -> Origin:
    return "pyodide" if package.how == "pyodide" else ""


def _version(package: Package) -> str:
    # A folder's version may change with every commit, which is no reason to lock again.
    return "" if isinstance(package.source, PackageDirectory) else package.version


def to_text(lock: Lock) -> str:
    """Write a lock."""
    head = {
        "lock-version": "1.0",
        "environments": ["sys_platform == 'emscripten' and platform_machine == 'wasm32'"],
        "requires-python": f"=={PYTHON_VERSION}.*",
        "created-by": "tabcorn",
    }
    left_out = [dataclasses.asdict(each) for each in sorted(lock.plan.left_out, key=_by_name)]
    ours = {
        "version": SCHEMA,
        "pyodide": lock.pyodide,
        "python": PYTHON_FULL_VERSION,
        "exclude-packages": sorted(lock.exclude),
        "packages": len(lock.plan.choices),
    }
    return "".join(
        [
            _HEAD,
            pairs(head) if lock.plan.choices else pairs({**head, "packages": []}),
            *(_package(choice, lock) for choice in lock.plan.choices),
            table("tool.tabcorn.inputs", {k: list(v) for k, v in sorted(lock.inputs.items())}),
            *(table("tool.tabcorn.left-out", each, repeated=True) for each in left_out),
            *(_library(choice) for choice in lock.plan.libraries),
            table("tool.tabcorn", ours),
        ]
    )


def _by_name(entry: LeftOut) -> str:
    return entry.name


def _package(choice: Choice, lock: Lock) -> str:
    requirers = lock.plan.requirers
    names = {each.name for each in lock.plan.choices}
    requires = [name for name in sorted(names) if choice.name in requirers.get(name, ())]
    kind = _FIELDS[type(choice.source)]
    file = _plain(choice.source)
    text = table(
        "packages",
        {
            "name": choice.name,
            "version": choice.version,
            "dependencies": [{"name": name} for name in requires] or None,
            kind: [file] if kind == "wheels" else file,
        },
        repeated=True,
    )
    ours = _origin_in_words(choice, lock.built.get(choice.name, ""))
    return text + (table("packages.tool.tabcorn", ours) if any(ours.values()) else "")


def _origin_in_words(choice: Choice, built: str) -> dict[str, object]:
    """Say what the standard has no field for: where a file came from, and what became of it."""
    return {
        "from": choice.origin,
        "index-version": choice.index_version,
        "how": "pure build" if built else "",
        "wheel-sha256": built,
    }


def _library(choice: Choice) -> str:
    values = {"name": choice.name, "version": choice.version, "archive": _plain(choice.source)}
    return table("tool.tabcorn.libraries", values, repeated=True)


def _plain(source: Source) -> dict[str, object]:
    values: dict[str, object] = dataclasses.asdict(source)
    kept = {key: value for key, value in values.items() if value not in (None, {})}
    return {key.replace("_", "-"): value for key, value in kept.items()}


def from_text(text: str, path: Path) -> Lock:
    """Read a lock; `path` is for messages. Raises LockError."""
    try:
        data = tomllib.loads(text)
        ours = _ours(data, path)
        pylock = Pylock.from_dict(data)
        if ours["packages"] != len(pylock.packages):
            raise _damaged(path, "it has not all of its packages")
        return _lock(pylock, ours)
    except PylockUnsupportedVersionError as error:
        raise _newer(path, str(error)) from error
    except (tomllib.TOMLDecodeError, PylockValidationError) as error:
        raise _damaged(path, str(error)) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _damaged(path, f"[tool.tabcorn] lacks what belongs there ({error})") from error


def _ours(data: Mapping[str, Any], path: Path) -> dict[str, Any]:
    ours: dict[str, Any] = data.get("tool", {}).get("tabcorn", {})
    if "version" not in ours or "packages" not in ours:
        raise _damaged(path, "its end is missing")
    if ours["version"] != SCHEMA:
        raise _newer(path, f"its [tool.tabcorn] is of version {ours['version']}, not {SCHEMA}")
    return ours


def _lock(pylock: Pylock, ours: Mapping[str, Any]) -> Lock:
    left_out = tuple(
        LeftOut(each["name"], each.get("version", ""), each["reason"])
        for each in ours.get("left-out", [])
    )
    requirers: dict[str, tuple[str, ...]] = {}
    for package in pylock.packages:
        for each in package.dependencies or ():
            requirers[each["name"]] = (*requirers.get(each["name"], ()), package.name)
    choices = tuple(_choice(package) for package in pylock.packages)
    libraries = tuple(map(_read_library, ours.get("libraries", [])))
    plan = Plan(choices, left_out, requirers, libraries=libraries)
    inputs = {str(key): tuple(map(str, lines)) for key, lines in ours["inputs"].items()}
    exclude = frozenset(map(str, ours["exclude-packages"]))
    return Lock(plan, inputs, exclude, _built(pylock), str(ours["pyodide"]))


def _choice(package: Entry) -> Choice:
    (wheel,) = package.wheels or (None,)
    source = wheel or package.sdist or package.archive or package.directory
    if source is None:
        raise ValueError(f"{package.name} has no file")
    ours = _ours_of(package)
    origin: Origin = "pyodide" if ours.get("from") == "pyodide" else ""
    index_version = str(ours.get("index-version", ""))
    return Choice(package.name, str(package.version or ""), source, origin, index_version)


def _read_library(entry: Mapping[str, Any]) -> Choice:
    file = entry["archive"]
    source = PackageArchive(
        url=file.get("url"), path=file.get("path"), size=file["size"], hashes=file["hashes"]
    )
    return Choice(str(entry["name"]), str(entry["version"]), source, "pyodide")


def _ours_of(package: Entry) -> Mapping[str, Any]:
    ours: Mapping[str, Any] = (package.tool or {}).get("tabcorn", {})
    return ours


def _built(pylock: Pylock) -> dict[str, str]:
    tools = {package.name: _ours_of(package) for package in pylock.packages}
    return {str(name): tool["wheel-sha256"] for name, tool in tools.items() if "how" in tool}


def _damaged(path: Path, why: str) -> LockError:
    return LockError(
        f"{path} is not as tabcorn wrote it: {why}.\nGet it back from version control, or delete "
        "it and run `tabcorn lock`."
    )


def _newer(path: Path, why: str) -> LockError:
    return LockError(
        f"{path} was written by another version of tabcorn: {why}.\n"
        "Update tabcorn, or delete the file and run `tabcorn lock`."
    )
