"""Puts a site into a folder: completely or not at all, and touching only what tabcorn wrote.

Runs on CPython at build time. A new folder appears by one rename. In a folder that is ours
already, the new build's files come first, then the entry documents change over one by one, then
the old build goes: whenever it stops, what the entry documents lead to is whole, and the marker
says what was under way. One build at a time writes below a folder; others wait.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tabcorn.build.alone import alone_in
from tabcorn.build.site import MARKER, Site, canonical_json
from tabcorn.errors import OutputError

_BUILD_ID = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True)
class Marker:
    """What the last build said about itself in `_tabcorn/site.json`."""

    build: str
    entries: Mapping[str, str]
    coming: "Marker | None" = None
    """The build that was being put in its place when it was stopped."""


def read_marker(folder: Path) -> Marker | None:
    """Read the marker of a site that we wrote; None when the folder holds no such thing."""
    try:
        found = json.loads((folder / MARKER).read_bytes())
        coming = found.get("coming")
        return _marker(found, _marker(coming) if coming else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _marker(found: Mapping[str, Any], coming: Marker | None = None) -> Marker:
    if not _BUILD_ID.fullmatch(str(found["build"])):
        raise ValueError
    return Marker(found["build"], dict(found.get("entries", {})), coming)


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
    try:
        folder.resolve().parent.mkdir(parents=True, exist_ok=True)
        with alone_in(folder.resolve().parent) as alone:
            marker = check_output(folder)  # another build may have been faster
            if alone:
                _remove_left_over(folder.resolve())
            if marker is None:
                _create(site, folder.resolve())
            else:
                _update(site, folder, marker)
    except OSError as error:
        raise OutputError(
            f"The site could not be written to {folder}: {error}.\n"
            "What was there before is unchanged. See that the disk has room and the folder can be "
            "written, or choose another with -o."
        ) from error


def _check_writable(folder: Path) -> None:
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    if not existing.is_dir():
        raise OutputError(
            f"{folder} cannot be made, since {existing} is a file. Choose another folder with -o."
        )
    try:
        probe = existing / f".{folder.name}.{secrets.token_hex(4)}.probe"
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror} in {existing}. "
            "Choose another folder with -o."
        ) from error


def _check_entries(folder: Path, marker: Marker) -> None:
    coming = marker.coming.entries if marker.coming else {}
    for path, digest in marker.entries.items():
        file = folder / path
        ours = (digest, coming.get(path))
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() not in ours:
            raise OutputError(
                f"{file} was changed since tabcorn wrote it, and a new build would overwrite it. "
                "Move it away or delete it, or choose another folder with -o."
            )


def _create(site: Site, folder: Path) -> None:
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
        _write(staging / "under-way", {MARKER: _under_way(site, old)})
        before = [path for path in (*old.entries, MARKER) if (folder / path).is_file()]
        _write(staging / "before", {path: (folder / path).read_bytes() for path in before})
        _move(staging / "under-way", folder, [MARKER])
        try:
            # The manifest is first, since whoever removes the build goes by it.
            _move(staging / "build", build, sorted(site.build_files(), key=_manifest_first))
            _move(staging / "entries", folder, site.entries())
        except BaseException:
            _move(staging / "before", folder, before)  # which takes no room on the disk
            if old.build != site.build:
                _remove_build(build)
            raise
    coming = {old.coming.build} if old.coming else set()
    for gone in ({old.build} | coming) - {site.build}:
        _remove_build(folder / "_tabcorn" / gone)


def _under_way(site: Site, old: Marker) -> bytes:
    """Make the marker for as long as the entry documents may be of either build."""
    coming = json.loads(site.entries()[MARKER])
    return canonical_json(
        {
            **coming,
            "build": old.build,
            "entries": dict(old.entries),
            "coming": {"build": coming["build"], "entries": coming["entries"]},
        }
    )


def _manifest_first(path: str) -> tuple[bool, str]:
    return path != "manifest.json", path


def _remove_left_over(folder: Path) -> None:
    """Remove what a build was writing when it was killed; no other is at work now."""
    places = ((folder.parent, f".{folder.name}."), (folder / "_tabcorn", ".new."))
    for place, prefix in places:
        name = re.compile(re.escape(prefix) + "[0-9a-f]{8}")
        for each in place.iterdir() if place.is_dir() else ():
            if name.fullmatch(each.name) and not each.is_symlink():
                shutil.rmtree(each, ignore_errors=True)


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


def _move(source: Path, target: Path, paths: Iterable[str]) -> None:
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


def _manifest_paths(manifest: object) -> list[str]:
    paths = [PurePosixPath(path) for path in _described(manifest)]
    return [str(path) for path in paths if not path.is_absolute() and ".." not in path.parts]


def _described(value: object) -> Iterator[str]:
    """Find what describes a file, wherever it is: manifests have had several forms."""
    if isinstance(value, dict):
        if "path" in value and "sha256" in value:
            yield value["path"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _described(each)
