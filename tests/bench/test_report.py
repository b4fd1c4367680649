"""The page of figures: medians with their spread, ratios, goals and what became of them."""

from __future__ import annotations

from pathlib import Path

from bench.report import report
from bench.results import Measured, load, save


def measured(engine: str, date: str = "2026-01-02", **values: list[float]) -> Measured:
    named = {f"return visit, {lane}": numbers for lane, numbers in values.items()}
    return Measured("return", engine, f"{engine} 1", "a machine", date, named)


def line(page: str) -> str:
    return next(line for line in page.splitlines() if line.startswith("| Return visit"))


def test_a_row() -> None:
    found = measured("chromium", tabcorn=[450, 400, 500], floor=[300] * 3)
    found.values["return visit, seed's way"] = [5000, 4000, 6000]
    page = report([found])
    assert line(page) == (
        "| Return visit, FastAPI example | 450 ms (400 to 500) "
        "| seed's way 5000 ms (4000 to 6000), ratio 0.09<br>floor 300 ms (300 to 300), ratio 1.50 "
        "| 10x faster than the seed's way<br>at most 1.7x the floor | yes: 11.1x<br>yes: 1.50x |"
    )
    assert "return: 3 runs on 2026-01-02, a machine." in page


def test_other_engines_have_goals_of_their_own() -> None:
    assert line(report([measured("webkit", tabcorn=[700], floor=[300])])).endswith(
        "| at most 2x the floor | **no**: 2.33x |"
    )


def test_a_second_run_replaces_its_own_rows_alone(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    chromium, firefox = measured("chromium", tabcorn=[1]), measured("firefox", tabcorn=[2])
    save([chromium, firefox], file)
    again = measured("firefox", "2026-02-03", tabcorn=[3])
    save([again], file)
    assert load(file) == [chromium, again]
