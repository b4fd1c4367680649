"""Every example is in both tables and has a test; the tables tell the versions it is built with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.browser.sites import ROOT, pinned

FOLDERS = sorted(each.parent for each in ROOT.glob("examples/*/pyproject.toml"))
TABLES = ("examples/README.md", "docs/frameworks.md")


def rows(table: str, folder: Path) -> list[str]:
    """Return the table's rows that lead to the example."""
    page = ROOT / table

    def leads_there(line: str) -> bool:
        links = re.findall(r"\]\(([^)\s]+)\)", line)
        return folder in [(page.parent / link).resolve() for link in links]

    return [line for line in page.read_text().splitlines() if line[:1] == "|" and leads_there(line)]


def declared(folder: Path) -> list[str]:
    """Return the packages that the example requires, without their versions."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return [re.split(r"[^\w.-]", each)[0] for each in project["dependencies"]]


def test_every_folder_is_an_example() -> None:
    found = set((ROOT / "examples").glob("[!.]*/"))
    assert found == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_has_a_test(folder: Path) -> None:
    test = ROOT / "tests/examples" / f"test_{folder.name}.py"
    assert re.search(r"^EXAMPLE = ", test.read_text(), re.MULTILINE)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_has_a_row_that_tells_its_versions(folder: Path, table: str) -> None:
    (row,) = rows(table, folder)
    versions = pinned()
    first = declared(folder)[0]
    assert f"{first} {versions[first]}" in row
    told = dict(re.findall(r"(?<=[ ,|])([a-z][\w.-]*) (\d[\w.]*\.[\w.]+)(?=[,; ])", row))
    assert told == {name: versions[name] for name in told}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_in_it_knows_tabcorn(folder: Path) -> None:
    for file in folder.rglob("*.py"):
        code = re.sub(r'"{3}.*?"{3}', "", file.read_text(), flags=re.DOTALL)
        assert "tabcorn" not in code, file.name
