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
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tabcorn.build import uv
from tabcorn.build.cache import Cache
from tabcorn.build.ownlock import own_lock, own_pins
from tabcorn.build.preferences import Preferences
from tabcorn.build.requirements import Requirements, check, sources, uses_uv_lock
from tabcorn.build.requirers import parse_requirers
from tabcorn.build.target import PYTHON_VERSION
from tabcorn.errors import ResolveError

__all__ = ["Requirements", "Resolution", "resolve"]


@dataclass(frozen=True)
class Resolution:
    """A lock, and who asked for what in it."""

    lock: str
    requirers: Mapping[str, tuple[str, ...]]
    """Package -> who requires it; whoever is not a package itself is one of the app's sources."""
    notes: tuple[str, ...] = field(default=())


def resolve(
    requirements: Requirements, cache: Cache, preferences: Preferences | None = None
) -> Resolution:
    """Lock the requirements for every platform at Python 3.14. Raises ResolveError.

    With `preferences` the result is to be kept by the user: then it is never an older one.
    """
    check(requirements)
    arguments = sources(requirements)
    if not arguments:
        return Resolution('lock-version = "1.0"\ncreated-by = "tabcorn"\npackages = []\n', {})
    key = _key(requirements)
    kept = cache.entry("locks", key) if preferences is None else None
    command = _Command(requirements, arguments, patient=kept is None)
    outcome = command.lock(preferences or Preferences(), cache)
    if outcome.ok:
        resolution = Resolution(outcome.stdout, command.requirers())
        content = json.dumps({"lock": resolution.lock, "requirers": resolution.requirers})
        cache.add_entry("locks", key, content.encode())
        return resolution
    if outcome.offline and kept is not None:
        known = json.loads(kept)
        requirers = {name: tuple(parents) for name, parents in known["requirers"].items()}
        return Resolution(known["lock"], requirers, (_OFFLINE_NOTE,))
    raise ResolveError(_failure(outcome, requirements))


_OFFLINE_NOTE = (
    "The package index could not be reached: the versions of the last build with these "
    "requirements were used."
)


# Where uv looks for a package: an index, or the folders of --find-links.
_PLACES = ("package registry", "provided package locations")


# What uv says of a wheel or a source archive that it cannot read.
_DAMAGED = ("Failed to extract archive", "wheel is invalid", "archive is invalid", "dist-info dir")


_OWN = " The versions of your pylock.toml count as requirements: make it anew if it is out of date."

# A line with a version: not one with a URL, a folder or an option.
_EXACT = re.compile(r"[A-Za-z0-9][\w.-]*==")


class _Command:
    """The uv command lines for one set of requirements."""

    def __init__(self, requirements: Requirements, arguments: list[str], *, patient: bool) -> None:
        self._root = requirements.root
        self._own = own_pins(requirements)
        self._stdin = "".join(f"{line}\n" for line in requirements.inline)
        self._direct = [canonicalize_name(Requirement(line).name) for line in requirements.inline]
        self._environment = dict(os.environ)
        if not patient:
            self._environment.setdefault("UV_HTTP_RETRIES", "1")
        self._exports = uses_uv_lock(requirements)
        if self._exports:
            self._base = ["export", "--locked", "--no-emit-project", "--no-dev", "--no-header"]
            return
        self._base = ["pip", "compile", "--universal", "--python-version", PYTHON_VERSION]
        # An interpreter is needed for building metadata only; without a choice of ours uv
        # would try to download a Python 3.14 for that.
        self._base += ["--python", sys.executable, "--no-header", *arguments]
        self._environment.setdefault("UV_PYTHON_DOWNLOADS", "never")

    def lock(self, preferences: Preferences, cache: Cache) -> uv.Outcome:
        """Write the lock to stdout; run from the root, so relative paths are relative to it."""
        if self._exports:
            return self._run("--format", "pylock.toml")
        if self._own:
            with cache.workspace() as folder:
                return self._lock_at(self._own, folder / "pins.txt")
        if not (pins := preferences.pins()):
            return self._run("--format", "pylock.toml", *preferences.options())
        with cache.workspace() as folder:
            return self._lock_near(pins, preferences.options(), folder / "pins.txt")

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
        return self._lock_at([line for line in lines if _EXACT.match(line)], file)

    def _lock_at(self, pins: list[str], file: Path) -> uv.Outcome:
        """Lock with exactly the versions of `pins`."""
        file.write_text("".join(f"{line}\n" for line in pins), encoding="utf-8")
        return self._run("--format", "pylock.toml", "--constraints", str(file))

    def requirers(self) -> dict[str, tuple[str, ...]]:
        """Ask once more for the form that says who requires what: uv has it in its cache now."""
        outcome = self._run("--format", "requirements.txt", "--offline")
        requirers = parse_requirers(outcome.stdout) if outcome.ok else {}
        for name in self._direct:
            requirers[name] = ("the app", *requirers.get(name, ()))
        return requirers

    def _run(self, *options: str) -> uv.Outcome:
        arguments = [*self._base, *options, "--quiet"]
        return uv.run(arguments, self._root, self._environment, self._stdin)


def _key(requirements: Requirements) -> str:
    """Identify the inputs by their content. Only ever used to find a lock when offline."""
    paths = [*filter(None, [requirements.pyproject]), *requirements.files]
    if own := own_lock(requirements):
        paths.append(own)
    if uses_uv_lock(requirements) and requirements.pyproject:
        paths.append(requirements.pyproject.with_name("uv.lock"))
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    index = sorted(
        f"{k}={v}" for k, v in os.environ.items() if k.startswith("UV_") and "INDEX" in k
    )
    # Relative paths in a lock start at the root, so the root is part of the question.
    return json.dumps([str(requirements.root), PYTHON_VERSION, hashes, requirements.inline, index])


def _failure(outcome: uv.Outcome, requirements: Requirements) -> str:
    what, remedy = _diagnosis(outcome, requirements)
    return f"{what} uv says:\n{outcome.explanation()}\n{remedy}"


def _diagnosis(outcome: uv.Outcome, requirements: Requirements) -> tuple[str, str]:
    """Sort uv's failures: (what happened, what to do)."""
    text = " ".join(outcome.stderr.split())  # uv breaks lines where the terminal ends
    if outcome.offline:
        return (
            "The app's packages cannot be resolved without network.",
            "Connect, or set HTTPS_PROXY or UV_DEFAULT_INDEX if there is a proxy or a mirror. "
            "Requirements that were built once on this machine also build offline.",
        )
    if "lockfile" in text and "needs to be updated" in text:
        return (
            "The project's uv.lock does not match its pyproject.toml.",
            f"Run `uv lock` in {requirements.root}, then build again.",
        )
    if any(f"was not found in the {place}" in text for place in _PLACES):
        return (
            "A required package does not exist.",
            "Check how its name is spelled. If it is on a private index, tell uv of that index "
            "(UV_INDEX, or [[tool.uv.index]] in pyproject.toml).",
        )
    if "No space left on device" in text:
        return "The disk is full.", "Make room for uv's cache and temporary files."
    if "Distribution not found at" in text:
        return (
            "A required folder or file is not there.",
            f"Check its path. Where it is relative, it starts at {requirements.root}.",
        )
    if "did not contain valid UTF-8" in text:
        return "A requirements file cannot be read.", "Save it as UTF-8."
    if any(words in text for words in _DAMAGED):
        return (
            "The file of a required package is damaged, or is not what its name says.",
            "Get the file anew from where it was made, or require another version.",
        )
    if "are unsatisfiable" in text or "are incompatible" in text:
        return (
            f"No set of versions satisfies the app's requirements on Python {PYTHON_VERSION}.",
            "Loosen or remove one of the requirements named there."
            + (_OWN if own_lock(requirements) else ""),
        )
    return (
        "The app's packages could not be resolved.",
        "Correct the requirement named there, then build again.",
    )
