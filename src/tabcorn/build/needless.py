"""What no tab needs of a package or an app: stubs, tests, what only a compiler or a tool reads.

Runs on CPython at build time, on a tree of files as a whole (path with '/' -> contents). Anything
else stays, since code may read any of its files when it runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FOLDERS = frozenset({"__pycache__"})
"""Left out of packages wherever they are: bytecode of another interpreter."""
SUFFIXES = (
    ".pyi",  # for type checkers
    *(".pyx", ".pxd", ".pxi", ".c", ".cpp"),  # for compilers
)
# A folder of tests, unless a module that stays imports it. Only this name: `test` and `testing`
# are API in django, numpy, sqlalchemy and others.
TESTS = "tests"
_IMPORTS_TESTS = re.compile(rb"^[ \t]*(?:from|import)\b[^\n#]*\btests\b", re.MULTILINE)


def is_needed(path: str) -> bool:
    """Tell by its path alone whether a file of a package is needed."""
    return not (FOLDERS.intersection(path.split("/")[:-1]) or path.endswith(SUFFIXES))


def without_needless(files: Mapping[str, bytes], main: str = "") -> dict[str, bytes]:
    """Leave out what only the files beside it tell: tests, and the sources of translations.

    Tests stay when something else imports them, or when `main`, a path, is one of them.
    """
    return _without_catalogs(_without_tests(files, main))


def _without_tests(files: Mapping[str, bytes], main: str) -> dict[str, bytes]:
    kept = {path: data for path, data in files.items() if not _is_test(path)}
    if _is_test(main) or not any(path.endswith(".py") for path in kept):
        return dict(files)
    for path, data in kept.items():
        if path.endswith(".py") and _IMPORTS_TESTS.search(data):
            return dict(files)  # which of them, nobody knows: be careful, keep them all
    return kept


def _is_test(path: str) -> bool:
    return TESTS in path.split("/")[:-1]


def _without_catalogs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Gettext reads x.mo; the x.po that it was made from is for translators."""
    return {
        path: data
        for path, data in files.items()
        if not (path.endswith(".po") and f"{path[:-3]}.mo" in files)
    }
