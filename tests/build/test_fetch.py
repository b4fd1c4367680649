"""Downloads from a real local server: hashes, retries, failures in words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tabcorn.build import transfer as module
from tabcorn.build.cache import Cache
from tabcorn.build.fetch import Remote, fetch
from tabcorn.build.progress import Silent
from tabcorn.errors import DownloadError
from tests.build.making import Recorder

CONTENT = b"wheel" * 50_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Index(ThreadingHTTPServer):
    """Answers with CONTENT, after as many cut or failing answers as a test asks for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[str] = []
        self.failures: list[str] = []

    def remote(self, path: str = "a.whl", sha256: str | None = SHA256) -> Remote:
        url = f"http://127.0.0.1:{self.server_port}/{path}"
        return Remote(path, url, sha256, len(CONTENT))


class _Handler(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        failure = self.server.failures.pop(0) if self.server.failures else ""
        status = 404 if "missing" in self.path else 503 if failure == "busy" else 200
        self.send_response(status)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: 70_000 if failure == "cut" else None])

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def index() -> Iterator[Index]:
    with Index() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_files_arrive_in_the_order_asked_for(index: Index, cache: Cache) -> None:
    names = [f"{n}.whl" for n in range(9)]
    recorder = Recorder()
    found = fetch([index.remote(name) for name in names], cache, recorder)
    assert [local.path.name for local in found] == names
    assert {local.path.read_bytes() for local in found} == {CONTENT}
    total = 9 * len(CONTENT)
    assert recorder.steps == {"Download 9 packages": (total, total)}


def test_what_is_cached_is_not_asked_for_again(index: Index, cache: Cache) -> None:
    fetch([index.remote()], cache, Silent())
    fetch([index.remote()], cache, Silent())
    assert index.requests == ["/a.whl"]


def test_a_corrupt_cache_is_repaired(index: Index, cache: Cache) -> None:
    (local,) = fetch([index.remote()], cache, Silent())
    local.path.write_bytes(b"damaged")
    (again,) = fetch([index.remote()], cache, Silent())
    assert again.path.read_bytes() == CONTENT
    assert len(index.requests) == 2


@pytest.mark.parametrize("failures", [["cut"], ["busy", "cut"]])
def test_what_may_pass_is_tried_again(index: Index, cache: Cache, failures: list[str]) -> None:
    index.failures = failures
    recorder = Recorder()
    fetch([index.remote()], cache, recorder)
    assert recorder.steps == {"Download 1 package": (len(CONTENT), len(CONTENT))}


def test_it_gives_up_after_three_attempts(index: Index, cache: Cache) -> None:
    index.failures = ["cut"] * 9
    with pytest.raises(DownloadError, match=r"a\.whl could not be downloaded from 127\.0\.0\.1"):
        fetch([index.remote()], cache, Silent())
    assert len(index.requests) == 3


def test_a_wrong_hash_is_refused_and_not_kept(index: Index, cache: Cache) -> None:
    with pytest.raises(DownloadError, match="not the file that the lock names"):
        fetch([index.remote(sha256="0" * 64)], cache, Silent())
    assert list(cache.root.rglob("*.whl")) == []


def test_a_missing_file_is_named_at_once(index: Index, cache: Cache) -> None:
    with pytest.raises(DownloadError, match=r"missing\.whl .* answered 404"):
        fetch([index.remote("missing.whl")], cache, Silent())
    assert len(index.requests) == 1


def test_no_network_is_told(cache: Cache) -> None:
    remote = Remote("a.whl", "http://127.0.0.1:9/a.whl", SHA256)
    with pytest.raises(DownloadError, match="Check the network"):
        fetch([remote], cache, Silent())


def test_local_files_are_taken(tmp_path: Path, cache: Cache) -> None:
    path = tmp_path / "with space.whl"
    path.write_bytes(CONTENT)
    for sha256 in (SHA256, None):
        (local,) = fetch([Remote(path.name, path.as_uri(), sha256)], cache, Silent())
        assert local.sha256 == SHA256
    with pytest.raises(DownloadError, match=r"gone\.whl cannot be read"):
        fetch([Remote("gone.whl", (tmp_path / "gone.whl").as_uri(), None)], cache, Silent())
