"""What to do about the ways in which an app that runs elsewhere fails in Pyodide.

Runs on CPython at build time, on the text of the app's own traceback.
"""

import re
import sys
from collections.abc import Mapping

from packaging.utils import canonicalize_name

from tabcorn.build.entry import Entry

_MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_REMEDIES = (
    (
        r"attempted relative import with no known parent package",
        "Put an __init__.py into the folder of {entry.source}, or name the app by its module, as "
        "in folder.{entry.module}:{entry.attribute}.",
    ),
    (
        r"does not support processes",
        "A tab cannot start other programs: leave that out where sys.platform == 'emscripten'.",
    ),
    (
        r"can't start new thread|cannot start (?:new )?thread",
        "A tab has no threads: look for a setting that makes this code run without one, or "
        "start it only where sys.platform != 'emscripten'.",
    ),
    (
        r"(?:FileNotFoundError|NoSuchFile|TemplateNotFound)[^\n]*?'([^'\n]+)'",
        "If '{0}' is a file of the app, see that it lies in {entry.app_dir} and take it along with "
        "--include; paths are relative to that folder.",
    ),
    (
        r"ZoneInfoNotFoundError|No time zone found with key",
        "A tab has no time zones of its own: add tzdata to the app's requirements.",
    ),
    (
        r"OSError: \[Errno \d+\] (?:Host is unreachable|Connection refused)|socket\.gaierror",
        "A tab has no sockets: databases and services that are reached over TCP cannot be used "
        "while the app starts.",
    ),
    (
        r"KeyError: '([A-Z][A-Z0-9_]+)'",
        "If '{0}' is an environment variable, give it with --env-file.",
    ),
)
_OURS = re.compile(r'^  File "[^"]*(?:/tabcorn/server/|/importlib/|<frozen importlib)')


def remedy(text: str, entry: Entry, left_out: Mapping[str, str]) -> str:
    """Give advice on the last error named in `text`, or an empty string.

    `left_out` has the reason for each required package that did not come along.
    """
    if missing := _MISSING_MODULE.findall(text):
        return _about_module(missing[-1], left_out)
    for pattern, advice in _REMEDIES:
        if found := re.findall(pattern, text):
            return advice.format(found[-1], entry=entry)
    return ""


def _about_module(name: str, left_out: Mapping[str, str]) -> str:
    first = name.partition(".")[0]
    if first in sys.stdlib_module_names:
        return (
            f"'{name}' is a part of Python that needs an operating system, and a browser has "
            "none. See whether what imports it can do without, or import it only where "
            "sys.platform != 'emscripten'."
        )
    if reason := left_out.get(canonicalize_name(first)):
        return f"The package '{first}' was left out: {reason}. The app does not start without it."
    return (
        f"Add the package that provides '{name}' to the app's dependencies (pyproject.toml, the "
        "script header, or a file given with -r). If it is a file of yours, see that it is in "
        "the app's folder and not left out."
    )


def trim_traceback(traceback: str) -> str:
    """Drop the frames of the server and of the import system: the app's own are of interest."""
    kept: list[str] = []
    dropping = False
    for line in traceback.rstrip().splitlines():
        if line.startswith("  File "):
            dropping = bool(_OURS.match(line))
        elif not line.startswith("   "):
            dropping = False
        if not dropping:
            kept.append(line)
    return "\n".join(kept)
