"""Each step of RFC 6265bis, by the vectors of steps.json, which page/cookiejar.js shares."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tabcorn.server.cookies import Context, Jar, request_context, script_context
from tabcorn.server.cookies.dates import parse_date
from tabcorn.server.cookies.jar import PER_DOMAIN
from tabcorn.server.cookies.matching import default_path
from tests.server.cookies.test_vectors import DEFAULT, octets, shown

TESTS = Path(__file__).parents[2]
FILE = json.loads((Path(__file__).parent / "steps.json").read_text())
NOW, STEPS = FILE["now"], FILE["steps"]
PAGE = "/folder/page"

# The sections of draft-ietf-httpbis-rfc6265bis-22, and how many of their steps a key stands for.
SECTIONS = {
    "5.1.1": 10, "5.1.2": 1, "5.1.3": 2, "5.1.4": 7, "5.2": 2, "5.2.1": 1, "5.2.2": 1, "5.3": 1,
    "5.4": 1, "5.5": 1, "5.6": 14, "5.6.1": 6, "5.6.2": 8, "5.6.3": 4, "5.6.4": 2, "5.6.5": 1,
    "5.6.6": 1, "5.6.7": 5, "5.6.7.1": 1, "5.6.7.2": 1, "5.7": 31, "5.8.1": 1, "5.8.2": 1,
    "5.8.3": 5, "6.1": 2,
}  # fmt: skip

CONTEXTS = {
    "server": Context(PAGE),
    "script": script_context(PAGE),
    "foreign": Context(PAGE, same_site=False),
    "foreign script": Context(PAGE, same_site=False, http=False),
    "foreign link": Context(PAGE, same_site=False, top_level=True),
    "foreign form": Context(PAGE, same_site=False, top_level=True, safe=False),
}


def vectors(kind: str) -> list[Any]:
    return [
        pytest.param(*(vector if isinstance(vector, list) else [vector]), id=f"{step} {number}")
        for step, kinds in STEPS.items()
        for number, vector in enumerate(kinds.get(kind, ()))
    ]


def test_every_step_is_there_and_has_a_vector() -> None:
    counted: dict[str, int] = {}
    for step, kinds in STEPS.items():
        section = step.split(" ")[0]
        counted[section] = counted.get(section, 0) + 1
        assert any(kinds[kind] for kind in kinds if kind != "gist"), step
    assert counted == SECTIONS


@pytest.mark.parametrize("name", [name for (name,) in (p.values for p in vectors("tests"))])
def test_named_tests_exist(name: str) -> None:
    module, _, function = str(name).partition("::")
    assert re.search(rf"^def {function}\(", (TESTS / module).read_text(), re.MULTILINE)


@pytest.mark.parametrize(("text", "seconds"), vectors("dates"))
def test_date(text: str, seconds: int | None) -> None:
    assert parse_date(text) == seconds


@pytest.mark.parametrize(("path", "default"), vectors("defaults"))
def test_default_path(path: str, default: str) -> None:
    assert default_path(path) == default


@pytest.mark.parametrize(("line", "kept"), vectors("cookies"))
def test_cookie(line: str, kept: dict[str, Any] | None) -> None:
    jar = Jar("example.org", now=lambda: NOW)
    jar.receive(octets(line), script_context(PAGE))
    assert shown(jar) == ([] if kept is None else [{**DEFAULT, **kept}])


@pytest.mark.parametrize(("line", "character", "count", "kept"), vectors("long"))
def test_limit(line: str, character: str, count: int, kept: bool) -> None:
    jar = Jar("example.org", now=lambda: NOW)
    jar.receive(octets(line + character * count), script_context(PAGE))
    assert len(jar.all()) == kept


@pytest.mark.parametrize("count", [count for (count,) in (p.values for p in vectors("many"))])
def test_many(count: int) -> None:
    jar = Jar("example.org", now=lambda: NOW)
    for number in range(count):
        jar.receive(f"c{number}=1", CONTEXTS["server"])
    assert len(jar.all()) == count <= PER_DOMAIN


@pytest.mark.parametrize(("method", "headers", "context"), vectors("requests"))
def test_request(method: str, headers: dict[str, str], context: list[bool]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    made = request_context(method, PAGE, pairs)
    assert [made.same_site, made.top_level, made.safe] == context


@pytest.mark.parametrize("scenario", vectors("jar"))
def test_scenario(scenario: dict[str, Any]) -> None:
    clock = [float(NOW)]
    host, secure = scenario.get("host", "example.org"), scenario.get("secure", True)
    jar = Jar(host, secure, now=lambda: clock[0])
    for op, argument, *path in scenario["ops"]:
        if op == "wait":
            clock[0] += argument
        elif op == "load":  # what was set while the connection was secure
            earlier = Jar(host, now=lambda: clock[0])
            earlier.receive(octets(argument), CONTEXTS["server"])
            jar.load(earlier.all())
        else:
            do(jar, op, argument, path[0] if path else PAGE)


def do(jar: Jar, op: str, argument: str, path: str) -> None:
    """Set a cookie, or look whether those are there that a scenario says."""
    who = {"see": "script", "sent": "server"}.get(op, op.removesuffix(" set"))
    if op in ("server", "script") or op.endswith(" set"):
        jar.receive(octets(argument), at(who, path))
    else:
        assert jar.header(at(who, path)) == argument


def at(who: str, path: str) -> Context:
    return Context(**{**vars(CONTEXTS[who]), "path": path})
