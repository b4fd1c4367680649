# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG005

import importlib
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tabcorn.server import imports


@pytest.fixture(autouse=True)
def _finders_as_they_were(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(tmp_path)


def write(folder: Path, name: str) -> None:
    (folder / f"{name}.py").write_text("value = 1\nseen = __spec__.loader\n")


def test_a_follower_is_called_with_the_finished_module(tmp_path: Path) -> None:
    write(tmp_path, "followed_one")
    seen: list[int] = []
    imports.follow({"followed_one": lambda module: seen.append(module.value)})
    assert seen == []
    importlib.import_module("followed_one")
    importlib.import_module("followed_one")
    assert seen == [1]


def test_the_module_shows_no_trace(tmp_path: Path) -> None:
    write(tmp_path, "followed_two")
    imports.follow({"followed_two": lambda module: None})
    module = importlib.import_module("followed_two")
    assert isinstance(module.__loader__, SourceFileLoader)
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.seen is module.__loader__


def test_a_module_that_was_imported_already() -> None:
    seen: list[ModuleType] = []
    imports.follow({"json": seen.append})
    import json

    assert seen == [json]


def test_a_module_that_is_not_there() -> None:
    imports.follow({"followed_nowhere": lambda module: None})
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("followed_nowhere")


def test_one_finder_serves_all() -> None:
    imports.follow({"followed_a": lambda module: None})
    imports.follow({"followed_b": lambda module: None})
    assert sum(isinstance(f, imports.FollowingFinder) for f in sys.meta_path) == 1
