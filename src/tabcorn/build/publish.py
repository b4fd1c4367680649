"""Puts a site into a folder: completely or not at all, and touching only what tabcorn wrote.

Runs on CPython at build time. A new folder appears by one rename. In a folder that is ours
already, the new build's files come first, then the entry documents change over one by one, then
the old build goes: whenever it stops, what the entry documents lead to is whole.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tabcorn.build.site import MARKER, Site
from tabcorn.errors import OutputError

_BUILD_ID = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True)
class Marker:
    """What the last build said about itself in `_tabcorn/site.json`."""

    build: str
    entries: Mapping[str, str]


def read_marker(folder: Path) -> Marker | None:
    """Read the marker of a site that we wrote; None when the folder holds no such thing."""
    try:
        found = json.loads((folder / MARKER).read_bytes())
        build, entries = found["build"], dict(found.get("entries", {}))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Marker(build, entries) if _BUILD_ID.fullmatch(str(build)) else None


def check_output(folder: Path) -> Marker | None:
    """Raise OutputError unless a site may be written to `folder`; give the marker of an old one.

    Called before the long part of a build too, so that nobody waits for a refusal.
    """
    _check_writable(folder)
    if not folder.exists() or not any(folder.iterdir()):
        return None
    marker = read_marker(folder)
    if marker is None:
        raise OutputError(
            f"{folder} is not empty and holds no site that tabcorn wrote, so it is left alone. "
            "Choose another folder with -o, or empty this one yourself."
        )
    _check_entries(folder, marker)
    return marker


def publish(site: Site, folder: Path) -> None:
    """Write the site to `folder`, which may be missing, empty, or hold an older build."""
    marker = check_output(folder)
    try:
        if marker is None:
            _create(site, folder.resolve())
        else:
            _update(site, folder, marker)
    except OSError as error:
        raise OutputError(f"The site could not be written to {folder}: {error}.") from error


def _check_writable(folder: Path) -> None:
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    if not existing.is_dir():
        raise OutputError(
            f"{folder} cannot be made, since {existing} is a file. Choose another folder with -o."
        )
    if not os.access(existing, os.W_OK):
        raise OutputError(
            f"{folder} cannot be written: no permission to write in {existing}. "
            "Choose another folder with -o."
        )


def _check_entries(folder: Path, marker: Marker) -> None:
    for path, digest in marker.entries.items():
        file = folder / path
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise OutputError(
                f"{file} was changed since tabcorn wrote it, and a new build would overwrite it. "
                "Move it away or delete it, or choose another folder with -o."
            )


def _create(site: Site, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _staging(folder.parent, f".{folder.name}.") as staging:
        _write(staging / "_tabcorn" / site.build, site.build_files())
        _write(staging, site.entries())
        if folder.exists():
            folder.rmdir()  # it is empty; Windows does not rename over a folder
        staging.rename(folder)


def _update(site: Site, folder: Path, old: Marker) -> None:
    build = folder / "_tabcorn" / site.build
    with _staging(folder / "_tabcorn", ".new.") as staging:
        _write(staging / "build", site.build_files())
        _write(staging / "entries", site.entries())
        _move(staging / "build", build, site.build_files())
        _move(staging / "entries", folder, site.entries())
    if old.build != site.build:
        _remove_build(folder / "_tabcorn" / old.build)


@contextmanager
def _staging(parent: Path, prefix: str) -> Iterator[Path]:
    # Not tempfile.mkdtemp: its folders are readable by their owner alone, a site is for a server.
    staging = parent / f"{prefix}{secrets.token_hex(4)}"
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _move(source: Path, target: Path, paths: Mapping[str, bytes]) -> None:
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(source / path, target / path)


def _remove_build(build: Path) -> None:
    """Remove the files that an old build's manifest names, and folders left empty by that."""
    try:
        manifest = json.loads((build / "manifest.json").read_bytes())
        paths = [*_manifest_paths(manifest), "manifest.json"]
    except (OSError, ValueError, KeyError, TypeError):
        return  # without the list it cannot be told whose files these are
    for path in paths:
        with suppress(OSError):
            (build / path).unlink()
    for folder in sorted((build, *build.rglob("*")), reverse=True):
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()


def _manifest_paths(manifest: dict[str, Any]) -> list[str]:
    interpreter = manifest["interpreter"].values()
    assets = (*interpreter, *(mount["asset"] for mount in manifest["mounts"]))
    parts = (part for asset in assets for part in asset["parts"])
    paths = [PurePosixPath(entry["path"]) for entry in (*manifest["files"], *parts)]
    return [str(path) for path in paths if not path.is_absolute() and ".." not in path.parts]
