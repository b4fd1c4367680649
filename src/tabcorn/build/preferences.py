"""Which versions a new lock keeps of the one before it, in uv's words.

Runs on CPython at build time. A version is kept as long as the requirements admit it, unless it
is to be upgraded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tabcorn.errors import UsageError


@dataclass(frozen=True)
class Upgrade:
    """What `--upgrade` and `--upgrade-package` ask for; the latter may hold a specifier."""

    everything: bool = False
    packages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.packages)

    def names(self) -> frozenset[str]:
        """Give the normalized names of the packages. Raises UsageError."""
        return frozenset(_name(package) for package in self.packages)


@dataclass(frozen=True)
class Preferences:
    """The versions of the present lock, and what is to move on from them."""

    versions: Mapping[str, str] = field(default_factory=dict)
    upgrade: Upgrade = Upgrade()

    def pins(self) -> list[str]:
        """Give requirements lines for what is kept."""
        if self.upgrade.everything:
            return []
        moving = self.upgrade.names()
        kept = {name: v for name, v in self.versions.items() if name not in moving}
        return [f"{name}=={version}" for name, version in sorted(kept.items())]

    def options(self) -> list[str]:
        """Give uv's own options; they make it ask the index anew, too."""
        if self.upgrade.everything:
            return ["--upgrade"]
        return [
            part for package in self.upgrade.packages for part in ("--upgrade-package", package)
        ]


def _name(package: str) -> str:
    try:
        return canonicalize_name(Requirement(package).name)
    except InvalidRequirement as error:
        raise UsageError(
            f"--upgrade-package {package} is no package: {error}. Write it like 'name' or 'name<3'."
        ) from error
