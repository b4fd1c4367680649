"""Write the page of figures from what was measured. Nothing else writes figures into the docs."""

from __future__ import annotations

import statistics
from pathlib import Path

from bench.goals import GROUPS, MEGABYTES, MS, ROWS, Goal, Row
from bench.results import Measured
from tests.browser.fixtures import ENGINES

INTRODUCTION = Path(__file__).with_name("introduction.md")


def report(measured: list[Measured]) -> str:
    """Return the page."""
    parts = [INTRODUCTION.read_text()]
    for engine in ENGINES:
        found = {each.group: each for each in measured if each.engine == engine}
        if found:
            parts.append(_section(engine, found))
    return "".join(parts)


def _section(engine: str, found: dict[str, Measured]) -> str:
    browsers = sorted({each.browser for each in found.values()})
    title = f"\n## {', '.join(browsers)}\n\n"
    head = "| what | tabcorn | beside it | goal | reached |\n|---|---|---|---|---|\n"
    lines = [_line(row, found[row.group], engine) for row in ROWS if row.group in found]
    return title + head + "".join(lines) + _provenance(found)


def _line(row: Row, measured: Measured, engine: str) -> str:
    values = measured.values
    if row.series not in values:
        return ""
    beside = [
        f"{label} {_figure(values[name], row.unit)}{_ratio(row, values, name)}"
        for label, name in row.beside
        if name in values
    ]
    goals = [told for goal in row.goals if (told := _judged(goal, row, values, engine))]
    goal = "<br>".join(text for text, _ in goals)
    reached = "<br>".join(verdict for _, verdict in goals)
    figure = _figure(values[row.series], row.unit)
    return f"| {row.title} | {figure} | {'<br>'.join(beside)} | {goal} | {reached} |\n"


def _figure(numbers: list[float], unit: str) -> str:
    middle, least, most = statistics.median(numbers), min(numbers), max(numbers)
    spread = "" if len(numbers) == 1 else f" ({_number(least)} to {_number(most)})"
    return f"{_number(middle)} {unit}{spread}".replace(" /s", "/s")


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _ratio(row: Row, values: dict[str, list[float]], name: str) -> str:
    if row.unit not in (MS, MEGABYTES) or not statistics.median(values[name]):
        return ""
    ratio = statistics.median(values[row.series]) / statistics.median(values[name])
    return f", ratio {ratio:.2f}"


def _judged(
    goal: Goal, row: Row, values: dict[str, list[float]], engine: str
) -> tuple[str, str] | None:
    """Say a goal in words, and whether it is reached; None where it is none."""
    limit = goal.limit if engine == "chromium" else goal.elsewhere
    if limit is None or (goal.to and goal.to not in values):
        return None
    figure = statistics.median(values[row.series])
    other = statistics.median(values[goal.to]) if goal.to else 1.0
    if goal.times_faster:
        got = other / figure
        return f"{limit:g}x faster than {_called(goal, row)}", _verdict(got >= limit, f"{got:.1f}x")
    got = figure / other
    good = got >= limit if goal.least else got <= limit
    word = "at least" if goal.least else "at most"
    if goal.to:
        return f"{word} {limit:.3g}x {_called(goal, row)}", _verdict(good, f"{got:.2f}x")
    return f"{word} {limit:g} {row.unit}", _verdict(good, f"{got:.1f} {row.unit}")


def _called(goal: Goal, row: Row) -> str:
    label = next((label for label, name in row.beside if name == goal.to), "")
    return {"floor": "the floor", "seed's way": "the seed's way"}.get(label, label)


def _verdict(good: bool, got: str) -> str:
    return f"yes: {got}" if good else f"**no**: {got}"


def _provenance(found: dict[str, Measured]) -> str:
    """Say when and on what; one sentence where all was measured together."""
    lines: dict[tuple[str, str, int], list[str]] = {}
    for group in GROUPS:
        if group in found:
            each = found[group]
            runs = max(len(numbers) for numbers in each.values.values())
            lines.setdefault((each.machine, each.date, runs), []).append(group)
    told = [
        f"{', '.join(groups)}: {runs} runs on {date}, {machine}."
        for (machine, date, runs), groups in lines.items()
    ]
    return "\n" + "  \n".join(told) + "\n"
