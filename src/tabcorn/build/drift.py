"""Whether a lock is still the lock of an app: if not, the message that says what changed.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from tabcorn.build.inputs import Inputs
from tabcorn.build.lockfile import Lock
from tabcorn.build.target import PYODIDE_VERSION
from tabcorn.errors import LockError


def require_match(lock: Lock, inputs: Inputs, exclude: Collection[str], path: Path) -> None:
    """Raise LockError when the app is no longer what the lock was made for."""
    if changes := list(_changes(lock, inputs, exclude)):
        raise LockError(
            f"{path} does not match the app any more:\n"
            + "\n".join(f"  {change}" for change in changes)
            + "\nIf that is meant, run `tabcorn lock` with the same options as this build: it "
            "keeps the versions that are still right, and --upgrade moves all of them."
        )


def _changes(lock: Lock, inputs: Inputs, exclude: Collection[str]) -> Iterator[str]:
    if lock.pyodide != PYODIDE_VERSION:
        yield (
            f"Pyodide: the lock is for {lock.pyodide}, and this version of tabcorn has "
            f"{PYODIDE_VERSION}"
        )
    yield from _difference("--exclude-package", lock.exclude, exclude)
    for source in sorted({*lock.inputs, *inputs}):
        if source not in inputs:
            yield f"{source}: the lock was made from it, and this build does not use it"
        elif source not in lock.inputs:
            yield f"{source}: the lock was not made from it"
        else:
            yield from _difference(source, lock.inputs[source], inputs[source])


def _difference(source: str, old: Collection[str], new: Collection[str]) -> Iterator[str]:
    added, gone = sorted({*new} - {*old}), sorted({*old} - {*new})
    if any("sha256:" in line and "--hash" not in line for line in (*added, *gone)):
        yield f"{source} has changed"
        return
    words = [f"{line} is new" for line in added] + [f"{line} is gone" for line in gone]
    if words:
        yield f"{source}: {', '.join(words)}"
