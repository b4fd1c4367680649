"""The jar in Python and the page script's in JavaScript make the same of any line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabcorn.server.cookies import Jar, script_context
from tests.server.cookies.test_vectors import octets, shown

ROOT = Path(__file__).parents[3]
NOW = 1_700_000_000
NODE = shutil.which("node")

NAMES = [
    "a",
    "=",
    "__Host-",
    "__Secure-x",
    "__http-a",
    "__HOST-HTTP-a",
    "ü",
    "\t",
    "K",
    "",
    "b",
    " ",
]
ATTRIBUTES = """
    path=/ path=/x path path=x domain=example.org domain=.EXAMPLE.org domain=org domain=
    domain=www.example.org domain=e\u212aample.org domain=ex\u0130mple.org max-age=10 max-age=0
    max-age=-1 max-age=+1 max-age=9999999999 max-age=x max-age secure SECURE=1 httponly samesite
    samesite=none samesite=Lax samesite=STRICT partitioned \u017fecure =secure expires= expires=x x
"""
DATE_WORDS = """
    Wed, 15 Nov 2023 2024 99 70 0 10:00:00 1:2:3 10:00:00pm 24:00:00 9 31 feb Febr JAN 1600 20231
    GMT - / ü
"""

pairs = st.lists(st.sampled_from(NAMES), max_size=3).map("".join)
dates = st.lists(st.sampled_from(DATE_WORDS.split()), max_size=7).map(" ".join)
attributes = st.one_of(st.sampled_from(ATTRIBUTES.split()), dates.map("expires={}".format))
spaces = st.sampled_from(["; ", ";", " ;\t", ";;"])
likely = st.builds(
    lambda pair, rest, space: space.join([pair, *rest]),
    pairs, st.lists(attributes, max_size=6), spaces,
)  # fmt: skip
wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def by_script(lines: list[str]) -> Any:
    done = subprocess.run(
        [str(NODE), "tests/server/cookies/agree.js"],
        input=json.dumps({"now": NOW, "lines": lines}),
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def by_jar(line: str) -> list[dict[str, Any]]:
    jar = Jar("www.example.org", now=lambda: NOW)
    jar.receive(octets(line), script_context("/folder/page"))
    return [in_ms(cookie) for cookie in shown(jar)]


def in_ms(cookie: dict[str, Any]) -> dict[str, Any]:
    expires = cookie["expires"]
    return {**cookie, "expires": None if expires is None else expires * 1000}


@pytest.mark.skipif(not NODE, reason="node is not on the PATH")
@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(likely, likely, wild), min_size=1, max_size=120))
def test_jars_agree(lines: list[str]) -> None:
    for line, made in zip(lines, by_script(lines), strict=True):
        assert by_jar(line) == made, line
