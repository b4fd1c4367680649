"""Bytecode by the tab's own Python, found again when sources are equal."""

from pathlib import Path
from typing import Any

import pytest

from tabcorn.build import bytecode
from tabcorn.build.bytecode import (
    Compiled,
    Sources,
    beside_sources,
    compile_all,
    python_sources,
    stdlib_files,
    stdlib_sources,
)
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodetask import run_task
from tabcorn.build.progress import Silent


def test_only_python_files_are_sources() -> None:
    assert python_sources("app", {"a.py": b"1", "b.txt": b"2"}) == Sources("app", {"a.py": b"1"})


def test_the_key_depends_on_place_names_and_contents() -> None:
    key = Sources("app", {"a.py": b"1"}).key
    assert Sources("app", {"a.py": b"1"}).key == key
    others = [
        Sources("lib", {"a.py": b"1"}),
        Sources("app", {"b.py": b"1"}),
        Sources("app", {"a.py": b"2"}),
    ]
    assert key not in {each.key for each in others}


def test_bytecode_lies_where_the_import_system_looks() -> None:
    compiled = Compiled({"main.py": b"1", "pkg/web.py": b"2"}, {})
    assert beside_sources(compiled) == {
        "__pycache__/main.cpython-314.pyc": b"1",
        "pkg/__pycache__/web.cpython-314.pyc": b"2",
    }


@pytest.fixture(scope="module")
def core() -> Path:
    return core_folder(Cache.default(), Silent())


@pytest.mark.network
def test_groups_are_compiled_in_one_run_and_kept(
    core: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = [
        Sources("app", {"main.py": b"x = t'{1}'\n", "bad.py": b"x = (\n"}),  # Python 3.14's syntax
        Sources("lib", {"main.py": b"y = 2\n"}),
        Sources("lib", {}),
    ]
    runs: list[int] = []

    def counted(*args: Any) -> dict[str, Any]:
        runs.append(1)
        return run_task(*args)

    monkeypatch.setattr(bytecode, "run_task", counted)
    first = compile_all(groups, core, Cache(tmp_path))
    assert [sorted(each.code) for each in first] == [["main.py"], ["main.py"], []]
    assert "'(' was never closed" in first[0].errors["bad.py"]
    assert first[0].code["main.py"] != first[1].code["main.py"]
    assert compile_all(groups, core, Cache(tmp_path)) == first
    assert runs == [1]


@pytest.mark.network
def test_bytecode_is_never_checked_against_its_source(core: Path, tmp_path: Path) -> None:
    (compiled,) = compile_all([Sources("app", {"a.py": b"x = 1\n"})], core, Cache(tmp_path))
    flags = int.from_bytes(compiled.code["a.py"][4:8], "little")
    assert flags == 0b01  # hash-based, unchecked (PEP 552)
    assert b"/app/a.py" in compiled.code["a.py"]


@pytest.mark.network
def test_the_standard_library_has_bytecode_only(core: Path) -> None:
    (compiled,) = compile_all([stdlib_sources(core)], core, Cache.default())
    assert compiled.errors == {}
    names = stdlib_files(core, compiled)
    assert "/lib/python314.zip/json/__init__.pyc" in names
    assert not [name for name in names if name.endswith(".py")]
