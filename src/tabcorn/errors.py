"""Every error that tabcorn raises on purpose, in one tree.

    TabcornError            exit code 1: printed as one message, never with a traceback
    ├── UsageError          exit code 2: the command line itself is wrong
    ├── ServeError          the development server cannot start
    └── BuildError          no site could be made
        ├── ResolveError    uv found no set of packages that satisfies the requirements
        │   └── ConflictError  they exclude each other, or something that does not exist is required
        ├── LockError       pylock.tabcorn.toml is damaged, does not match, or cannot be written
        ├── UnavailableError   a package exists and has nothing that Pyodide can run
        ├── PureBuildError  a source distribution could not be built without a compiler
        ├── DownloadError   a file could not be fetched, or was not the file it should be
        │   └── UnreachableError  nothing came, or not all of it
        ├── WheelError      a wheel is damaged, or names paths outside of itself
        ├── CacheError      the cache folder cannot be used
        ├── NodeError       no usable node or npm
        ├── TargetError     the app that was named is not there, or cannot be compiled
        ├── FilesError      the app's files cannot be taken along
        ├── OutputError     the site's folder is not ours to write, or cannot be written
        └── RehearsalError  the app did not run when the build tried it

A message says what happened, why, and what to do instead. It is all that the user sees.
"""

from __future__ import annotations


class TabcornError(Exception):
    """Base of all errors that are the user's to read; `exit_code` is the process's."""

    exit_code = 1


class UsageError(TabcornError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class ServeError(TabcornError):
    """The address is taken or may not be used."""


class BuildError(TabcornError):
    """The site could not be built; nothing was written."""


class ResolveError(BuildError):
    """uv could not turn the requirements into a set of packages."""


class ConflictError(ResolveError):
    """No versions satisfy the requirements; `explanation` has uv's own words for it."""

    def __init__(self, message: str, explanation: str) -> None:
        super().__init__(message)
        self.explanation = explanation


class LockError(BuildError):
    """The lock is damaged, is not the lock of this app any more, or cannot be written."""


class UnavailableError(BuildError):
    """Required packages have no file that Pyodide can run.

    `packages` has each one's name and the lines that explain it.
    """

    def __init__(self, message: str, packages: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.packages = packages


class PureBuildError(BuildError):
    """A source distribution could not be built into a pure wheel."""


class DownloadError(BuildError):
    """A file could not be fetched, or its hash is not the expected one."""


class UnreachableError(DownloadError):
    """A file is not to be had now: no network, no such file, or a connection that breaks off.

    `status` is that of the HTTP answer, None when there was none.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class WheelError(BuildError):
    """A wheel is damaged or unsafe to unpack."""


class CacheError(BuildError):
    """The per-user cache cannot be read or written."""


class NodeError(BuildError):
    """Node or npm is missing, too old or broken."""


class TargetError(BuildError):
    """The module, file or attribute is missing, or its source has a syntax error."""


class FilesError(BuildError):
    """A file of the app's folder is in the way: a symbolic link out of it, an unreadable file."""


class OutputError(BuildError):
    """The output folder holds what tabcorn did not write, or cannot be written."""


class RehearsalError(BuildError):
    """The app failed in Pyodide; the message ends with its own traceback."""
