"""Importing an app's packages before the app, in the order in which it imported them.

Runs in Pyodide: in the worker that makes a snapshot, and once at build time to see that it can be
done (build/preloading.py, which also finds out what may be imported ahead).
"""

import importlib
import sys
from collections.abc import Iterable


def preload(names: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Import modules that are not there yet; return which, and what failed with its error."""
    imported, failed = [], {}
    for name in names:
        if name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except BaseException as error:  # SystemExit too: no import may end the others
            failed[name] = f"{type(error).__name__}: {error}"
        else:
            imported.append(name)
    return imported, failed
