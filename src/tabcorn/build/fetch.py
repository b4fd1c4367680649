"""Download what was selected, into the cache, checking every hash.

Runs on CPython at build time. A file of the cache is never downloaded again; the user's
proxies, certificates and ~/.netrc count, as httpx reads them from the environment.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from tabcorn.build.cache import Cache
from tabcorn.build.progress import Progress, Step
from tabcorn.errors import DownloadError

PARALLEL = 6
PAUSES = (0.5, 2.0)
"""Seconds to wait before the second and the third attempt."""


@dataclass(frozen=True)
class Remote:
    """One file to have."""

    name: str
    """The file's name, as in `fastapi-1.0-py3-none-any.whl`."""
    url: str
    """http, https or file."""
    sha256: str | None
    """None when the index gives none: the file is then fetched each time."""
    size: int | None = None


@dataclass(frozen=True)
class Local:
    """A fetched file and its sha256."""

    path: Path
    sha256: str


def fetch(remotes: Sequence[Remote], cache: Cache, progress: Progress) -> list[Local]:
    """Have all files in the cache, in the order asked for. Raises DownloadError."""
    found = [_cached(remote, cache) for remote in remotes]
    missing = [remote for remote, local in zip(remotes, found, strict=True) if local is None]
    if missing:
        fresh = iter(_download_all(missing, cache, progress))
        found = [local or next(fresh) for local in found]
    return [local for local in found if local]


def _cached(remote: Remote, cache: Cache) -> Local | None:
    path = cache.blob(remote.sha256, remote.name) if remote.sha256 else None
    return Local(path, remote.sha256) if path and remote.sha256 else None


def _download_all(remotes: list[Remote], cache: Cache, progress: Progress) -> list[Local]:
    sizes = [remote.size for remote in remotes]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    plural = "" if len(remotes) == 1 else "s"
    with (
        progress.step(f"Download {len(remotes)} package{plural}", total) as step,
        httpx.Client(follow_redirects=True, timeout=60) as client,
        ThreadPoolExecutor(PARALLEL) as pool,
    ):
        tasks = [pool.submit(_have, remote, client, cache, step) for remote in remotes]
        try:
            return [task.result() for task in tasks]
        finally:
            # After a failure nothing that has not begun should delay the message.
            pool.shutdown(wait=False, cancel_futures=True)


def _have(remote: Remote, client: httpx.Client, cache: Cache, step: Step) -> Local:
    with cache.workspace() as folder:
        target = folder / "file"
        if urlsplit(remote.url).scheme == "file":
            sha256 = _copy(remote, target)
        else:
            sha256 = _download(remote, client, target, step)
        if remote.sha256 and sha256 != remote.sha256:
            raise DownloadError(
                f"{remote.name} is not the file that the lock names: its sha256 is {sha256}, and "
                f"{remote.sha256} was expected.\nIt came from {remote.url}: a proxy or mirror "
                "may have changed it. Do not use it; try again or from another network."
            )
        return Local(*cache.add_blob(target, remote.name))


def _copy(remote: Remote, target: Path) -> str:
    path = Path(url2pathname(urlsplit(remote.url).path))
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise DownloadError(
            f"{path} cannot be read: {error.strerror}.\nThe requirements ask for this local file."
        ) from error
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(remote: Remote, client: httpx.Client, target: Path, step: Step) -> str:
    """Download with up to three attempts; return the sha256."""
    for pause in (*PAUSES, None):
        taken = _Taken()
        try:
            _stream(remote, client, target, step, taken)
        except httpx.HTTPError as error:
            step.advance(-taken.size)
            if pause is None or not _may_pass(error):
                raise DownloadError(_failure(remote, error)) from error
            time.sleep(pause)
        else:
            break
    return taken.hash.hexdigest()


class _Taken:
    """What one attempt has received so far."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.size = 0


def _stream(remote: Remote, client: httpx.Client, target: Path, step: Step, taken: _Taken) -> None:
    with client.stream("GET", remote.url) as response, target.open("wb") as file:
        response.raise_for_status()
        for chunk in response.iter_bytes(1 << 16):
            file.write(chunk)
            taken.hash.update(chunk)
            taken.size += len(chunk)
            step.advance(len(chunk))


def _may_pass(error: httpx.HTTPError) -> bool:
    """Tell whether another attempt is worth it: lost connections, busy and failing servers."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (408, 425, 429) or error.response.is_server_error
    return isinstance(error, httpx.TransportError)


def _failure(remote: Remote, error: httpx.HTTPError) -> str:
    host = urlsplit(remote.url).hostname
    if isinstance(error, httpx.HTTPStatusError):
        status = f"{error.response.status_code} {error.response.reason_phrase}".strip()
        return (
            f"{remote.name} could not be downloaded: {host} answered {status}.\n"
            "The lock names this file. If the index asks for a login, put it into ~/.netrc; "
            "if the file is gone, lock again."
        )
    return (
        f"{remote.name} could not be downloaded from {host}: {error or type(error).__name__}.\n"
        "Check the network, or the proxy in HTTPS_PROXY. What was downloaded before is kept in "
        "the cache and needs no network."
    )
