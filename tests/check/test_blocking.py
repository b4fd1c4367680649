"""Calls that block are found in async code, and only there."""

from __future__ import annotations

import pytest

from tests.build.making import make_wheel
from tests.check.making import Project


def body(imports: str, statement: str, kind: str = "async def") -> str:
    return f"{imports}\n{kind} app(scope, receive, send):\n    {statement}\n"


@pytest.mark.parametrize(
    ("imports", "statement"),
    [
        ("import time", "time.sleep(1)"),
        ("from time import sleep", "sleep(1)"),
        ("import time as t", "t.sleep(1)"),
        ("import requests", "requests.get('https://example.org')"),
        ("import requests\ns = requests.Session()", "s.post('https://example.org')"),
        ("from requests import Session", "Session().get('https://example.org')"),
        ("import requests", "with requests.Session() as s: s.get('https://example.org')"),
        ("import urllib.request", "urllib.request.urlopen('https://example.org')"),
        ("from urllib.request import urlopen", "urlopen('https://example.org')"),
        ("import httpx", "httpx.get('https://example.org')"),
        ("import sqlite3", "sqlite3.connect('a.db')"),
    ],
)
def test_found_in_async_code(project: Project, imports: str, statement: str) -> None:
    (project.root / "requirements.txt").write_text("requests\nhttpx\n")
    for name in ("requests", "httpx"):
        make_wheel(project.wheels, {f"{name}.py": ""}, name)
    codes = {code for code, *_ in project.found(body(imports, statement))}
    assert codes == {"blocking-call"}


@pytest.mark.parametrize(
    ("imports", "statement", "kind"),
    [
        ("import time", "time.sleep(1)", "def"),
        ("import time", "time.monotonic()", "async def"),
        ("import time, asyncio", "await asyncio.to_thread(time.sleep, 1)", "async def"),
        ("import time", "call = lambda: time.sleep(1)", "async def"),
        ("from asyncio import sleep", "await sleep(1)", "async def"),
        ("def time(): ...", "time.sleep(1)", "async def"),
    ],
)
def test_let_pass(project: Project, imports: str, statement: str, kind: str) -> None:
    assert project.found(body(imports, statement, kind)) == []


def test_a_sync_function_inside_of_an_async_one(project: Project) -> None:
    text = (
        "import time\nasync def app(s, r, t):\n    def inner():\n        time.sleep(1)\n"
        "    time.sleep(2)\n"
    )
    assert project.found(text) == [("blocking-call", "main.py", 5)]
