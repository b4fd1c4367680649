"""The pinned Pyodide is what it says of itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodejs import find_node
from tabcorn.build.progress import Silent
from tabcorn.build.target import MARKERS, tags

ASK = """
import { createRequire } from "node:module";
globalThis.require = createRequire(import.meta.url);
const { loadPyodide } = await import(process.argv[2]);
const pyodide = await loadPyodide();
console.log(pyodide.runPython(process.argv[3]));
"""
MARKERS_OF_THE_INTERPRETER = """
import json, os, platform, sys
json.dumps({
    "implementation_name": sys.implementation.name,
    "implementation_version": platform.python_version(),
    "os_name": os.name,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "sys_platform": sys.platform,
})
"""


def test_tags_are_in_order_of_preference() -> None:
    order = [str(tag) for tag in tags()]
    expected = [
        "cp314-cp314-pyemscripten_2026_0_wasm32",
        "cp314-abi3-pyemscripten_2026_0_wasm32",
        "cp314-none-pyemscripten_2026_0_wasm32",
        "cp313-abi3-pyemscripten_2026_0_wasm32",
        "py3-none-pyemscripten_2026_0_wasm32",
        "py3-none-any",
        "py30-none-any",
    ]
    assert [tag for tag in order if tag in expected] == expected


def test_no_other_platform_fits() -> None:
    assert {tag.platform for tag in tags()} == {"pyemscripten_2026_0_wasm32", "any"}


@pytest.mark.network
def test_the_interpreter_reports_these_markers(tmp_path: Path) -> None:
    core = core_folder(Cache.default(), Silent())
    script = tmp_path / "ask.mjs"
    script.write_text(ASK)
    module = (core / "pyodide.mjs").as_uri()
    node = str(find_node().executable)
    command = [node, str(script), module, MARKERS_OF_THE_INTERPRETER]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == MARKERS
