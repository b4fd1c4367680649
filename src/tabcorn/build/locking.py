"""Make a lock, and build by one: as it says, or not at all.

Runs on CPython at build time. A lock appears by one rename, when all that it names was fetched,
checked and built; until then the one before it stays as it was.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.pylock import PackageDirectory
from packaging.utils import canonicalize_name

from tabcorn.build import lockfile
from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, provide
from tabcorn.build.drift import require_match
from tabcorn.build.inputs import Inputs, inputs_of
from tabcorn.build.lockfile import Lock, lock_of, to_text
from tabcorn.build.plan import Plan, make_plan
from tabcorn.build.preferences import Preferences, Upgrade
from tabcorn.build.progress import Progress
from tabcorn.build.requirements import Requirements
from tabcorn.errors import LockError


@dataclass(frozen=True)
class Locked:
    """What became of locking; `changes` are lines such as 'updated idna 3.6 -> 3.7'."""

    path: Path
    lock: Lock
    closure: Closure
    changes: tuple[str, ...]


def lock_path(requirements: Requirements) -> Path:
    """Say where the lock of these requirements is: beside what declares them.

    Scripts of one folder have different requirements, so each has a lock of its own.
    """
    if not (script := requirements.script):
        return requirements.root / lockfile.NAME
    place = script.resolve().relative_to(requirements.root.resolve()).with_suffix("")
    # PEP 751 allows no dot in the name, and a lock for all lies at the root.
    own = re.sub(r"[./\\]", "-", str(place))
    return requirements.root / f"pylock.tabcorn-{own}.toml"


def read_lock(path: Path) -> Lock | None:
    """Read a lock, or give None when there is none. Raises LockError."""
    try:
        return lockfile.from_text(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(
            f"{path} cannot be read: {error}. Make it readable, or delete it."
        ) from error


def make_lock(
    requirements: Requirements, upgrade: Upgrade, cache: Cache, progress: Progress
) -> Locked:
    """Write the lock, with the versions of the present one as far as they are still right.

    Raises BuildError, and then has written nothing.
    """
    path = lock_path(requirements)
    _require_writable(path)
    old = read_lock(path)
    versions = old.versions if old else {}
    plan = make_plan(requirements, cache, progress, Preferences(versions, upgrade))
    _require_known(upgrade, plan, versions)
    closure = provide(plan, requirements, cache, progress)
    lock = lock_of(plan, closure, _inputs(requirements, plan), _excluded(requirements))
    _replace(path, to_text(lock))
    changes = _changes(versions, lock.versions) if old else ()
    return Locked(path, lock, closure, tuple(changes))


def closure_by(lock: Lock, requirements: Requirements, cache: Cache, progress: Progress) -> Closure:
    """Provide what a lock names; nothing is resolved. Raises BuildError when it does not match."""
    inputs = _inputs(requirements, lock.plan)
    require_match(lock, inputs, _excluded(requirements), lock_path(requirements))
    closure = provide(lock.plan, requirements, cache, progress)
    return replace(closure, notes=(*closure.notes, *_other_builds(lock, closure)))


def _other_builds(lock: Lock, closure: Closure) -> Iterator[str]:
    """The tools that build a package are not locked: say when they made something else."""
    for package in closure.packages:
        if lock.built.get(package.name, package.sha256) != package.sha256:
            yield (
                f"{package.name} {package.version} was built anew, by other tools than when it was "
                "locked, and its bytes differ: so does the site."
            )


def _inputs(requirements: Requirements, plan: Plan) -> Inputs:
    sources = [choice.source for choice in plan.choices]
    folders = [each.path for each in sources if isinstance(each, PackageDirectory)]
    return inputs_of(requirements, folders)


def _excluded(requirements: Requirements) -> frozenset[str]:
    return frozenset(str(canonicalize_name(name)) for name in requirements.exclude)


def _require_known(upgrade: Upgrade, plan: Plan, versions: dict[str, str]) -> None:
    names = {choice.name for choice in plan.choices} | {each.name for each in plan.left_out}
    if unknown := sorted(upgrade.names() - names - versions.keys()):
        raise LockError(
            f"--upgrade-package {unknown[0]}: the app requires no such package. "
            "Check how its name is spelled."
        )


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield f"added {name} {new[name]}"
        elif name not in new:
            yield f"removed {name} {old[name]}"
        elif old[name] != new[name]:
            yield f"updated {name} {old[name]} -> {new[name]}"


def _require_writable(path: Path) -> None:
    """Find out before the long part that the lock could not be written."""
    if path.is_dir():
        raise LockError(f"{path} cannot be written: a folder is there. Move it away.")
    with _explained(path):
        probe = _temporary(path)
        probe.touch(exist_ok=False)
        probe.unlink()


def _replace(path: Path, text: str) -> None:
    target = path.resolve()  # a link stays one
    temporary = _temporary(target)
    with _explained(path):
        try:
            temporary.write_bytes(text.encode())
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LockError(
            f"{path} cannot be written: {error.strerror}.\nThe lock belongs beside what declares "
            "the requirements: make that folder writable, and see that its disk has room."
        ) from error
