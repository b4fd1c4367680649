"""Every error that tabcorn raises on purpose, in one tree.

    TabcornError            exit code 1: printed as one message, never with a traceback
    ├── UsageError          exit code 2: the command line itself is wrong
    └── BuildError          no site could be made
        ├── ResolveError    uv found no set of packages that satisfies the requirements
        ├── UnavailableError   a package exists and has nothing that Pyodide can run
        ├── PureBuildError  a source distribution could not be built without a compiler
        ├── DownloadError   a file could not be fetched, or was not the file it should be
        ├── WheelError      a wheel is damaged, or names paths outside of itself
        ├── CacheError      the cache folder cannot be used
        └── NodeError       no usable node or npm

A message says what happened, why, and what to do instead. It is all that the user sees.
"""

from __future__ import annotations


class TabcornError(Exception):
    """Base of all errors that are the user's to read; `exit_code` is the process's."""

    exit_code = 1


class UsageError(TabcornError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class BuildError(TabcornError):
    """The site could not be built; nothing was written."""


class ResolveError(BuildError):
    """uv could not turn the requirements into a set of packages."""


class UnavailableError(BuildError):
    """Required packages have no file that Pyodide can run."""


class PureBuildError(BuildError):
    """A source distribution could not be built into a pure wheel."""


class DownloadError(BuildError):
    """A file could not be fetched, or its hash is not the expected one."""


class WheelError(BuildError):
    """A wheel is damaged or unsafe to unpack."""


class CacheError(BuildError):
    """The per-user cache cannot be read or written."""


class NodeError(BuildError):
    """Node or npm is missing, too old or broken."""
