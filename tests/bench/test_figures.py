"""Figures of speed are on one page, which only the bench writes; everything else links to it."""

from __future__ import annotations

import re

import pytest

from bench.report import report
from bench.results import load
from tests.browser.sites import ROOT

PAGE = ROOT / "docs/performance.md"

# Requests in a second, so many times as fast, and milliseconds to the tenth: a whole number of them
# may be one that the code has.
FIGURES = re.compile(
    r"\d\.\d+ ?ms\b|\d ?req(?:uests)?(?:/s| per second)|\d ?/s\b|\d ?(?:x|times) (?:faster|slower)",
    re.IGNORECASE,
)

OTHERS = [ROOT / "README.md", *(each for each in sorted(ROOT.glob("docs/*.md")) if each != PAGE)]


def test_the_page_is_what_the_bench_writes() -> None:
    assert PAGE.read_text() == report(load()), "run scripts/bench, or write it with bench.report"


@pytest.mark.parametrize("name", [str(page.relative_to(ROOT)) for page in OTHERS])
def test_other_pages_quote_no_figure(name: str) -> None:
    found = [match[0] for match in FIGURES.finditer((ROOT / name).read_text())]
    assert found == [], "say it by a link to performance.md"


def test_the_readme_times_and_weighs_nothing() -> None:
    assert not re.search(r"\d ?(?:ms|MB)\b", (ROOT / "README.md").read_text())
