"""The documentation names what is there, and all of it: links, scripts, examples, variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.sites import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


def everything() -> str:
    return "\n".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        file, _, heading = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        aim = (page.parent / file) if file else page
        assert aim.exists(), f"{target} is not there"
        if heading and aim.suffix == ".md":
            assert heading in headings(aim), f"{target}: no such heading"


def headings(page: Path) -> set[str]:
    """Return the anchors of a page as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_script_is_documented() -> None:
    text = everything()
    scripts = [file.name for file in (ROOT / "scripts").iterdir() if not file.suffix]
    assert [name for name in scripts if f"scripts/{name}" not in text] == []


def test_every_environment_variable_is_documented() -> None:
    sources = [*ROOT.glob("src/**/*.py"), *ROOT.glob("src/**/*.js"), *ROOT.glob("scripts/*")]
    read = {name for file in sources for name in re.findall(r"\bTABCORN_[A-Z_]+", file.read_text())}
    assert [name for name in sorted(read) if name not in everything()] == []
