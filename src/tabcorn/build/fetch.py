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
from tabcorn.build.network import VARIABLE, is_offline
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
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password; without it ~/.netrc and the URL itself are looked at."""


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
    _require_online(remotes)
    sizes = [remote.size for remote in remotes]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    plural = "" if len(remotes) == 1 else "s"
    with (
        progress.step(f"Download {len(remotes)} package{plural}", total) as step,
        httpx.Client(follow_redirects=True, timeout=60) as client,
        ThreadPoolExecutor(PARALLEL) as pool,
    ):
        downloads = _Downloads(client, cache, step)
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
        raise DownloadError(
            f"{some} not in the cache, and --offline (or {VARIABLE}) forbids to download.\n"
            "Build once with network: what was downloaded is kept."
        )


class _Stopped(Exception):
    """Another download failed; nobody waits for this one."""


class _Downloads:
    """The downloads of one build, run by several threads."""

    def __init__(self, client: httpx.Client, cache: Cache, step: Step) -> None:
        self._client = client
        self._cache = cache
        self._step = step
        self.stopped = threading.Event()

    def have(self, remote: Remote) -> Local:
        """Bring one file into the cache."""
        with self._cache.workspace() as folder:
            target = folder / "file"
            if urlsplit(remote.url).scheme == "file":
                _copy(remote, target)
            else:
                self._download(remote, target)
            sha256 = sha256_of(target)
            if remote.sha256 and sha256 != remote.sha256:
                raise DownloadError(_wrong_hash(remote, sha256))
            return Local(*self._cache.add_blob(target, remote.name))

    def _download(self, remote: Remote, target: Path) -> None:
        """Download with up to three attempts."""
        for pause in (*PAUSES, None):
            try:
                self._stream(remote, target)
                break
            except httpx.HTTPError as error:
                if pause is None or not _may_pass(error):
                    raise DownloadError(_failure(remote, error)) from error
                self.stopped.wait(pause)

    def _stream(self, remote: Remote, target: Path) -> None:
        taken = 0
        try:
            auth = remote.login or httpx.USE_CLIENT_DEFAULT
            request = self._client.stream("GET", remote.url, auth=auth)
            with request as response, target.open("wb") as file:
                response.raise_for_status()
                for chunk in response.iter_bytes(1 << 16):
                    if self.stopped.is_set():
                        raise _Stopped
                    file.write(chunk)
                    taken += len(chunk)
                    self._step.advance(len(chunk))
        except httpx.HTTPError:
            self._step.advance(-taken)
            raise


def _copy(remote: Remote, target: Path) -> None:
    path = Path(url2pathname(urlsplit(remote.url).path))
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise DownloadError(
            f"{path} cannot be read: {error.strerror}.\nThe requirements ask for this local file."
        ) from error


def _wrong_hash(remote: Remote, sha256: str) -> str:
    return (
        f"{remote.name} is not the file that the lock names: its sha256 is {sha256}, and "
        f"{remote.sha256} was expected.\nIt came from {remote.url}: a proxy or a mirror may have "
        "changed it. It was not kept; try again, or from another network."
    )


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
