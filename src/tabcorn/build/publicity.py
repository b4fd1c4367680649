"""What the user should hear of the app's files: a site is public, and somebody downloads it.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Iterator

from tabcorn.build.filerules import Reason, holds_secrets
from tabcorn.build.files import WARN_SIZE, unwritten_changes
from tabcorn.build.project import Project


def remarks_on(project: Project) -> Iterator[str]:
    """Give sentences about files that were left out, or were not."""
    folder = project.entry.app_dir
    size = sum(map(len, project.files.values()))
    if size > WARN_SIZE:
        yield (
            f"{folder} brings {size / 1e6:.0f} MB of files to every visitor. "
            "Leave out what the app does not need with --exclude."
        )
    if secret := [path for path, why in project.left_out.items() if why is Reason.SECRET]:
        yield (
            f"Left out, since a site is public and they may hold secrets: {_list(secret)}. "
            "What holds none comes along with --include and its name."
        )
    if public := [path for path, data in project.files.items() if holds_secrets(path, data)]:
        yield (
            f"{_list(public)} will be public, as --include says: every visitor can read what is in "
            "a site."
        )
    if changed := unwritten_changes(folder, project.left_out):
        yield (
            f"{_list(changed)} comes along without what was written last, which is in a file "
            "beside it. End the program that uses the database, and build again."
        )


def _list(paths: list[str], most: int = 8) -> str:
    shown = sorted(paths)[:most]
    return ", ".join(shown) + (f" and {len(paths) - most} more" if len(paths) > most else "")
