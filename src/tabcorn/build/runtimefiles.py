"""The parts of a site that are tabcorn's own: browser runtime, shell document, Python server.

Runs on CPython at build time; reads the installed package and changes nothing in what it reads.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath

from tabcorn.build.site import DOCUMENT, fill_document

PACKAGE = Path(__file__).parent.parent
_IMPORT = re.compile(r"""^(?:import|export)\b[^"']*["'](\.[^"']+)["'];$""", re.MULTILINE)
_SHIPPED = {".js", ".css", ".svg", ".png"}


def runtime_files(core: Path, title: str) -> dict[str, bytes]:
    """Collect the build's plain files: path relative to the build's folder -> contents."""
    files = {f"runtime/{path}": data for path, data in _tree(PACKAGE / "runtime").items()}
    template = (PACKAGE / "runtime/shell/document.html").read_text(encoding="utf-8")
    # A neutral name: some hosts redirect, rewrite or refuse .html, and octet-stream kills .mjs.
    modules = sorted(
        imported(files, "runtime/shell/main.js") | imported(files, "runtime/host/main.js")
    )
    paths = [path.removeprefix("runtime/") for path in modules]
    files[DOCUMENT] = fill_document(template, title, paths)
    files["core/pyodide.js"] = (core / "pyodide.mjs").read_bytes()
    return files


def server_files() -> Mapping[str, bytes]:
    """Collect the server's modules by their path in site-packages."""
    paths = [PACKAGE / "__init__.py", *(PACKAGE / "server").rglob("*.py")]
    return {f"tabcorn/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in paths}


def imported(files: Mapping[str, bytes], path: str) -> set[str]:
    """Name the modules that a module imports, and itself."""
    found: set[str] = set()
    waiting = {path}
    while waiting:
        module = waiting.pop()
        found.add(module)
        names = _IMPORT.findall(files[module].decode())
        waiting |= {normpath(f"{module}/../{name}") for name in names} - found
    return found


def _tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.suffix in _SHIPPED and path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
