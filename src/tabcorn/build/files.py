"""The files of the app's folder: what rides along, read, and what is left out and why.

Runs on CPython at build time; filerules.py decides. Links are followed where they stay inside of
the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tabcorn.build.filerules import BESIDE_DATABASES, FileRules, Reason
from tabcorn.errors import FilesError

WARN_SIZE = 50_000_000
MAX_SIZE = 1_000_000_000


@dataclass
class Collected:
    """Paths are relative to the app's folder, with '/' between their parts."""

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    left_out: dict[str, Reason] = field(default_factory=dict)
    """Folders, of which nothing is taken, end in '/'."""


def collect_files(root: Path, rules: FileRules) -> Collected:
    """Read what rides along, sorted.

    Raises FilesError for a link out of the folder, what cannot be read, and far too much.
    """
    found, total = Collected(), 0
    for path in sorted(_walk(root.resolve(), rules, found.left_out)):
        data = _read(root / path)
        if reason := rules.keeps_out(path, data):
            found.left_out[path] = reason
            continue
        found.files[path] = data
        total += len(data)
        if total > MAX_SIZE:
            raise _too_much(root)
    return found


def unwritten_changes(root: Path, left_out: Mapping[str, Reason]) -> list[str]:
    """List the databases that come along without what was written to them last."""
    logs = [path for path, reason in left_out.items() if reason is Reason.DATABASE]
    logs = [path for path in logs if not path.endswith("-shm") and (root / path).stat().st_size]
    return sorted({path.rpartition("-")[0] for path in logs})


def _too_much(root: Path) -> FilesError:
    return FilesError(
        f"{root} holds more than {MAX_SIZE // 1_000_000} MB of files, too much for a browser tab. "
        "Leave folders out with --exclude, or name the app's own folder with --app-dir."
    )


def _walk(root: Path, rules: FileRules, left_out: dict[str, Reason]) -> Iterator[str]:
    # Links to folders are followed, so a link to a folder above must not lead round in circles.
    for current, folders, names in os.walk(root, followlinks=True, onerror=_unreadable):
        here = Path(current)
        folders[:] = [each for each in folders if _enters(root, here / each, rules, left_out)]
        for name in names:
            path = (here / name).relative_to(root).as_posix()
            reason = rules.reason(path) or _link_reason(root, here / name, rules)
            if reason is None and _is_beside_a_database(name, names) and not rules.names(path):
                reason = Reason.DATABASE
            if reason:
                left_out[_whole(path, reason, rules)] = reason
            elif (here / name).is_file():  # not a socket, a pipe or a device
                yield path


def _whole(path: str, reason: Reason, rules: FileRules) -> str:
    """Name the folder instead, if all of it is left out for this reason."""
    folders = reversed(PurePosixPath(path).parents[:-1])
    whole = (f"{folder}/" for folder in folders if rules.reason(f"{folder}/") is reason)
    return next(whole, path)


def _is_beside_a_database(name: str, names: list[str]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in names for end in BESIDE_DATABASES)


def _enters(root: Path, folder: Path, rules: FileRules, left_out: dict[str, Reason]) -> bool:
    path = folder.relative_to(root).as_posix()
    if reason := rules.skips(path, folder) or _link_reason(root, folder, rules):
        left_out[f"{path}/"] = reason
        return False
    if folder.is_symlink():
        above = (parent.resolve() for parent in folder.parents if parent.is_relative_to(root))
        return folder.resolve() not in above
    return True


def _link_reason(root: Path, link: Path, rules: FileRules) -> Reason | None:
    """See that a link leads to something of the folder, and to nothing that is kept out of it."""
    if not link.is_symlink():
        return None
    target = Path(os.path.realpath(link))
    if target.is_relative_to(root) and target.exists():
        end = "/" if target.is_dir() else ""
        return rules.hides(f"{target.relative_to(root).as_posix()}{end}")
    place = f"outside of {root}" if target.exists() else "where nothing is"
    raise FilesError(
        f"{link} is a symbolic link to {target}, {place}. Copy the file in, or leave the link "
        f"out with --exclude '{link.relative_to(root).as_posix()}'."
    )


def _unreadable(error: OSError) -> None:
    raise FilesError(
        f"The folder {error.filename} cannot be read: {error.strerror}. Make it readable, or leave "
        "it out with --exclude."
    ) from error


def _read(file: Path) -> bytes:
    try:
        str(file).encode()
        return file.read_bytes()
    except (OSError, UnicodeEncodeError) as error:
        raise FilesError(
            f"{str(file)!r} cannot be taken along: {error}. Leave it out with --exclude."
        ) from error
