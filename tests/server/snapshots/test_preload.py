"""Importing packages ahead of the app."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tabcorn.server.snapshots.preload import preload


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("first_one", "second_one", "broken_one", "leaves"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def test_modules_come_in_their_order_and_those_that_are_there_are_not_named(packages: Path) -> None:
    (packages / "first_one.py").write_text("import second_one")
    (packages / "second_one.py").touch()
    assert preload(["first_one", "second_one", "json"]) == (["first_one"], {})


def test_what_fails_is_told_and_the_others_go_on(packages: Path) -> None:
    (packages / "broken_one.py").write_text("1 / 0")
    (packages / "leaves.py").write_text("raise SystemExit(3)")
    (packages / "first_one.py").touch()
    imported, failed = preload(["broken_one", "leaves", "first_one", "not_there_at_all"])
    assert imported == ["first_one"]
    assert failed == {
        "broken_one": "ZeroDivisionError: division by zero",
        "leaves": "SystemExit: 3",
        "not_there_at_all": "ModuleNotFoundError: No module named 'not_there_at_all'",
    }
