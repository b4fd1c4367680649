"""The words of the suites: a case is one request, a suite is an app and its cases.

Nothing here runs a browser. A difference from uvicorn that a browser forces is part of the
case, with its reason and with the parts of the answer that it may touch; all others must be the
same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.sites import App

Answer = dict[str, Any]

# Response headers of the connection between two machines; in a tab there is none.
CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding"})

# Reason phrases are Python's, and 3.13 has renamed some after RFC 9110.
RENAMED = {
    "Request Entity Too Large": "Content Too Large",
    "Request-URI Too Long": "URI Too Long",
    "Requested Range Not Satisfiable": "Range Not Satisfiable",
    "Unprocessable Entity": "Unprocessable Content",
}

# Headers that both servers add, each with a value of its own.
EACH_ITS_OWN = {"date": "the date", "server": "the server's name"}

JSON = {"content-type": "application/json"}

# How uvicorn serves WSGI apps, which it does not detect (by a2wsgi, where that is installed).
WSGI = ("--interface", "wsgi", "--lifespan", "off")


@dataclass(frozen=True)
class Difference:
    """Why an answer is not uvicorn's, and which of its parts are not.

    The parts are what runner.js tells (status, reason, type, redirected, url, body, error, broken),
    or "header NAME".
    """

    why: str
    parts: frozenset[str]

    def __init__(self, why: str, *parts: str) -> None:
        object.__setattr__(self, "why", why)
        object.__setattr__(self, "parts", frozenset(parts))


@dataclass(frozen=True)
class Case:
    """One `fetch` by a page of the app. `body` is text, or a dict that runner.js knows.

    `differs` names an engine, or "all", and says why its answer is not uvicorn's; "ENGINE by sw"
    says so of what goes through the service worker, and not by the page's port. `take` names
    what later cases of the suite use of this answer as `${name}`: the first group of a pattern in
    its body.
    """

    name: str
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | Mapping[str, Any] | None = None
    options: Mapping[str, str | bool] = field(default_factory=dict)
    differs: Mapping[str, Difference] = field(default_factory=dict)
    take: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """Return what runner.js fetches."""
        init = {"method": self.method, "headers": dict(self.headers), **self.options}
        return {"path": self.path, "init": init, "body": self.body, "take": dict(self.take)}

    def difference(self, engine: str) -> Difference | None:
        """Return the expected difference in an engine."""
        return self.differs.get(engine) or self.differs.get("all")


@dataclass(frozen=True)
class Suite:
    """An app, its cases in their order, and patterns of text that is never twice the same.

    `server` are options for uvicorn. `title` is what the app shows to work.
    """

    app: App
    cases: tuple[Case, ...]
    scrub: tuple[str, ...] = ()
    title: str = ""
    server: tuple[str, ...] = ()

    def normal(self, answer: Answer, host: str) -> Answer:
        """Take out of an answer what may differ between two runs of one server."""
        told = dict(answer)
        for part in {"url", "body"} & set(answer):
            told[part] = self.clean(answer[part], host)
        shorter = len(answer.get("body", "").encode()) - len(told.get("body", "").encode())
        told["headers"] = sorted(
            [name, self.header(name, value, host, shorter)]
            for name, value in answer.get("headers", [])
            if name not in CONNECTION
        )
        told["reason"] = RENAMED.get(told.get("reason", ""), told.get("reason"))
        return told

    def header(self, name: str, value: str, host: str, shorter: int) -> str:
        if name == "content-length":  # what differs is told in more letters or in fewer
            return str(int(value) - shorter)
        if name in EACH_ITS_OWN:
            return EACH_ITS_OWN[name]
        if name == "allow":  # frameworks keep methods in sets, whose order is never twice the same
            value = ", ".join(sorted(value.split(", ")))
        if name == "expires":  # of an answer that is never kept: now
            value = re.sub(r".* GMT$", "a date", value)
        return self.clean(value, host)

    def clean(self, text: str, host: str) -> str:
        text = text.replace(host, "HOST")
        for pattern in self.scrub:
            text = re.sub(pattern, "~", text)
        return text


def parts(answer: Answer) -> dict[str, Any]:
    """Return an answer part by part, each header one."""
    told = {name: value for name, value in answer.items() if name != "headers"}
    for name, value in answer.get("headers", []):
        told.setdefault(f"header {name}", []).append(value)
    return told


def differing(expected: Answer, seen: Answer) -> set[str]:
    """Name the parts in which two answers differ."""
    one, other = parts(expected), parts(seen)
    return {name for name in {**one, **other} if one.get(name) != other.get(name)}


def told(names: set[str], expected: Answer, seen: Answer) -> str:
    """Write out some parts of two answers, long ones from where they begin to differ."""
    one, other = parts(expected), parts(seen)
    return "\n".join(
        f"{name}:\n  uvicorn {uvicorn}\n  tab     {tab}"
        for name in sorted(names)
        for uvicorn, tab in [short(one.get(name), other.get(name))]
    )


def short(*values: object) -> list[str]:
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    pairs = enumerate(zip(*texts, strict=False))
    start = max(0, next((at for at, pair in pairs if len(set(pair)) > 1), 0) - 100)
    return [text[start : start + 1000] for text in texts]
