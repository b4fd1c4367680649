"""multiprocessing without its compiled part, as Pyodide has it (tests/server/test_pyodide.py)."""

import importlib
import multiprocessing
import sys

import pytest

from tabcorn.server.adaptations.multiprocessing import SemLock, add_compiled_part


@pytest.fixture
def _missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_multiprocessing", None)
    monkeypatch.delitem(sys.modules, "multiprocessing.synchronize", raising=False)


@pytest.mark.usefixtures("_missing")
def test_its_parts_can_be_imported_and_say_why_they_do_not_work() -> None:
    add_compiled_part(multiprocessing)
    synchronize = importlib.import_module("multiprocessing.synchronize")
    with pytest.raises(OSError, match="starts no processes"):
        synchronize.Event(ctx=multiprocessing.get_context())


def test_nothing_that_is_there_is_replaced() -> None:
    add_compiled_part(multiprocessing)
    assert sys.modules["_multiprocessing"].SemLock is not SemLock
