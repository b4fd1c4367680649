"""What is served to the browsers: the project's site, its floor, and the seed with the same app.

All three have the same app and the same releases of the same packages. Built once, in a folder that
may be kept between two runs.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.wheels import installer, libraries, wheels_of
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.options import BuildOptions
from tabcorn.build.progress import Silent
from tabcorn.build.project import Project, load_project
from tests.browser.known import DATASETTE, GUESTBOOK
from tests.browser.sites import ROOT, App, Sites

HERE = ROOT / "bench"

REQUESTS = App(HERE / "apps/requests", name="bench-requests", newest=True, snapshot=True)
APPS = {
    "fastapi": replace(GUESTBOOK, snapshot=True),
    "datasette": replace(DATASETTE, snapshot=True),
    "requests": REQUESTS,
}

# Of Pyodide's files, what stock Pyodide loads in a browser.
CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)

WASM = b"\0asm"
SUFFIXES = {"modules": ".wasm", "scripts": ".js", "bytes": ".bin"}


@dataclass(frozen=True)
class Built:
    """The folders of one app's sites."""

    app: App
    project: Path
    floor: Path
    seed: Path


def build(app: App, folder: Path) -> Built:
    """Build what is not there yet."""
    if app.folder == DATASETTE.folder and not (app.folder / "data.db").exists():
        subprocess.run([sys.executable, "build_db.py"], cwd=app.folder, check=True)
    built = Built(app, *(folder / f"{app.key}-{kind}" for kind in ("project", "floor", "seed")))
    site = Sites(folder).build(app)
    os.environ["UV_CONSTRAINT"] = str(site.with_suffix(".constraints"))
    if not built.project.exists():
        _project(site, built.project)
    if not built.floor.exists():
        _floor(app, site, built.floor)
    if not built.seed.exists():
        _seed(app, built.seed)
    return built


def _project(site: Path, to: Path) -> None:
    """Copy the site; a script before its service worker answers a constant, on one path alone."""
    shutil.copytree(site, to)
    shutil.copy(HERE / "constant/bench-constant.js", to)
    entry = to / "sw.js"
    entry.write_text(f'import "./bench-constant.js";\n{entry.read_text()}')


def _floor(app: App, site: Path, to: Path) -> None:
    """Lay out what a return visit reads, unpacked, and list it on a page."""
    base = next(site.glob("_tabcorn/*/manifest.json")).parent
    to.mkdir()
    listed: dict[str, list[str]] = {"modules": [], "scripts": [], "bytes": []}

    def put(kind: str, name: str, data: bytes) -> None:
        (to / name).write_bytes(data)
        listed[kind].append(f"./{name}")

    for script in sorted(base.glob("core/*.js")):
        put("scripts", script.name, script.read_bytes())
    for number, (name, asset) in enumerate(
        assets(json.loads((base / "manifest.json").read_text()))
    ):
        data = _unpacked(base, asset)
        kind = "modules" if data.startswith(WASM) else "scripts" if name == "script" else "bytes"
        put(kind, f"{name}-{number}{SUFFIXES[kind]}", data)
    for number, library in enumerate(libraries(wheels_of(_loaded(app)))):
        put("modules", f"library-{number}.wasm", library)
    page = (HERE / "floor/index.html").read_text().replace("{{list}}", json.dumps(listed))
    (to / "index.html").write_text(page)
    shutil.copy(HERE / "floor/floor.js", to)


def assets(manifest: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Find the assets that a visit needs, wherever a manifest has them, by the key they are at."""
    if isinstance(manifest, list):
        for each in manifest:
            yield from assets(each, name)
    elif isinstance(manifest, dict) and not manifest.get("later"):
        if "parts" in manifest:
            yield name, manifest
        else:
            for key, each in manifest.items():
                yield from assets(each, key)


def _unpacked(base: Path, asset: dict[str, Any]) -> bytes:
    stored = b"".join((base / part["path"]).read_bytes() for part in asset["parts"])
    return gzip.decompress(stored) if asset["encoding"] == "gzip" else stored


def _seed(app: App, to: Path) -> None:
    """Put stock Pyodide, micropip, the wheels and the app below /seed/."""
    seed = to / "seed"
    shutil.copytree(HERE / "seed", seed, ignore=shutil.ignore_patterns("__pycache__"))
    core = core_folder(Cache.default(), Silent())
    (seed / "pyodide").mkdir()
    for name in CORE:
        shutil.copy(core / name, seed / "pyodide")
    project = _loaded(app)
    site = {
        "target": app.target,
        "micropip": [_give(wheel, seed) for wheel in installer(to.with_suffix(".installer"))],
        "wheels": [_give(wheel, seed) for wheel in wheels_of(project)],
    }
    (seed / "site.json").write_text(json.dumps(site))
    with zipfile.ZipFile(seed / "app.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in project.files.items():
            archive.writestr(path, data)


def _loaded(app: App) -> Project:
    return load_project(BuildOptions(app.target, app_dir=app.folder))


def _give(wheel: Path, seed: Path) -> str:
    (seed / "wheels").mkdir(exist_ok=True)
    shutil.copy(wheel, seed / "wheels")
    return f"wheels/{wheel.name}"
