"""Advice on the ways in which an app that runs elsewhere fails in Pyodide."""

from pathlib import Path

import pytest

from tabcorn.build.entry import Entry
from tabcorn.build.remedies import remedy, trim_traceback

ENTRY = Entry("main", "app", Path("/home/me/app"), (".",), None)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("ModuleNotFoundError: No module named 'flask'", "provides 'flask'"),
        ("ModuleNotFoundError: No module named '_multiprocessing'", "a part of Python"),
        ("ModuleNotFoundError: No module named 'greenlet.x'", "was left out: it is C"),
        ("zoneinfo._common.ZoneInfoNotFoundError: 'No time zone found with key X'", "tzdata"),
        ("ImportError: attempted relative import with no known parent package", "__init__.py"),
        ("OSError: [Errno 138] emscripten does not support processes.", "other programs"),
        ("RuntimeError: can't start new thread", "no threads"),
        ("FileNotFoundError: [Errno 44] No such file or directory: 'data.db'", "'data.db'"),
        ("jinja2.exceptions.TemplateNotFound: 'home.html' not found", "home.html"),
        ("KeyError: 'DATABASE_URL'", "--env-file"),
        ("socket.gaierror: [Errno -2] Name does not resolve", "no sockets"),
    ],
)
def test_known_failures(error: str, advice: str) -> None:
    assert advice in remedy(f"Traceback:\n{error}\n", ENTRY, {"greenlet": "it is C"})


def test_the_last_error_of_a_chain_counts() -> None:
    text = "ModuleNotFoundError: No module named 'a'\nModuleNotFoundError: No module named 'b'"
    assert "'b'" in remedy(text, ENTRY, {})


def test_unknown_failures_get_no_advice() -> None:
    assert remedy("ValueError: no", ENTRY, {}) == ""


def test_traceback_keeps_the_apps_frames_only() -> None:
    traceback = """\
Traceback (most recent call last):
  File "/lib/python3.14/site-packages/tabcorn/server/loading.py", line 9, in load
    import_module(name)
    ~~~~~~~~~~~~~^^^^^^
  File "<frozen importlib._bootstrap>", line 1, in _gcd_import
  File "/app/main.py", line 3, in <module>
    import flask
ModuleNotFoundError: No module named 'flask'
"""
    assert (
        trim_traceback(traceback)
        == """\
Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    import flask
ModuleNotFoundError: No module named 'flask'"""
    )
