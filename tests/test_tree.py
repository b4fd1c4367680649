"""Rules on the tree that no other tool checks: what may be named, what must be documented."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.browser.sites import ROOT

# Whoever installs this chooses where packages come from: no file names an index or a mirror.
INDEXES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org")

PROTOCOL = ROOT / "src/tabcorn/runtime/protocol.d.ts"


def tracked() -> list[str]:
    """List the files under version control, as text."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("no git, or no repository: nothing says which files are the project's")
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_package_index_is_named() -> None:
    for name in tracked():
        text = (ROOT / name).read_text(errors="replace")
        assert not [index for index in INDEXES if index in text], name


def test_lock_of_the_checker_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_message_is_documented() -> None:
    declared = re.findall(r"^export interface (\w+)", PROTOCOL.read_text(), re.MULTILINE)
    assert declared
    told = (ROOT / "docs/protocol.md").read_text()
    assert [name for name in declared if not re.search(rf"\b{name}\b", told)] == []


def test_every_script_says_what_it_does() -> None:
    for script in (ROOT / "scripts").iterdir():
        second = script.read_text().splitlines()[0 if script.suffix else 1]
        assert second.startswith("# "), script.name


def test_every_module_says_what_it_owns() -> None:
    for module in (ROOT / "src/tabcorn").glob("*/**/*.py"):
        assert module.read_text().startswith('"""'), module.relative_to(ROOT)


def test_runtime_needs_no_build_step() -> None:
    """What a browser runs is what is written: modules that import each other by file name."""
    for module in (ROOT / "src/tabcorn/runtime").rglob("*.js"):
        imported = re.findall(r'^(?:import|export) .*?from "([^"]+)"', module.read_text(), re.M)
        for name in imported:
            assert (module.parent / name).is_file(), f"{module.relative_to(ROOT)} imports {name}"
