"""Download what was selected, into the cache, checking every hash.

Runs on CPython at build time. A file of the cache is never downloaded again; the user's
proxies, certificates and ~/.netrc count, as httpx reads them from the environment.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from tabcorn.build.cache import Cache, sha256_of
from tabcorn.build.logins import without_login
from tabcorn.build.network import VARIABLE, is_offline
from tabcorn.build.progress import Progress, Step
from tabcorn.build.transfer import Transfer, make_client, stall_seconds
from tabcorn.errors import DownloadError, UnreachableError

PARALLEL = 6


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
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password; without it ~/.netrc and the URL itself are looked at."""
    remedy: str = ""
    """What to do when it cannot be had; empty: what helps with a package index."""


@dataclass(frozen=True)
class Local:
    """A fetched file and its sha256."""

    path: Path
    sha256: str


def fetch(
    remotes: Sequence[Remote], cache: Cache, progress: Progress, attempts: int = 3
) -> list[Local]:
    """Have all files in the cache, in the order asked for. Raises DownloadError."""
    found = [_cached(remote, cache) for remote in remotes]
    missing = [remote for remote, local in zip(remotes, found, strict=True) if local is None]
    if missing:
        fresh = iter(_download_all(missing, cache, progress, attempts))
        found = [local or next(fresh) for local in found]
    return [local for local in found if local]


def _cached(remote: Remote, cache: Cache) -> Local | None:
    path = cache.blob(remote.sha256, remote.name) if remote.sha256 else None
    return Local(path, remote.sha256) if path and remote.sha256 else None


def _download_all(
    remotes: list[Remote], cache: Cache, progress: Progress, attempts: int
) -> list[Local]:
    _require_online(remotes)
    sizes = [remote.size for remote in remotes]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    plural = "" if len(remotes) == 1 else "s"
    with (
        progress.step(f"Download {len(remotes)} package{plural}", total) as step,
        make_client() as client,
        ThreadPoolExecutor(PARALLEL) as pool,
    ):
        downloads = _Downloads(client, cache, step, attempts)
        try:
            return list(pool.map(downloads.have, remotes))
        finally:
            # After a failure (or Ctrl-C) the rest should not delay the message.
            downloads.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _require_online(remotes: list[Remote]) -> None:
    far = [remote.name for remote in remotes if urlsplit(remote.url).scheme != "file"]
    if far and is_offline():
        some = f"{far[0]} is" if len(far) == 1 else f"{far[0]} and {len(far) - 1} others are"
        raise UnreachableError(
            f"{some} not in the cache, and --offline (or {VARIABLE}) forbids to download.\n"
            "Build once with network: what was downloaded is kept."
        )


class _Downloads:
    """The downloads of one build, run by several threads."""

    def __init__(self, client: httpx.Client, cache: Cache, step: Step, attempts: int) -> None:
        self._client = client
        self._cache = cache
        self._step = step
        self._attempts = attempts
        self.stopped = threading.Event()

    def have(self, remote: Remote) -> Local:
        """Bring one file into the cache, whole and right."""
        with self._cache.workspace() as folder:
            target = folder / "file"
            if urlsplit(remote.url).scheme == "file":
                _copy(remote, target)
            else:
                self._download(remote, target)
            _check(remote, target)
            return Local(*self._cache.add_blob(target, remote.name))

    def _download(self, remote: Remote, target: Path) -> None:
        transfer = Transfer(self._client, remote.url, remote.login, target, self._step)
        try:
            transfer.run(self.stopped, self._attempts)
        except httpx.HTTPStatusError as error:
            raise UnreachableError(
                _refused(remote, error.response), error.response.status_code
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableError(_failure(remote, error, transfer.lost)) from error


def _copy(remote: Remote, target: Path) -> None:
    path = Path(url2pathname(urlsplit(remote.url).path))
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        remedy = remote.remedy or "The requirements ask for this local file."
        missing = 404 if isinstance(error, FileNotFoundError) else None
        raise UnreachableError(
            f"{path} cannot be read: {error.strerror}.\n{remedy}", missing
        ) from error


def _check(remote: Remote, target: Path) -> None:
    """Raise DownloadError for a file that is not the one that was asked for."""
    sha256, size = sha256_of(target), target.stat().st_size
    if remote.sha256 in (None, sha256):
        return
    wrong = f"its sha256 is {sha256}, and {remote.sha256} was expected"
    if remote.size not in (None, size):
        wrong = f"it has {size} bytes, and {remote.size} were expected"
    raise DownloadError(
        f"{remote.name} is not the file that the lock names: {wrong}.\n"
        f"It came from {without_login(remote.url)}: a proxy or a mirror may have changed it. "
        "It was not kept; try again, or from another network."
    )


def _refused(remote: Remote, response: httpx.Response) -> str:
    status = f"{response.status_code} {response.reason_phrase}".strip()
    remedy = remote.remedy or (
        "The lock names this file. If the index asks for a login, put it into ~/.netrc; "
        "if the file is gone, lock again."
    )
    host = urlsplit(remote.url).hostname
    return f"{remote.name} could not be downloaded: {host} answered {status}.\n{remedy}"


def _failure(remote: Remote, error: Exception, lost: str) -> str:
    host = urlsplit(remote.url).hostname
    why = f"{error or type(error).__name__}".rstrip(".")
    if isinstance(error, httpx.ReadTimeout):
        why = f"nothing came for {stall_seconds():g} seconds"
    remedy = remote.remedy or "Check the network, or the proxy in HTTPS_PROXY."
    return (
        f"{remote.name} could not be downloaded from {host}: {why}{lost}.\n{remedy} "
        "What was downloaded before is kept in the cache and needs no network."
    )
