"""The per-user cache: downloads and derived results, each checked whenever it is read.

Runs on CPython at build time. Nothing in it is precious: an entry that fails its check is
deleted and made again. Entries appear at once (temporary file, then os.replace), so builds
that run side by side, or are killed, never see half of one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_cache_dir

from tabcorn.errors import CacheError

ENVIRONMENT_VARIABLE = "TABCORN_CACHE_DIR"


_DAY = 24 * 60 * 60
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def sha256_of(path: Path) -> str:
    """Hash a file, in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Cache:
    """A folder of files that can all be made again; `Cache.default()` is the user's.

    Blobs are files known by their own sha256 (wheels, sdists). Entries are results derived
    from a key that the caller chooses (bytecode, a lock), stored with their checksum.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def default(cls) -> Cache:
        """Open the user's cache: TABCORN_CACHE_DIR, or the platform's own place."""
        chosen = os.environ.get(ENVIRONMENT_VARIABLE)
        return cls(Path(chosen).expanduser() if chosen else Path(user_cache_dir("tabcorn", False)))

    def blob(self, sha256: str, name: str) -> Path | None:
        """Find the file `name` with this hash; a damaged one is deleted and not found."""
        path = self._blob_path(sha256, name)
        with self._explained():
            if not path.is_file():
                return None
            if sha256_of(path) == sha256:
                return path
            path.unlink()
        return None

    def add_blob(self, source: Path, name: str) -> tuple[Path, str]:
        """Move `source` (from `workspace`) in under its own hash; return path and hash."""
        with self._explained():
            digest = sha256_of(source)
            path = self._blob_path(digest, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, path)
        return path, digest

    def entry(self, kind: str, key: str) -> bytes | None:
        """Read what was stored under (kind, key); a damaged entry is deleted and not found."""
        path = self._entry_path(kind, key)
        with self._explained():
            if not path.is_file():
                return None
            checksum, _, content = path.read_bytes().partition(b"\n")
            if checksum.decode("latin-1") == hashlib.sha256(content).hexdigest():
                return content
            path.unlink()
        return None

    def add_entry(self, kind: str, key: str, content: bytes) -> None:
        """Store a derived result. `kind` is a folder's name, `key` any text."""
        checksum = hashlib.sha256(content).hexdigest().encode("ascii")
        self.write(
            self._entry_path(kind, key), lambda file: file.write_bytes(checksum + b"\n" + content)
        )

    def write(self, path: Path, fill: Callable[[Path], object]) -> None:
        """Create the file `path` below the root in one step; `fill` gets a temporary path."""
        with self.workspace() as folder, self._explained():
            fill(folder / "file")
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / "file", path)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """Lend an empty folder on the cache's own disk; it is deleted afterwards."""
        with self._explained():
            self.root.mkdir(parents=True, exist_ok=True)
            self._remove_left_over()
            folder = tempfile.TemporaryDirectory(
                prefix="tmp-", dir=self.root, ignore_cleanup_errors=True
            )
        with folder as name:
            try:
                yield Path(name)
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                with self._explained():
                    raise

    def _remove_left_over(self) -> None:
        """Remove the workspaces of builds that were killed: no build takes a day."""
        for folder in self.root.glob("tmp-*"):
            with suppress(OSError):
                if folder.stat().st_mtime < time.time() - _DAY:
                    shutil.rmtree(folder)

    def _blob_path(self, sha256: str, name: str) -> Path:
        return self.root / "blobs" / sha256[:2] / sha256 / name

    def _entry_path(self, kind: str, key: str) -> Path:
        # Keys hold anything (versions, paths); their hash is a safe file name on every system.
        return self.root / kind / hashlib.sha256(key.encode()).hexdigest()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise CacheError(
                f"The cache folder {self.root} cannot be used: {reason}.\n"
                f"Make it writable and see that its disk has room, or set {ENVIRONMENT_VARIABLE} "
                "to another folder."
            ) from error
