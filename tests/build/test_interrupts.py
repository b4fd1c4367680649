"""A command that is stopped leaves nothing behind: no process, no lock, no half of a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.build.making import make_project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")

SLOW = """
import os, pathlib, time
def build_wheel(*_, **__):
    pathlib.Path("started").write_text(str(os.getpid()))
    time.sleep(600)
"""
PYPROJECT = """
[project]
name = "slow"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that requires a folder whose build does not end."""
    root, _ = make_project(tmp_path)
    (root / "slow").mkdir()
    (root / "slow/pyproject.toml").write_text(PYPROJECT)
    (root / "slow/backend.py").write_text(SLOW)
    (root / "requirements.txt").write_text("./slow\n")
    return root


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_started_ends_with_the_command(project: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tabcorn", "lock"]
    cache = project.parent / "cache"
    environment = os.environ | {"TABCORN_CACHE_DIR": str(cache)}
    with subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE) as process:
        backend = int(wait_for(project / "slow/started"))
        process.send_signal(number)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in stderr
    assert has_ended(backend)
    assert not (project / "pylock.tabcorn.toml").exists()
    assert not list(cache.glob("tmp-*"))


def wait_for(file: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if file.exists() and (text := file.read_text()):
            return text
        time.sleep(0.05)
    raise TimeoutError(file)


def has_ended(process: int) -> bool:
    """Give it a second: nobody waits for the processes of another's process."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if is_zombie(process):
            return True
        time.sleep(0.05)
    return False


def is_zombie(process: int) -> bool:
    """Tell whether it has ended and nobody has asked how, as in a container without an init."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and " Z " in stat.read_text()
