"""The vectors that the jar and the page script have in common, seen by the jar."""

import json
from pathlib import Path
from typing import Any

import pytest

from tabcorn.server.cookies import Jar, script_context
from tabcorn.server.cookies.dates import parse_date

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
DEFAULT = {
    "name": "a",
    "value": "b",
    "domain": None,
    "path": "/folder",
    "expires": None,
    "secure": False,
    "sameSite": "default",
}


@pytest.mark.parametrize(("text", "seconds"), VECTORS["dates"])
def test_date(text: str, seconds: int | None) -> None:
    assert parse_date(text) == seconds


def octets(text: str) -> str:
    """Return text as the jar takes it: one character an octet."""
    return text.encode().decode("latin-1")


def shown(jar: Jar) -> list[dict[str, Any]]:
    """Return the cookies as the vectors write them."""
    return [
        {
            "name": cookie.name.encode("latin-1").decode(),
            "value": cookie.value.encode("latin-1").decode(),
            "domain": None if cookie.host_only else cookie.domain,
            "path": cookie.path,
            "expires": cookie.expires,
            "secure": cookie.secure,
            "sameSite": cookie.same_site,
        }
        for cookie in jar.all()
    ]


@pytest.mark.parametrize(("line", "kept"), VECTORS["cookies"])
def test_cookie(line: str, kept: dict[str, Any] | None) -> None:
    jar = Jar("example.org", now=lambda: VECTORS["now"])
    jar.receive(octets(line), script_context("/folder/page"))
    assert shown(jar) == ([] if kept is None else [{**DEFAULT, **kept}])
