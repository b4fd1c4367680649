"""A locked build needs no network once its files are there, and gives the same bytes anywhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tabcorn.build.cache import ENVIRONMENT_VARIABLE, Cache
from tabcorn.build.core import core_folder
from tabcorn.build.progress import Silent

pytestmark = pytest.mark.network

APP = "import jinja2\nasync def app(scope, receive, send):\n    raise ValueError\n"


class RefusingProxy:
    """Closes every connection, and counts them."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        threading.Thread(target=self._refuse, daemon=True).start()

    def _refuse(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.connections += 1

    def environment(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        return dict.fromkeys((*names, *map(str.lower, names)), url) | {"NO_PROXY": ""}

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def proxy() -> Iterator[RefusingProxy]:
    proxy = RefusingProxy()
    yield proxy
    proxy.close()


def tabcorn(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "tabcorn", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        umask=int(environment.get("UMASK", "0o022"), 8),
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with a lock, of which one package has to be built (markupsafe)."""
    app = tmp_path / "first" / "app"
    app.mkdir(parents=True)
    (app.parent / ".git").mkdir()
    (app / "main.py").write_text(APP)
    (app / "requirements.txt").write_text("jinja2\n")
    core()
    done = tabcorn(app, "lock")
    assert done.returncode == 0, done.stderr
    return app


def tree(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_locked_build_connects_to_nothing(app: Path, proxy: RefusingProxy) -> None:
    arguments = ("build", "main:app", "--no-run", "-o", "../site")
    done = tabcorn(app, *arguments, **proxy.environment())
    assert done.returncode == 0, done.stderr
    # Its packages are not in an empty cache, and nothing is tried where that is forbidden.
    empty = {ENVIRONMENT_VARIABLE: str(app.parent / "cache"), **proxy.environment()}
    shutil.copytree(core(), pyodide_of(app.parent / "cache"))
    for offline in ({"UV_OFFLINE": "true"}, {}):
        done = tabcorn(app, *arguments, *([] if offline else ["--offline"]), **empty, **offline)
        assert done.returncode == 1
        assert "not in the cache, and --offline (or UV_OFFLINE) forbids" in done.stderr
    assert proxy.connections == 0


def test_the_same_lock_gives_the_same_bytes(app: Path, tmp_path: Path) -> None:
    """Elsewhere, later, by another user, and with nothing but Pyodide in the cache."""
    other, cache = tmp_path / "second ä" / "app", tmp_path / "cache"
    shutil.copytree(app, other)
    os.utime(other / "main.py", (1e9, 1e9))
    shutil.copytree(core(), pyodide_of(cache))
    arguments = ("build", "main:app", "--no-run", "-o")
    once = tabcorn(app, *arguments, "site", PYTHONHASHSEED="1", UMASK="022")
    again = tabcorn(
        other,
        *arguments,
        str(tmp_path / "elsewhere"),
        **{ENVIRONMENT_VARIABLE: str(cache)},
        PYTHONHASHSEED="2",
        UMASK="077",
        TZ="Asia/Tokyo",
    )
    assert (once.returncode, again.returncode) == (0, 0), once.stderr + again.stderr
    assert tree(app / "site") == tree(tmp_path / "elsewhere")
    assert "by other tools" not in again.stderr


def pyodide_of(cache: Path) -> Path:
    return cache / core().name


def core() -> Path:
    return core_folder(Cache.default(), Silent())
