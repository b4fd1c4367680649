"""Findings about URLs that only mean something on the developer's machine.

Runs on CPython at build time. Of Python files only strings count, and not those that list who
may ask (CORS origins, trusted hosts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from tabcorn.check.findings import Finding, find
from tabcorn.check.modules import Modules

_URL = re.compile(
    r"\b(?:https?|wss?)://(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?::\d+)?(?![\w.-])",
    re.IGNORECASE,
)
_PAGES = ".html .htm .jinja .jinja2 .j2 .tpl .js .mjs .ts .css .svg"
_SUFFIXES = frozenset(_PAGES.split())
_LISTS = re.compile(r"origin|hosts|trusted|allow", re.IGNORECASE)
_COMMENTS = ("//", "/*", "*", "<!--", "{#", "#")
_LONGEST_LINE = 1000  # beyond it, a file was made by a machine


def localhost_urls(modules: Modules, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Look through Python, templates, scripts and style sheets of the app."""
    for module in modules.own:
        for text in module.facts.texts if module.facts else ():
            if not _LISTS.search(text.about) and (url := _URL.search(text.value)):
                yield _finding(url[0], module.path, text.line)
    for path, data in files.items():
        if PurePosixPath(path).suffix in _SUFFIXES:
            yield from _in_text(path, data)


def _in_text(path: str, data: bytes) -> Iterator[Finding]:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        is_comment = line.lstrip().startswith(_COMMENTS)
        if len(line) < _LONGEST_LINE and not is_comment and (url := _URL.search(line)):
            yield _finding(url[0], path, number)


def _finding(url: str, path: str, line: int) -> Finding:
    return find("localhost-url", f"{url} is named", file=path, line=line)
