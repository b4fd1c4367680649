"""An imitation of Pyodide's distribution: its layout and its lock, in a folder or on a server.

The server does to a file what a test asks for: it is missing, another one, slow, or cut off.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tabcorn.build.target import PYTHON_FULL_VERSION

INFO = {
    "abi_version": "2026_0",
    "arch": "wasm32",
    "platform": "emscripten_5_0_3",
    "python": PYTHON_FULL_VERSION,
}
TAG = "cp314-cp314-pyemscripten_2026_0_wasm32"


class Distribution:
    """A folder of wheels and zip files with a pyodide-lock.json."""

    def __init__(self, folder: Path, info: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._data: dict[str, Any] = {"info": info or INFO, "packages": {}}
        folder.mkdir()
        self._write()

    def add(self, file: Path, *, name: str, version: str, depends: tuple[str, ...] = ()) -> None:
        """List a file that is in the folder."""
        is_wheel = file.suffix == ".whl"
        self._data["packages"][name.lower().replace("_", "-")] = {
            "name": name,
            "version": version,
            "file_name": file.name,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "depends": list(depends),
            "imports": [],
            "install_dir": "site" if is_wheel else "dynlib",
            "package_type": "package" if is_wheel else "shared_library",
            "unvendored_tests": False,
        }
        self._write()

    def _write(self) -> None:
        (self.folder / "pyodide-lock.json").write_text(json.dumps(self._data))


class Server(ThreadingHTTPServer):
    """Serves a folder. `faults` maps a file's name to what happens to it, once each."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.faults: dict[str, list[str]] = {}
        self.later: dict[str, bytes] = {}
        """What a file is replaced with, once it was cut off."""
        self.asked: list[tuple[str, str]] = []
        """Each request's file and its Range."""
        self.url = f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name, span = self.path.rsplit("/", 1)[-1], self.headers.get("Range", "")
        self.server.asked.append((name, span))
        faults = self.server.faults.get(name, [])
        fault = faults.pop(0) if faults else ""
        file = self.server.folder / name
        if fault == "missing" or not file.is_file():
            self.send_error(404)
        elif fault == "busy":
            self.send_error(503)
        else:
            with suppress(ConnectionError):  # whoever asked has lost patience
                self._send(file.read_bytes(), span, fault)

    def _send(self, content: bytes, span: str, fault: str) -> None:
        if fault == "other":
            content = content[:-1] + b"?"
        if fault == "short":
            content = content[: len(content) // 2]
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        start = int(span[6:-1]) if span and self.headers.get("If-Range") == etag else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self._give(content[start:], fault)

    def _give(self, content: bytes, fault: str) -> None:
        half = len(content) // 2
        self.wfile.write(content[:half])
        self.wfile.flush()
        if fault == "cut":
            self.close_connection = True
            for name, later in self.server.later.items():
                (self.server.folder / name).write_bytes(later)
            return
        if fault == "stall":
            time.sleep(2)
        for n in range(half, len(content), max(half // 8, 1)):
            if fault == "slow":
                time.sleep(0.05)
            self.wfile.write(content[n : n + max(half // 8, 1)])
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run a server for a folder."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
