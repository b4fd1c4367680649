"""The tables say what Pyodide says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodejs import find_node
from tabcorn.build.progress import Silent
from tabcorn.check.abilities import LACKING, REMOVED, code_of_use
from tests.build.test_target import ASK

MODULES_THAT_FAIL = """
import json, sys
from importlib.util import find_spec
names = [name for name in sys.stdlib_module_names if not name.startswith("_")]
failed = [name for name in names if find_spec(name) is None]
json.dumps({"failed": failed, "all": sorted(sys.stdlib_module_names)})
"""


@pytest.mark.network
def test_lacking_modules_are_those_of_pyodide(tmp_path: Path) -> None:
    core = core_folder(Cache.default(), Silent())
    script = tmp_path / "ask.mjs"
    script.write_text(ASK)
    command = [str(find_node().executable), str(script), str(core / "pyodide.mjs")]
    done = subprocess.run(
        [*command, MODULES_THAT_FAIL], capture_output=True, text=True, check=True, timeout=120
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said["failed"]) == LACKING
    assert not REMOVED.intersection(said["all"])


def test_removed_modules_were_once_there() -> None:
    if sys.version_info[:2] == (3, 11):
        assert set(sys.stdlib_module_names) >= REMOVED
    assert not LACKING & REMOVED


def test_names_are_compared_whole() -> None:
    assert code_of_use("subprocess.run") == "process"
    assert code_of_use("subprocess.runner") is None
    assert code_of_use("os.execvpe") == "process"
    assert code_of_use("os.path.exists") is None
    assert code_of_use("multiprocessing.cpu_count") is None
    assert code_of_use("my.subprocess.run") is None
