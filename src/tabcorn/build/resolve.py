"""Requirements to a PEP 751 lock, by uv.

Runs on CPython at build time. The lock is universal, so that no marker is evaluated with the
build machine's values and no older release is taken because its wheel happens to fit:
what fits is decided afterwards, by select.py. The last good lock for the same inputs is kept
and used when the network is away, which is then said.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tabcorn.build import uv
from tabcorn.build.cache import Cache
from tabcorn.build.diagnosis import failure
from tabcorn.build.ownlock import own_lock, own_pins
from tabcorn.build.preferences import Preferences
from tabcorn.build.requirements import Requirements, check, sources, uv_lock
from tabcorn.build.requirers import parse_requirers
from tabcorn.build.target import PYTHON_VERSION

__all__ = ["Requirements", "Resolution", "resolve"]


@dataclass(frozen=True)
class Resolution:
    """A lock, and who asked for what in it."""

    lock: str
    requirers: Mapping[str, tuple[str, ...]]
    """Package -> who requires it; whoever is not a package itself is one of the app's sources."""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Limits:
    """What a resolution has to keep to besides the requirements."""

    constraints: tuple[str, ...] = ()
    """Requirements lines that hold for whatever is required."""
    also: tuple[str, ...] = ()
    """Packages that are to come along."""


def resolve(
    requirements: Requirements,
    cache: Cache,
    preferences: Preferences | None = None,
    limits: Limits | None = None,
) -> Resolution:
    """Lock the requirements for every platform at Python 3.14. Raises ResolveError.

    With `preferences` the result is to be kept by the user: then it is never an older one. With
    `limits` a lock of the user's own counts no more: it may name what the limits do not admit.
    """
    check(requirements)
    if not sources(requirements):
        return Resolution('lock-version = "1.0"\ncreated-by = "tabcorn"\npackages = []\n', {})
    key = _key(requirements, limits)
    kept = cache.entry("locks", key) if preferences is None else None
    command = _Command(requirements, limits, patient=kept is None)
    outcome = command.lock(preferences or Preferences(), cache)
    if outcome.ok:
        resolution = Resolution(outcome.stdout, command.requirers(cache))
        content = json.dumps({"lock": resolution.lock, "requirers": resolution.requirers})
        cache.add_entry("locks", key, content.encode())
        return resolution
    if outcome.offline and kept is not None:
        known = json.loads(kept)
        requirers = {name: tuple(parents) for name, parents in known["requirers"].items()}
        return Resolution(known["lock"], requirers, (_OFFLINE_NOTE,))
    raise failure(outcome, requirements)


_OFFLINE_NOTE = (
    "The package index could not be reached: the versions of the last build with these "
    "requirements were used."
)


# A line with a version: not one with a URL, a folder or an option.
_EXACT = re.compile(r"[A-Za-z0-9][\w.-]*==")


class _Command:
    """The uv command lines for one set of requirements."""

    def __init__(self, requirements: Requirements, limits: Limits | None, *, patient: bool) -> None:
        self._root = requirements.root
        self._own = own_pins(requirements) if limits is None else list(limits.constraints)
        inline = (*requirements.inline, *(limits.also if limits else ()))
        self._stdin = "".join(f"{line}\n" for line in inline)
        self._direct = [canonicalize_name(Requirement(line).name) for line in requirements.inline]
        self._environment = dict(os.environ)
        if not patient:
            self._environment.setdefault("UV_HTTP_RETRIES", "1")
        self._exports = uv_lock(requirements) is not None and limits is None
        if self._exports:
            script = requirements.script
            whose = ["--script", str(script)] if script else ["--no-emit-project", "--no-dev"]
            self._base = ["export", "--locked", "--no-header", *whose]
            return
        self._base = ["pip", "compile", "--universal", "--python-version", PYTHON_VERSION]
        arguments = sources(replace(requirements, inline=inline))
        # An interpreter is needed for building metadata only; without a choice of ours uv
        # would try to download a Python 3.14 for that.
        self._base += ["--python", sys.executable, "--no-header", *arguments]
        self._environment.setdefault("UV_PYTHON_DOWNLOADS", "never")

    def lock(self, preferences: Preferences, cache: Cache) -> uv.Outcome:
        """Write the lock to stdout; run from the root, so relative paths are relative to it."""
        if self._exports:
            return self._run("--format", "pylock.toml")
        with cache.workspace() as folder:
            held = self._held_to(self._own, folder)
            if not (pins := preferences.pins()):
                return self._run("--format", "pylock.toml", *preferences.options(), *held)
            return self._lock_near(pins, [*preferences.options(), *held], folder / "pins.txt")

    def _lock_near(self, pins: list[str], options: list[str], file: Path) -> uv.Outcome:
        """Lock with versions as near to `pins` as can be.

        uv prefers the versions of a requirements file that it writes anew. (It would do so with a
        pylock.toml, too, if that lay in the project, where nothing half-made may appear.)
        """
        file.write_text("".join(f"{line}\n" for line in pins), encoding="utf-8")
        outcome = self._run("--format", "requirements.txt", "--output-file", str(file), *options)
        if not outcome.ok:
            return outcome
        lines = file.read_text(encoding="utf-8").splitlines()
        held = self._held_to([line for line in lines if _EXACT.match(line)], file.parent)
        return self._run("--format", "pylock.toml", *held)

    def _held_to(self, lines: list[str], folder: Path) -> list[str]:
        """Make the options by which uv keeps to the versions of `lines`."""
        file = folder / "constraints.txt"
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return ["--constraints", str(file)] if lines else []

    def requirers(self, cache: Cache) -> dict[str, tuple[str, ...]]:
        """Ask once more for the form that says who requires what: uv has it in its cache now."""
        with cache.workspace() as folder:
            held = [] if self._exports else self._held_to(self._own, folder)
            outcome = self._run("--format", "requirements.txt", "--offline", *held)
        requirers = parse_requirers(outcome.stdout) if outcome.ok else {}
        for name in self._direct:
            requirers[name] = ("the app", *requirers.get(name, ()))
        return requirers

    def _run(self, *options: str) -> uv.Outcome:
        arguments = [*self._base, *options, "--quiet"]
        return uv.run(arguments, self._root, self._environment, self._stdin)


def _key(requirements: Requirements, limits: Limits | None) -> str:
    """Identify the inputs by their content. Only ever used to find a lock when offline."""
    paths = [*filter(None, [requirements.pyproject]), *requirements.files]
    if own := own_lock(requirements):
        paths.append(own)
    if lock := uv_lock(requirements):
        paths.append(lock)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    index = sorted(
        f"{k}={v}" for k, v in os.environ.items() if k.startswith("UV_") and "INDEX" in k
    )
    question = [str(requirements.root), PYTHON_VERSION, hashes, requirements.inline, index]
    # Relative paths in a lock start at the root, so the root is part of the question.
    return json.dumps([*question, *([limits.constraints, limits.also] if limits else [])])
