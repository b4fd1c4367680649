"""Whole builds on Pyodide's own packages, by the command line: first, by the lock, and spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.lockfile import NAME
from tests.browser.sites import tabcorn
from tests.build.emscripten import make_app
from tests.build.imitation import Server, serving
from tests.build.making import warm

pytestmark = pytest.mark.network


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def test_lock_build_and_what_can_go_wrong(tmp_path: Path, with_core: Cache) -> None:
    app, theirs = make_app(tmp_path)
    site = tmp_path / "site"
    with serving(theirs.folder) as server:
        place = ("--pyodide-distribution", server.url)
        empty = warm(Cache(tmp_path / "empty"))

        def run(*arguments: str, cache: Cache = with_core) -> str:
            done = tabcorn(*arguments, folder=app, TABCORN_CACHE_DIR=str(cache.root))
            return f"{done.returncode} {done.stdout}{done.stderr}"

        locked = run("lock", "main:app", *place)
        assert "From Pyodide's distribution: jiter" in locked
        text = (app / NAME).read_text()
        assert text.count('from = "pyodide"') == 3
        assert text.count("[[tool.tabcorn.libraries]]") == 2
        build = ("build", "main:app", "-o", str(site))
        assert run(*build, *place, "--offline").startswith("0 "), "the lock has fetched it all"
        before = tree(site)
        assert run(*build, *place).startswith("0 ")
        assert tree(site) == before

        for words, faults in _faults(server).items():
            server.faults = faults
            said = run(*build, *place, cache=empty)
            assert said.startswith("1 "), words
            assert words in said
            assert tree(site) == before
            assert list((empty.root / "blobs").rglob("user-*")) == []
        server.faults = {}


def _faults(server: Server) -> dict[str, dict[str, list[str]]]:
    (user,) = server.folder.glob("user-*")
    return {
        "is not the file that the lock names": {user.name: ["other"]},
        "answered 404 Not Found": {user.name: ["missing"]},
        "bytes.\nIt is a part of Pyodide 314.0.7's own distribution": {user.name: ["cut"] * 3},
    }
