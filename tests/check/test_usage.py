"""What a browser cannot do is found where the app does it, and nowhere else."""

from __future__ import annotations

import pytest

from tabcorn.check.findings import Severity
from tests.build.making import make_wheel
from tests.check.making import HEADER, Project

APP = "\nasync def app(scope, receive, send): ...\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("process", "import subprocess; subprocess.run(['ls'])"),
        ("process", "import subprocess as sp; sp.Popen('ls')"),
        ("process", "from os import fork; fork()"),
        ("process", "import os; os.system('ls')"),
        ("process", "from multiprocessing import Pool; Pool(4)"),
        ("process", "import multiprocessing as mp; mp.get_context('spawn').Process()"),
        ("process", "from concurrent.futures import ProcessPoolExecutor as P; P()"),
        ("process", "import asyncio; x = asyncio.create_subprocess_exec('ls')"),
        ("process", "import subprocess"),
        ("thread", "import threading; threading.Thread(target=print).start()"),
        ("thread", "from threading import Thread; Thread(target=print).start()"),
        ("thread", "import threading\nclass Worker(threading.Thread): ..."),
        ("thread", "import _thread; _thread.start_new_thread(print, ())"),
        ("socket", "import socket; s = socket.socket()"),
        ("socket", "from socket import create_connection as c; c(('db', 1))"),
        ("socket", "import smtplib\nwith smtplib.SMTP('mail') as s: s.noop()"),
        ("socket", "import asyncio; x = asyncio.open_connection('db', 1)"),
        ("socket", "import socket"),
        ("signal", "import signal; signal.alarm(3)"),
        ("signal", "import asyncio; asyncio.get_running_loop().add_signal_handler(2, print)"),
        ("missing-module", "import curses"),
        ("missing-module", "from pwd import getpwnam"),
        ("missing-module", "import cgi"),
        ("missing-module", "import nowhere.to_be_found"),
    ],
)
def test_what_fails_is_found(project: Project, code: str, line: str) -> None:
    found = project.found(line + APP)
    assert {each[:2] for each in found} == {(code, "main.py")}


@pytest.mark.parametrize(
    "text",
    [
        "import threading; lock = threading.Lock(); here = threading.local()",
        "from concurrent.futures import ThreadPoolExecutor; pool = ThreadPoolExecutor()",
        "import asyncio; run = asyncio.to_thread",
        "import os; os.getpid(); os.environ.get('A'); os.path.join('a', 'b')",
        "import signal; signal.SIGTERM",
        "import queue, sqlite3, ssl, fcntl",
        "def run(subprocess): subprocess.run()",
        "class subprocess: run = print\nsubprocess.run()",
        "if __name__ == '__main__':\n    import uvicorn\n    uvicorn.run('main:app')",
        "import sys\nif sys.platform != 'emscripten':\n    import curses",
        "import sys\nif sys.platform == 'win32':\n    import winreg\nelse:\n    import json",
        "import os\nif os.name == 'nt' and os.environ:\n    import winreg",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nowhere",
        "import sys\nif sys.version_info < (3, 11):\n    import imp",
        "import sys\ndef f():\n    if sys.platform == 'emscripten': return\n    import curses",
        "try:\n    import readline\nexcept ImportError:\n    readline = None",
        "try:\n    import subprocess; subprocess.run('ls')\nexcept OSError: ...",
        "import js, pyodide.ffi",
        '"""import subprocess; subprocess.run()"""',
        r"PATTERN = '\d+'",
    ],
)
def test_what_works_is_let_pass(project: Project, text: str) -> None:
    assert project.found(text + APP) == []


def test_lines_are_those_of_the_use(project: Project) -> None:
    text = f"import subprocess\n{APP}\ndef later():\n    subprocess.run('ls')\n"
    assert project.found(text) == [("process", "main.py", 6)]


def test_a_file_that_nothing_imports_gives_a_note(project: Project) -> None:
    report = project.check({"main.py": APP, "tool.py": "import os\nos.fork()\n"})
    (note,) = report.findings
    assert (note.code, note.severity, note.file) == ("process", Severity.NOTE, "tool.py")
    assert not report.fails(strict=True)


@pytest.mark.parametrize(
    "main",
    ["import tool", "from tool import x", "def f():\n    import tool", "APPS = ['tool']"],
)
def test_a_file_that_is_imported_counts(project: Project, main: str) -> None:
    found = project.found({"main.py": main + APP, "tool.py": "import os\nos.fork()\n"})
    assert found == [("process", "tool.py", 2)]


def test_relative_imports_and_src(project: Project) -> None:
    files = {
        "src/web/__init__.py": "",
        "src/web/main.py": "from . import jobs\nfrom .deep.inner import x" + APP,
        "src/web/jobs.py": "import os\nos.fork()\n",
        "src/web/deep/__init__.py": "from .. import late\n",
        "src/web/deep/inner.py": "x = 1\n",
        "src/web/late.py": "import curses\n",
    }
    assert project.found(files, target="web.main:app") == [
        ("missing-module", "src/web/late.py", 1),
        ("process", "src/web/jobs.py", 2),
    ]


def test_clients_of_servers_are_named(project: Project) -> None:
    make_wheel(project.wheels, {"redis/__init__.py": ""}, "redis")
    text = HEADER.format('"redis"') + "import redis.asyncio" + APP
    assert project.found(text) == [("network-client", "main.py", 4)]


def test_a_dependency_that_is_sure_to_fail_is_an_error(project: Project) -> None:
    make_wheel(project.wheels, {"outer.py": "import inner"}, "outer")
    make_wheel(project.wheels, {"inner/__init__.py": "import curses"}, "inner")
    report = project.check(HEADER.format('"outer", "inner"') + "import outer" + APP)
    (error,) = report.findings
    assert (error.code, error.severity, error.package) == (
        "missing-module",
        Severity.ERROR,
        "inner",
    )
    assert "main imports outer, which imports inner" in error.what


def test_a_dependency_that_may_fail_is_a_note(project: Project) -> None:
    files = {"outer.py": "import subprocess\ndef run(): subprocess.run('ls')"}
    make_wheel(project.wheels, files, "outer")
    report = project.check(HEADER.format('"outer"') + "import outer" + APP)
    (note,) = report.findings
    assert (note.code, note.severity, note.package) == ("process", Severity.NOTE, "outer")


def test_a_dependency_that_is_not_imported_is_let_pass(project: Project) -> None:
    make_wheel(project.wheels, {"outer.py": "import curses"}, "outer")
    assert project.check(HEADER.format('"outer"') + APP).findings == ()


def test_a_dependency_that_is_adapted_is_let_pass(project: Project) -> None:
    code = "import threading\ndef run(): threading.Thread().start()"
    for name, version in (("anyio", "4.9"), ("asgiref", "3.9")):
        make_wheel(project.wheels, {f"{name}.py": code}, name, version)
    text = HEADER.format('"anyio", "asgiref"') + "import anyio, asgiref" + APP
    assert project.check(text).findings == ()


def test_an_old_release_is_not_adapted(project: Project) -> None:
    code = "import threading\ndef run(): threading.Thread().start()"
    make_wheel(project.wheels, {"anyio.py": code}, "anyio", "3.0")
    report = project.check(HEADER.format('"anyio"') + "import anyio" + APP)
    assert [each.code for each in report.findings] == ["thread"]


def test_a_package_left_out_is_missed_with_its_reason(project: Project) -> None:
    make_wheel(project.wheels, {"gunicorn.py": ""}, "gunicorn")
    report = project.check(HEADER.format('"gunicorn"') + "import gunicorn" + APP)
    assert "it is a server process" in report.findings[0].why


def test_what_cannot_be_parsed_is_said(project: Project) -> None:
    report = project.check({"main.py": APP, "broken.py": "def f(:\n"})
    assert [(each.code, each.file) for each in report.findings] == [("unparsed", "broken.py")]
