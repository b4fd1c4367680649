"""Pyodide's core: only the pinned bytes, whatever npm or the cache hold."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from pathlib import Path

import pytest

from tabcorn.build import core
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodejs import Node
from tabcorn.build.progress import Silent
from tabcorn.build.target import CORE_FILES
from tabcorn.errors import DownloadError, NodeError

FILES = {"pyodide.mjs": b"loader", "pyodide-lock.json": b'{"packages": {"numpy": {}}}'}
# Stands in for `npm pack`: copies the tarball that the test made, or fails as npm does.
NPM = """
import shutil, sys
source = sys.argv[1]
if not source:
    print("npm warn something", file=sys.stderr)
    print("npm error code ENOTFOUND", file=sys.stderr)
    sys.exit(1)
shutil.copy(source, sys.argv[sys.argv.index("--pack-destination") + 1])
"""


class Registry:
    """What npm would find."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._script = folder / "npm.py"
        self._script.write_text(NPM)
        self._tarball = folder / "pyodide.tgz"
        self._patch = monkeypatch
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
        monkeypatch.setattr(core, "CORE_FILES", hashes)

    def serve(self, files: dict[str, bytes]) -> None:
        with tarfile.open(self._tarball, "w:gz") as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(f"package/{name}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        self._use(str(self._tarball))

    def serve_bytes(self, content: bytes) -> None:
        self._tarball.write_bytes(content)
        self._use(str(self._tarball))

    def unplug(self) -> None:
        self._use("")

    def _use(self, source: str) -> None:
        npm = (sys.executable, str(self._script), source)
        node = Node(Path(sys.executable), "22.0.0", npm)
        self._patch.setattr(core, "find_node", lambda: node)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return Registry(tmp_path, monkeypatch)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_only_the_pinned_files_are_kept(registry: Registry, cache: Cache) -> None:
    registry.serve({**FILES, "console.html": b"more"})
    folder = core_folder(cache, Silent())
    assert contents(folder) == FILES


def test_a_full_cache_needs_no_npm(registry: Registry, cache: Cache) -> None:
    registry.serve(FILES)
    core_folder(cache, Silent())
    registry.unplug()
    assert contents(core_folder(cache, Silent())) == FILES


def test_a_corrupt_cache_is_repaired(registry: Registry, cache: Cache) -> None:
    registry.serve(FILES)
    folder = core_folder(cache, Silent())
    (folder / "pyodide.mjs").write_bytes(b"damaged")
    (folder / "pyodide-lock.json").unlink()
    assert contents(core_folder(cache, Silent())) == FILES


def test_another_file_than_the_pinned_one_is_refused(registry: Registry, cache: Cache) -> None:
    registry.serve({**FILES, "pyodide.mjs": b"something else"})
    with pytest.raises(DownloadError, match=r"pyodide\.mjs of the npm package .* hash differs"):
        core_folder(cache, Silent())
    assert not (cache.root / "pyodide-314.0.7" / "pyodide.mjs").exists()


@pytest.mark.parametrize("content", [b"no tarball", b""])
def test_a_damaged_package_is_told(registry: Registry, cache: Cache, content: bytes) -> None:
    registry.serve_bytes(content)
    with pytest.raises(DownloadError, match="came damaged"):
        core_folder(cache, Silent())


def test_without_network_the_remedy_is_named(registry: Registry, cache: Cache) -> None:
    registry.unplug()
    with pytest.raises(DownloadError, match="ENOTFOUND\nConnect to the network") as caught:
        core_folder(cache, Silent())
    assert "npm warn" not in str(caught.value)


def test_without_npm_the_remedy_is_named(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "find_node", lambda: Node(Path("node"), "22.0.0", ()))
    with pytest.raises(NodeError, match="npm was not found"):
        core_folder(cache, Silent())


@pytest.mark.network
def test_the_real_package_has_the_pinned_files() -> None:
    folder = core_folder(Cache.default(), Silent())
    assert set(contents(folder)) >= set(CORE_FILES)
