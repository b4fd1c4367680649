"""Frameworks that need Pyodide's own packages, resolved against its real lock and the real index.

Their files need not be had for that. The floors are releases that were the newest, or nearly so, in
November 2026: wheels alone would have given panel 0.0.1, streamlit 0.8 and mcp 1.9.4.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from tabcorn.build.cache import Cache
from tabcorn.build.plan import make_plan
from tabcorn.build.progress import Silent
from tabcorn.build.requirements import Requirements

pytestmark = pytest.mark.network

FRAMEWORKS = [
    ("nicegui", "3.18", "orjson"),
    ("shiny", "1.8", "orjson"),
    ("panel", "1.10", "numpy pandas pillow nh3"),
    ("gradio", "6.30", "numpy pandas pillow orjson brotli audioop-lts"),
    ("streamlit", "1.67", "numpy pandas pillow pyarrow"),
    ("mcp", "2.3", "cffi cryptography"),
    ("scikit-learn", "1.8", "numpy scipy scikit-learn"),
]


@pytest.mark.parametrize(("name", "floor", "pyodides"), FRAMEWORKS)
def test_a_framework_resolves_in_a_release_of_today(name: str, floor: str, pyodides: str) -> None:
    root = Path(__file__).parent
    plan = make_plan(Requirements(root, inline=(name,)), Cache.default(), Silent())
    versions = {choice.name: choice.version for choice in plan.choices}
    assert Version(versions[name]) >= Version(floor)
    assert {each.name for each in plan.choices if each.origin} >= set(pyodides.split())
    for choice in plan.choices:
        told = any(f"{choice.name} {choice.version}" in note for note in plan.notes)
        assert told or not (choice.origin or choice.index_version)


@pytest.mark.parametrize("name", ["streamlit", "mcp"])
def test_what_python_stands_in_for_is_left_out(name: str) -> None:
    """jsonschema's rpds-py, which Pyodide has too: its stand-in needs no download."""
    root = Path(__file__).parent
    plan = make_plan(Requirements(root, inline=(name,)), Cache.default(), Silent())
    assert "rpds-py" in {each.name for each in plan.left_out}
    assert "rpds-py" not in {each.name for each in plan.choices}
