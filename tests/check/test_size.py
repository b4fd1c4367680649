"""The figures are stated, and what is over the budget names what weighs most."""

from __future__ import annotations

import random

import pytest

from tabcorn.check import size
from tests.build.making import make_wheel
from tests.check.making import HEADER, Project

APP = "async def app(scope, receive, send): ...\n"


def test_parts_add_up(project: Project) -> None:
    make_wheel(project.wheels, {"pure.py": "x = 1\n" * 1000}, "pure")
    report = project.check(HEADER.format('"pure"') + APP)
    assert report.findings == ()
    assert 50 < report.sizes["pure"] < 2000
    assert set(report.sizes) == {"Python", "pure", "the app's files"}


def test_over_the_budget(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(size.BUDGET, "download", size.INTERPRETER + 10_000)
    noise = "".join(random.Random(1).choices("0123456789abcdef", k=40_000))
    report = project.check({"main.py": APP, "noise.txt": noise})
    (finding,) = report.findings
    assert finding.code == "size"
    assert "the app's files 0.0 MB" in finding.fix
    assert report.fails(strict=True)
    assert not report.fails(strict=False)
