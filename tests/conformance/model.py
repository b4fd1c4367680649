"""The words of the suite: a case is one request, a suite is an app and its cases.

Nothing here runs a browser. A difference from uvicorn that a browser forces is part of the
case, with its reason; what is not listed must be the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.fixtures import ENGINES
from tests.browser.sites import App

# Response headers of the connection between two machines; in a tab there is none.
CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding"})

# Headers that both servers add, each with a value of its own.
EACH_ITS_OWN = {"date": "the date", "server": "the server's name"}

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Case:
    """One `fetch` by a page of the app. `body` is text, or a dict that runner.js knows.

    `differs` names an engine, or "all", and says why its answer is not uvicorn's.
    """

    name: str
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | Mapping[str, Any] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """Return what runner.js fetches."""
        init = {"method": self.method, "headers": dict(self.headers), **self.options}
        return {"path": self.path, "init": init, "body": self.body}

    def reason(self, engine: str) -> str | None:
        return self.differs.get(engine) or self.differs.get("all")


@dataclass(frozen=True)
class Suite:
    """An app, its cases, and patterns of text that is never twice the same."""

    app: App
    cases: tuple[Case, ...]
    scrub: tuple[str, ...] = ()

    def normal(self, answer: dict[str, Any], host: str) -> dict[str, Any]:
        """Take out of an answer what may differ between two runs of one server."""
        told = dict(answer)
        told["headers"] = sorted(
            [name, self.header(name, value, host)]
            for name, value in answer.get("headers", [])
            if name not in CONNECTION
        )
        if isinstance(told.get("body"), str):
            told["body"] = self.clean(told["body"], host)
        return told

    def header(self, name: str, value: str, host: str) -> str:
        if name in EACH_ITS_OWN:
            return EACH_ITS_OWN[name]
        if name == "allow":  # frameworks keep methods in sets, whose order is never twice the same
            value = ", ".join(sorted(value.split(", ")))
        return self.clean(value, host)

    def clean(self, text: str, host: str) -> str:
        text = text.replace(host, "HOST")
        for pattern in self.scrub:
            text = re.sub(pattern, "~", text)
        return text


def difference(expected: dict[str, Any], seen: dict[str, Any]) -> str:
    """Say where two answers differ, one line a part; nothing when they are the same."""
    parts = [part for part in {**expected, **seen} if expected.get(part) != seen.get(part)]
    return "\n".join(
        f"{part}:\n  uvicorn {short(expected.get(part))}\n  tab     {short(seen.get(part))}"
        for part in parts
    )


def short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 3000 else f"{text[:3000]}…"


def table(suites: tuple[Suite, ...]) -> str:
    """Write the suites as Markdown: a row a case, and below each table the differences."""
    return "\n".join([INTRODUCTION, *(section(suite) for suite in suites)])


INTRODUCTION = """# Conformance

The same app under uvicorn and in a tab, asked the same by a page in the same browser. `=` means
that status, headers and body are equal. What differs is numbered, and each number has its reason.
The table is the expectation of tests/conformance, which fails when a browser shows anything else.
Written by `scripts/conformance`; do not edit.
"""


def section(suite: Suite) -> str:
    reasons: list[str] = []

    def mark(reason: str | None) -> str:
        if reason is None:
            return "="
        if reason not in reasons:
            reasons.append(reason)
        return f"[{reasons.index(reason) + 1}]"

    rows = [
        f"| {case.name} | `{case.method} {case.path.replace('|', '%7C')}` | "
        + " | ".join(mark(case.reason(engine)) for engine in ENGINES)
        + " |"
        for case in suite.cases
    ]
    head = [f"## {suite.app.key}", "", f"| case | request | {' | '.join(ENGINES)} |"]
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, start=1)]
    return "\n".join([*head, "|---" * (2 + len(ENGINES)) + "|", *rows, "", *notes, ""])
