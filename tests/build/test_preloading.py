"""What may be imported ahead of an app, and what must not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.options import BuildOptions
from tabcorn.build.pipeline import build
from tabcorn.build.preloading import preloadable
from tabcorn.build.reporter import Quiet
from tests.build.making import make_wheel

SITE = "/lib/python3.14/site-packages"


def seen(origin: str, **did: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"entropy": 0, "clocks": 0, "changed_variables": [], "opened": []}
    return {**nothing, "imports": [], "from": origin, **did}


def package(name: str, **did: Any) -> dict[str, Any]:
    return seen(f"{SITE}/{name}.py", **did)


def test_packages_are_and_the_apps_modules_are_not() -> None:
    watched = {
        "main": seen("/app/main.py", imports=["web", "json"]),
        "json": seen("/lib/python314.zip/json/__init__.pyc"),
        "web": package("web"),
        "_heapq": seen("built-in"),
    }
    assert preloadable(watched) == ["json", "web", "_heapq"]


@pytest.mark.parametrize(
    "did",
    [
        {"entropy": 1},
        {"clocks": 1},
        {"changed_variables": ["MODE"]},
        {"opened": ["/app/data.txt"]},
        {"opened": ["relative.txt"]},
    ],
    ids=lambda did: next(iter(did)),
)
def test_what_is_not_the_same_at_each_boot_is_not_and_neither_is_who_imports_it(did: Any) -> None:
    watched = {
        "draws": package("draws", **did),
        "uses": package("uses", imports=["draws"]),
        "far": package("far", imports=["uses"]),
        "draws.part": package("draws/part"),
        "other": package("other", opened=[f"{SITE}/other/data.json"]),
    }
    assert preloadable(watched) == ["other"]


def test_draws_that_are_taken_care_of_do_not_count() -> None:
    watched = {
        "random": seen("/lib/python314.zip/random.pyc", entropy=10),
        "opentelemetry.context": package("opentelemetry/context", entropy=3),
    }
    assert preloadable(watched) == list(watched)


def test_who_imports_a_module_of_the_app_waits_for_the_app() -> None:
    watched = {"settings": seen("/app/settings.py"), "web": package("web", imports=["settings"])}
    assert preloadable(watched) == []


def test_a_module_from_nowhere_belongs_to_its_package() -> None:
    watched = {
        "six": package("six", imports=["six.moves"]),
        "six.moves": seen(""),
        "made_by_the_app": seen(""),
        "user": package("user", imports=["made_by_the_app"]),
    }
    assert preloadable(watched) == ["six"]  # the other comes along with it


def test_what_cannot_be_imported_ahead_is_left_to_the_app() -> None:
    watched = {"needs": package("needs"), "web": package("web", imports=["needs"])}
    assert preloadable(watched, {"needs"}) == []


APP = """
import os
import {imported}
os.environ["MODE"] = "of the app"
import asks
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    await send({{"type": "http.response.body", "body": asks.MODE.encode()}})
"""

PACKAGES = {
    "asks": "import os\nMODE = os.environ.get('MODE', 'none')",
    "asks_first": "import os\nMODE = os.environ.get('MODE', 'none')",
    "draws": "import secrets\nKEY = secrets.token_hex()",
    "uses": "from draws import KEY",
    "ticks": "import time\nNOW = time.time()",
    "year": "import datetime\nNOW = datetime.datetime.now()",
    "plain": "import random, logging\nX = 1",
    "imports_the_app": "import own",
    "opens": "DATA = open('data.txt').read()",
    "needs_the_app": "import os, sys\nassert sys.modules['main']",
}


@pytest.mark.network
def test_a_real_app_is_watched_and_tried(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name, source in PACKAGES.items():
        make_wheel(wheels, {f"{name}.py": source}, name)
    (folder / "main.py").write_text(APP.format(imported=", ".join(sorted(PACKAGES)[1:])))
    (folder / "own.py").touch()
    (folder / "data.txt").touch()
    names = "\n".join(name.replace("_", "-") for name in PACKAGES)
    (folder / "requirements.txt").write_text(f"--find-links {wheels}\n{names}\n")
    modules = snapshot_of(folder, tmp_path / "site")["modules"]
    assert [name for name in modules if name in PACKAGES] == ["asks_first", "plain"]
    assert snapshot_of(folder, tmp_path / "off", snapshot=False) is None


def snapshot_of(folder: Path, site: Path, **options: Any) -> Any:
    chosen = BuildOptions("main:app", app_dir=folder, **options)
    built = build(chosen, site, Cache.default(), Quiet())
    manifest = site / "_tabcorn" / built.build / "manifest.json"
    return json.loads(manifest.read_text())["snapshot"]
