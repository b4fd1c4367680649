"""The parts of a site that are tabcorn's own: browser runtime, shell document, Python server.

Of the runtime come the scripts that something starts, each with all that it imports.

Runs on CPython at build time; reads the installed package and changes nothing in what it reads.
"""

from collections.abc import Mapping
from pathlib import Path

from tabcorn.build.joined import join
from tabcorn.build.pagescript import page_script, sockets_script
from tabcorn.build.site import DOCUMENT, fill_document

PACKAGE = Path(__file__).parent.parent
SCRIPTS = ("shell/main.js", "host/main.js", "host/snapshot/maker.js", "sw/main.js")


def runtime_files(core: Path, title: str, page_port: bool) -> dict[str, bytes]:
    """Collect the build's plain files: path relative to the build's folder -> contents."""
    modules = runtime_modules()
    files = {f"runtime/{path}": join(modules, path) for path in SCRIPTS}
    files["runtime/page.js"] = page_script(modules, page_port).encode()
    files["runtime/sockets.js"] = sockets_script(modules).encode()
    template = (PACKAGE / "runtime/shell/document.html").read_text(encoding="utf-8")
    # A neutral name: some hosts redirect, rewrite or refuse .html, and octet-stream kills .mjs.
    files[DOCUMENT] = fill_document(template, title)
    files["core/pyodide.js"] = (core / "pyodide.mjs").read_bytes()
    return files


def server_files() -> Mapping[str, bytes]:
    """Collect the server's modules by their path in site-packages."""
    paths = [PACKAGE / "__init__.py", *(PACKAGE / "server").rglob("*.py")]
    return {f"tabcorn/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in paths}


def runtime_modules() -> dict[str, bytes]:
    """Read the runtime's own modules, by their path in runtime/."""
    folder = PACKAGE / "runtime"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.js")}
