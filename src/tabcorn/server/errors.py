"""Why the server did not start: one tree, one class per stage.

StartError
├── AppImportError      stage "import": no such module or attribute, or its code raised
├── InterfaceError      stage "interface": what was imported is not an app we can serve
└── LifespanError       stage "lifespan": the app refused to start, or raised
"""

import os
import traceback
from typing import ClassVar

_OUR_FOLDER = os.path.dirname(__file__) + os.sep


class StartError(Exception):
    """The app cannot be served; `traceback` holds the app's own part of it, or nothing."""

    stage: ClassVar[str]

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.traceback = traceback


class AppImportError(StartError):
    """The app's module, attribute or factory could not be had."""

    stage = "import"


class InterfaceError(StartError):
    """The object was found, but is no ASGI app."""

    stage = "interface"


class LifespanError(StartError):
    """The app's own startup failed."""

    stage = "lifespan"


def app_traceback(exc: BaseException) -> str:
    """Format an exception with all it hangs together with, without our frames and importlib's."""
    formatted = traceback.TracebackException.from_exception(exc)
    pending: list[traceback.TracebackException | None] = [formatted]
    while pending:
        part = pending.pop()
        if part is not None:
            part.stack[:] = [frame for frame in part.stack if not _is_machinery(frame.filename)]
            pending += [part.__cause__, part.__context__, *(part.exceptions or ())]
    return "".join(formatted.format())


def last_line(exc: BaseException) -> str:
    """Return the exception in one line: `ValueError: no such colour`."""
    return traceback.format_exception_only(exc)[-1].strip()


def without_our_frame(exc: BaseException) -> BaseException:
    """Let the traceback begin in the app."""
    inner = exc.__traceback__.tb_next if exc.__traceback__ else None
    return exc.with_traceback(inner) if inner else exc


def _is_machinery(filename: str) -> bool:
    importing = filename.startswith("<frozen importlib") or "importlib/__init__" in filename
    return importing or filename.startswith(_OUR_FOLDER)
