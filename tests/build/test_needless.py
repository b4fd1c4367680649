"""What is left out of a tree of files, and what stays although it looks needless."""

from __future__ import annotations

import pytest

from tabcorn.build.needless import is_needed, without_needless


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("p/m.py", True),
        ("p/m.pyi", False),
        ("p/py.typed", True),
        ("p/__pycache__/m.cpython-311.pyc", False),
        ("p/m.pyc", True),  # all that there is of a module, perhaps
        ("p/m.cpython-314-wasm32-emscripten.so", True),
        ("p/_fast.pyx", False),
        ("p/_fast.pxd", False),
        ("p/_fast.c", False),
        ("p/include/p.h", True),  # cffi may read one
        ("types_stubs/__init__.pyi", False),
    ],
)
def test_by_the_path_alone(path: str, needed: bool) -> None:
    assert is_needed(path) is needed


def left(files: dict[str, str], main: str = "") -> set[str]:
    return set(without_needless({path: text.encode() for path, text in files.items()}, main))


def test_folders_of_tests_go() -> None:
    files = {"p/m.py": "", "p/tests/t.py": "", "tests/data/x.json": "", "p/test/api.py": ""}
    assert left(files) == {"p/m.py", "p/test/api.py"}


@pytest.mark.parametrize(
    "statement", ["from .tests import suite", "    import p.tests.x", "from p import a, tests"]
)
def test_tests_that_something_imports_stay(statement: str) -> None:
    files = {"p/m.py": statement, "p/tests/__init__.py": ""}
    assert left(files) == set(files)


def test_tests_that_only_tests_import_go() -> None:
    assert left({"p/m.py": "", "p/tests/t.py": "from p.tests import x"}) == {"p/m.py"}


def test_nothing_goes_where_all_is_tests() -> None:
    files = {"tests/a.py": "", "thing-1.0.dist-info/METADATA": ""}
    assert left(files) == set(files)


def test_the_app_may_be_among_the_tests() -> None:
    files = {"setup.py": "", "tests/app.py": "", "tests/pages/a.html": ""}
    assert left(files, "tests/app.py") == set(files)


def test_catalogs_that_are_compiled_go() -> None:
    files = {"p/de/a.po": "", "p/de/a.mo": "", "p/fr/a.po": ""}
    assert left(files) == {"p/de/a.mo", "p/fr/a.po"}
