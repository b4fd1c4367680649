import ast
import sys
from pathlib import Path

import tabcorn

PACKAGE = Path(tabcorn.__file__).parent
OF_PYODIDE = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"}


def imported(path: Path) -> set[str]:
    """Return the top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def test_only_the_bridge_imports_pyodide() -> None:
    importers = [path for path in PACKAGE.rglob("*.py") if imported(path) & OF_PYODIDE]
    assert importers == [PACKAGE / "server" / "bridge.py"]


def test_the_server_stands_on_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"tabcorn"} | OF_PYODIDE
    for path in (PACKAGE / "server").rglob("*.py"):
        assert imported(path) <= allowed, path


def test_the_server_imports_nothing_of_the_build() -> None:
    for path in (PACKAGE / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tabcorn"):
                assert (node.module or "").startswith("tabcorn.server"), path
