"""docs/conformance.md: the suites as Markdown, by what they expect; no browser is run."""

from __future__ import annotations

from collections import Counter

from tests.browser.fixtures import ENGINES
from tests.conformance.model import Difference, Suite

INTRODUCTION = """# Conformance

The same app under uvicorn and in a tab, asked the same by a page in the same browser. Equal means
that status, headers and body are: the headers of the connection between two machines, and the
values of `date` and `server`, are left out. The tables are the expectation of tests/conformance,
which fails when a browser shows anything else, or no longer shows a difference that is listed.
Written by `scripts/conformance`; do not edit.
"""


def report(suites: tuple[Suite, ...]) -> str:
    """Write the whole page."""
    return "\n".join([INTRODUCTION, summary(suites), why(suites), *map(section, suites)])


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def summary(suites: tuple[Suite, ...]) -> str:
    """Say for each app and engine how many requests gave equal answers."""
    lines = [row("app", "what", "requests", *ENGINES), "|---" * (3 + len(ENGINES)) + "|"]
    lines += [
        row(f"[{suite.app.key}](#{suite.app.key})", suite.title, *counts((suite,)))
        for suite in suites
    ]
    return "\n".join(["## Equal answers", "", *lines, row("all", "", *counts(suites)), ""])


def counts(suites: tuple[Suite, ...]) -> list[str]:
    cases = [case for suite in suites for case in suite.cases]
    equal = [sum(case.difference(engine) is None for case in cases) for engine in ENGINES]
    return [str(len(cases)), *map(str, equal)]


def why(suites: tuple[Suite, ...]) -> str:
    """Say for each reason and engine how many answers it touches, and what in them."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for suite in suites:
        for case in suite.cases:
            for engine in ENGINES:
                if difference := case.difference(engine):
                    key = difference.why, ", ".join(sorted(difference.parts))
                    found.setdefault(key, Counter())[engine] += 1
    lines = [row("why", "what differs", *ENGINES), "|---" * (2 + len(ENGINES)) + "|"]
    for key, number in sorted(found.items(), key=lambda item: (-item[1].total(), item[0])):
        lines.append(row(*key, *(number[engine] for engine in ENGINES)))
    return "\n".join(["## What differs", "", *lines, ""])


def section(suite: Suite) -> str:
    """Write a row a case, and the reasons below."""
    reasons: list[str] = []

    def mark(difference: Difference | None) -> str:
        if difference is None:
            return "="
        reason = difference.why
        if reason not in reasons:
            reasons.append(reason)
        return f"[{reasons.index(reason) + 1}]"

    rows = []
    for case in suite.cases:
        differences = (case.difference(engine) for engine in ENGINES)
        request = f"`{case.method} {case.path.replace('|', '%7C')}`"
        rows.append(row(case.name, request, *map(mark, differences)))
    head = [f"## {suite.app.key}", "", row("case", "request", *ENGINES)]
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, start=1)]
    return "\n".join([*head, "|---" * (2 + len(ENGINES)) + "|", *rows, "", *notes, ""])
