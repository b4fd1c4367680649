"""The one Pyodide that sites are built for: its version, tags, markers and core files.

Runs on CPython at build time. Everything that depends on Pyodide's version is in this file;
`tests/build/test_target.py` compares it with what the interpreter says of itself.
"""

from __future__ import annotations

from functools import cache

from packaging.markers import Environment
from packaging.tags import Tag, compatible_tags, cpython_tags

PYODIDE_VERSION = "314.0.7"
PYTHON_VERSION = "3.14"
PYTHON_FULL_VERSION = "3.14.2"
PLATFORM_TAG = "pyemscripten_2026_0_wasm32"

DISTRIBUTION_URL = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE_VERSION}/full/"
"""Where Pyodide's own distribution is: pyodide.mjs has the same address."""

MARKERS: Environment = {
    "implementation_name": "cpython",
    "implementation_version": PYTHON_FULL_VERSION,
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_release": "5.0.3",
    "platform_system": "Emscripten",
    "platform_version": "#1",
    "python_full_version": PYTHON_FULL_VERSION,
    "python_version": PYTHON_VERSION,
    "sys_platform": "emscripten",
}
"""The environment of PEP 508, as this Pyodide reports it."""

CORE_FILES = {
    "package.json": "40ca48e43ce4ddc68412d5b7a7ca9e2477cd4f0e672277ae468ac2245717079b",
    "pyodide-lock.json": "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
}
"""sha256 of each file of the npm package that a build uses; no other file of it is kept."""


@cache
def tags() -> tuple[Tag, ...]:
    """List the wheel tags that this Pyodide can install, the preferred first."""
    version = (3, 14)
    return (
        *cpython_tags(version, abis=["cp314"], platforms=[PLATFORM_TAG]),
        *compatible_tags(version, interpreter="cp314", platforms=[PLATFORM_TAG]),
    )
