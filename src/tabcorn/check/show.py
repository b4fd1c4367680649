"""A report for people, and for machines (docs/check.md describes the JSON and its version).

Runs on CPython. Only the report goes to stdout; progress and errors go to stderr.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from rich.console import Console
from rich.text import Text

from tabcorn import __version__
from tabcorn.check.findings import Finding, Severity
from tabcorn.check.run import Report

JSON_VERSION = 1
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_text(report: Report, console: Console) -> None:
    """Print every finding in four lines, and what they come to."""
    for finding in report.findings:
        console.print(_heading(finding), soft_wrap=True)
        console.print(Text(f"  {_sentence(finding.what)}"), soft_wrap=True)
        console.print(Text(f"  Why: {finding.why}"), soft_wrap=True)
        console.print(Text(f"  Do:  {finding.fix}\n"), soft_wrap=True)
    total, budget = sum(report.sizes.values()) / 1e6, report.budget / 1e6
    console.print(f"{report.target}: {_counted(report)}.", markup=False, soft_wrap=True)
    size = f"A first visit downloads about {total:.1f} MB (budget {budget:.0f} MB)."
    console.print(size, markup=False, soft_wrap=True)


def as_json(report: Report, strict: bool) -> str:
    """Write the report as one JSON object."""
    counts = Counter(finding.severity for finding in report.findings)
    return json.dumps(
        {
            "version": JSON_VERSION,
            "tabcorn": __version__,
            "target": report.target,
            "ok": not report.fails(strict),
            "counts": {each.word: counts[each] for each in reversed(Severity)},
            "findings": [_as_dict(finding) for finding in report.findings],
            "size": {
                "download": sum(report.sizes.values()),
                "budget": report.budget,
                "parts": dict(report.sizes),
            },
        },
        indent=2,
    )


def _as_dict(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.word,
        "file": finding.file,
        "line": finding.line,
        "package": finding.package,
        "what": finding.what,
        "why": finding.why,
        "fix": finding.fix,
    }


def _heading(finding: Finding) -> Text:
    place = ":".join(str(part) for part in (finding.file, finding.line) if part)
    heading = Text(finding.severity.word, style=_STYLES[finding.severity])
    return heading.append(f"[{finding.code}]", style="default").append(f" {place}", style="bold")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!")) else f"{text}."


def _counted(report: Report) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    said = [
        f"{counts[each]} {each.word}{'' if counts[each] == 1 else 's'}"
        for each in reversed(Severity)
        if counts[each]
    ]
    return ", ".join(said) or "nothing found"
