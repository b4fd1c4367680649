"""docs/conformance.md says what the suite says."""

from __future__ import annotations

from tests.browser.sites import ROOT
from tests.conformance.report import report
from tests.conformance.suites import SUITES


def test_table_is_up_to_date() -> None:
    written = (ROOT / "docs/conformance.md").read_text()
    assert written == report(SUITES), "run scripts/conformance"


def test_every_case_is_there_once() -> None:
    for suite in SUITES:
        assert len(set(map(repr, suite.cases))) == len(suite.cases)
