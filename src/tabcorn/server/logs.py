"""What the server logs, in uvicorn's words and uvicorn's format, without colours.

Server messages go to stderr, access lines to stdout. Only our own loggers and uvicorn's names are
set up (apps commonly log through "uvicorn.error"); the root logger and print are the app's.
"""

import logging
import sys
from http import HTTPStatus
from typing import TextIO
from urllib.parse import quote

from tabcorn.server.types import Scope

TRACE = 5
LEVELS = {
    "critical": logging.CRITICAL,
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": TRACE,
}

logger = logging.getLogger("tabcorn")
access_logger = logging.getLogger("tabcorn.access")

_SERVER_LOGGERS = ("tabcorn", "uvicorn")
_ACCESS_LOGGERS = ("tabcorn.access", "uvicorn.access")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Formatter(logging.Formatter):
    """Pads the level as uvicorn does: `INFO:     message`."""

    def __init__(self) -> None:
        super().__init__("%(levelprefix)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Format the first line; a traceback follows it."""
        record.levelprefix = f"{record.levelname}:".ljust(9)
        return super().formatMessage(record)


def configure(level: str, access_log: bool) -> None:
    """Set up the loggers; calling it again replaces what the last call did."""
    logging.addLevelName(TRACE, "TRACE")
    for name in _SERVER_LOGGERS:
        _set_up(name, LEVELS[level], sys.stderr)
    for name in _ACCESS_LOGGERS:
        _set_up(name, LEVELS[level] if access_log else logging.CRITICAL + 1, sys.stdout)


def _set_up(name: str, level: int, stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    target = logging.getLogger(name)
    target.handlers = [handler]
    target.setLevel(level)
    target.propagate = False


def access(scope: Scope, status: int) -> None:
    """Write the access line of one response."""
    if not access_logger.isEnabledFor(logging.INFO):
        return
    line = f"{scope['method']} {target(scope)} HTTP/{scope['http_version']}"
    access_logger.info('%s - "%s" %d %s', client(scope), line, status, phrase(status))


def phrase(status: int) -> str:
    """Return the reason phrase of a status, as Python has it; empty when there is none."""
    return _PHRASES.get(status, "")


def client(scope: Scope) -> str:
    """Return who asked, as host and port."""
    host, port = scope["client"]
    return f"{host}:{port}"


def target(scope: Scope) -> str:
    """Return what was asked for, as a path with its query."""
    path, query = quote(scope["path"]), scope["query_string"].decode("ascii")
    return f"{path}?{query}" if query else path
