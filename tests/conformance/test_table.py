"""docs/conformance.md says what cases.py says."""

from __future__ import annotations

from tests.browser.sites import ROOT
from tests.conformance.cases import SUITES
from tests.conformance.model import table


def test_table_is_up_to_date() -> None:
    written = (ROOT / "docs/conformance.md").read_text()
    assert written == table(SUITES), "run scripts/conformance"


def test_every_case_is_there_once() -> None:
    for suite in SUITES:
        assert len(set(map(repr, suite.cases))) == len(suite.cases)
