"""The user's own index, as uv is told of it: one on this machine that asks for a login."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.credentials import credentials_for, credentials_of
from tabcorn.build.locking import closure_by, make_lock
from tabcorn.build.preferences import Upgrade
from tabcorn.build.progress import Silent
from tabcorn.build.requirements import Requirements
from tabcorn.errors import ResolveError
from tests.build.making import make_wheel

LOGIN = "Basic " + base64.b64encode(b"me:p@ss").decode()


class Index(ThreadingHTTPServer):
    """One package with the wheels of a folder; those in `yanked` are marked so."""

    def __init__(self, wheels: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wheels = wheels
        self.yanked: set[str] = set()
        self.address = f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://me:p%40ss@{self.address}/simple"

    def answer(self, path: str) -> bytes | None:
        if path == "/simple/pure/":
            return "".join(map(self._link, sorted(self.wheels.iterdir()))).encode()
        file = self.wheels / path.rsplit("/", 1)[-1]
        return file.read_bytes() if path.startswith("/simple/pure/") and file.is_file() else None

    def _link(self, wheel: Path) -> str:
        yanked = ' data-yanked="broken"' if wheel.name in self.yanked else ""
        return f'<a href="{wheel.name}"{yanked}>{wheel.name}</a>\n'


class _Handler(BaseHTTPRequestHandler):
    server: Index
    types: ClassVar = {True: "text/html", False: "application/octet-stream"}

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == LOGIN
        body = self.server.answer(self.path) if known else b""
        self.send_response(401 if not known else 404 if body is None else 200)
        self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Type", self.types[self.path.endswith("/")])
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body or b"")

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for version in ("1.0", "1.1"):
        make_wheel(wheels, {"pure.py": ""}, "pure", version)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    (tmp_path / "project").mkdir()
    with Index(wheels) as index:
        threading.Thread(target=index.serve_forever, daemon=True).start()
        yield index
        index.shutdown()


class Project:
    """Requires `pure`, in its pyproject.toml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = Cache(folder.parent / "cache")
        self.declare("pure")

    def declare(self, requirement: str, more: str = "") -> None:
        (self.folder / "pyproject.toml").write_text(
            f'[project]\nname = "mine"\nversion = "1"\ndependencies = ["{requirement}"]\n{more}'
        )

    def lock(self, upgrade: bool = False) -> str:
        requirements = Requirements(self.folder, self.folder / "pyproject.toml")
        locked = make_lock(requirements, Upgrade(upgrade), self.cache, Silent())
        closure = closure_by(locked.lock, requirements, Cache(self.folder / "c"), Silent())
        assert [package.version for package in closure.packages] == [locked.lock.versions["pure"]]
        assert "ss@" not in locked.path.read_text()
        return locked.lock.versions["pure"]


@pytest.fixture
def project(tmp_path: Path, index: Index) -> Project:
    assert index
    return Project(tmp_path / "project")


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX"])
def test_an_index_of_the_environment(
    project: Project, index: Index, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, index.url)
    assert project.lock() == "1.1"


@pytest.mark.parametrize(
    "setting",
    [
        '[[index]]\nname = "my-own"\nurl = "{url}"\ndefault = true\n',
        'index-url = "{url}"\n',
        '[pip]\nindex-url = "{url}"\n',
    ],
)
def test_an_index_of_uv_toml(project: Project, index: Index, setting: str) -> None:
    (project.folder / "uv.toml").write_text(setting.format(url=index.url))
    assert project.lock() == "1.1"


def test_a_named_index_of_pyproject(
    project: Project, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://{index.address}/simple"
    project.declare("pure", f'[[tool.uv.index]]\nname = "my-own"\nurl = "{url}"\ndefault = true\n')
    with pytest.raises(ResolveError):
        project.lock()
    monkeypatch.setenv("UV_INDEX_MY_OWN_USERNAME", "me")
    monkeypatch.setenv("UV_INDEX_MY_OWN_PASSWORD", "p@ss")
    assert project.lock() == "1.1"


@pytest.mark.parametrize("how", ["dependency", "source"])
def test_a_wheel_by_its_address(project: Project, index: Index, how: str) -> None:
    url = f"{index.url}/pure/pure-1.0-py3-none-any.whl"
    if how == "dependency":
        project.declare(f"pure @ {url}")
    else:
        project.declare("pure", f'[tool.uv.sources]\npure = {{ url = "{url}" }}\n')
    assert project.lock() == "1.0"


def test_a_wheel_by_its_address_in_a_script(project: Project, index: Index) -> None:
    line = f"pure @ {index.url}/pure/pure-1.0-py3-none-any.whl"
    requirements = Requirements(project.folder, inline=(line,))
    locked = make_lock(requirements, Upgrade(), project.cache, Silent())
    assert "ss@" not in locked.path.read_text()
    assert closure_by(locked.lock, requirements, Cache(project.folder / "c"), Silent()).packages


def test_an_index_of_a_requirements_file(project: Project, index: Index) -> None:
    file = project.folder / "requirements.txt"
    file.write_text(f"--index-url {index.url}\npure\n")
    requirements = Requirements(project.folder, files=(file,))
    locked = make_lock(requirements, Upgrade(), project.cache, Silent())
    assert locked.lock.inputs == {"requirements.txt": ("pure",)}
    assert "ss@" not in locked.path.read_text()


def test_a_yanked_release(project: Project, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken by nobody anew, unless it is asked for by its number."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
    assert project.lock() == "1.1"
    index.yanked = {"pure-1.1-py3-none-any.whl"}
    assert project.lock(upgrade=True) == "1.0"
    project.declare("pure>1")
    with pytest.raises(ResolveError, match="yanked"):
        project.lock(upgrade=True)
    project.declare("pure==1.1")
    assert project.lock(upgrade=True) == "1.1"


def test_a_login_is_for_its_own_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX", "first=https://a:b@one.test/simple https://two.test/simple")
    found = credentials_of(tmp_path)
    assert credentials_for("https://one.test:443/files/x.whl", found) == ("a", "b")
    for url in ("http://one.test/x.whl", "https://one.test:8443/x", "https://two.test/x"):
        assert credentials_for(url, found) is None
