"""Build sites through the command line, and run the same apps under uvicorn.

A site is built once per session and app, then served as often as tests like. The command
line is run as a person runs it: a process of its own, in the app's folder.
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.ports import fresh_port

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "tests/examples/versions.txt"


@dataclass(frozen=True)
class App:
    """An app on disk: its folder, its target, and options for `tabcorn build`.

    The `newest` releases are those of Python 3.14; uvicorn's app here may have older ones. Making a
    snapshot takes a second start of Python, in each browser: only who looks at that has one made.
    """

    folder: Path
    target: str = "main:app"
    options: tuple[str, ...] = ()
    name: str = ""
    newest: bool = False
    snapshot: bool = False

    @property
    def key(self) -> str:
        name = self.name or f"{self.folder.name}-{self.target.replace(':', '-')}"
        return f"{name}-kept" if self.snapshot else name


@dataclass(frozen=True)
class Sites:
    """The built sites of a test session, which all its processes share."""

    folder: Path

    def build(self, app: App) -> Path:
        """Return the folder of the app's site; never change it, copy it."""
        site = self.folder / app.key
        with self.alone(app.key):
            return site if site.exists() else build(app, site)

    def copy(self, app: App, to: Path) -> Path:
        """Return a copy of the site that the test may spoil."""
        return Path(shutil.copytree(self.build(app), to))

    def write(self, name: str, source: str, *options: str) -> App:
        """Put an app of one module on disk, in a folder of its own."""
        folder = self.folder / f"app-{name}"
        with self.alone(name):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "main.py").write_text(source)
        return App(folder, "main:app", options, name)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Keep the session's other processes from the same app while it is made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def tabcorn(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "tabcorn", *arguments]
    env = {**os.environ, "NO_COLOR": "1", **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=280)


def build(app: App, out: Path) -> Path:
    """Build a site with releases that are written down, and not with today's newest."""
    pins = out.with_suffix(".constraints")
    releases = {**installed(), **pinned()} if app.newest else {**pinned(), **installed()}
    pins.write_text("".join(f"{name}=={version}\n" for name, version in sorted(releases.items())))
    without = () if app.snapshot else ("--no-snapshot",)
    command = ("build", app.target, "-o", str(out), *without, *app.options)
    done = tabcorn(*command, folder=app.folder, UV_CONSTRAINT=str(pins))
    assert done.returncode == 0, f"tabcorn build {app.target}:\n{done.stdout}{done.stderr}"
    return out


def installed() -> dict[str, str]:
    """Return the releases here, which uvicorn's app has."""
    found = importlib.metadata.distributions()
    return {canonicalize_name(each.name): each.version for each in found}


def pinned() -> dict[str, str]:
    """Return the releases that scripts/lock found for the examples."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", VERSIONS.read_text(), re.MULTILINE))


@contextmanager
def uvicorn_server(app: App, *options: str) -> Iterator[str]:
    """Run the app under uvicorn in a process of its own; give its URL, which ends in a slash."""
    port = fresh_port()
    command = [sys.executable, "-m", "uvicorn", app.target, "--port", str(port)]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [*command, "--log-level", "warning", "--lifespan", "on", *options], cwd=app.folder, env=env
    ) as process:
        try:
            await_port(port, process)
            yield f"http://localhost:{port}/"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:  # an open stream holds uvicorn
                process.kill()


def await_port(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait until the port takes connections; a process that ended will not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
