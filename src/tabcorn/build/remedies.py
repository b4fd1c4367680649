"""What to do about the ways in which an app that runs elsewhere fails in Pyodide.

Runs on CPython at build time, on the text of the app's own traceback.
"""

import re

from tabcorn.build.entry import Entry

_REMEDIES = (
    (
        r"ModuleNotFoundError: No module named '([\w.]+)'",
        "Add the package that provides '{0}' to the app's dependencies (pyproject.toml, the "
        "script header, or a file given with -r). If it is a file of yours, see that it is in "
        "the app's folder and not left out.",
    ),
    (
        r"can't start new thread|cannot start (?:new )?thread",
        "A tab has no threads: look for a setting that makes this code run without one, or "
        "start it only where sys.platform != 'emscripten'.",
    ),
    (
        r"(?:FileNotFoundError|NoSuchFile|TemplateNotFound)[^\n]*?'([^'\n]+)'",
        "If '{0}' is a file of the app, see that it lies in {app_dir} and take it along with "
        "--include; paths are relative to that folder.",
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


def remedy(text: str, entry: Entry) -> str:
    """Give advice on the last error named in `text`, or an empty string."""
    for pattern, advice in _REMEDIES:
        if found := re.findall(pattern, text):
            return advice.format(found[-1], app_dir=entry.app_dir)
    return ""


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
