"""Dash: what its page asks for, and its callbacks as the renderer makes them."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.known import DASH
from tests.conformance.model import JSON, WSGI, Case, Suite
from tests.conformance.reasons import OTHER_PYTHON

UPDATE = "/_dash-update-component"


def call(
    output: str | list[str], inputs: dict[str, Any], state: dict[str, Any] | None = None
) -> str:
    """Write the body of a callback's request, as dash-renderer does."""
    outputs = [dict(zip(("id", "property"), each.split("."), strict=True)) for each in output]

    def values(given: dict[str, Any]) -> list[dict[str, Any]]:
        split = {name: name.split(".") for name in given}
        return [{"id": a, "property": b, "value": given[name]} for name, (a, b) in split.items()]

    several = f"..{'...'.join(output)}.."
    return json.dumps(
        {
            "output": several if len(output) > 1 else output[0],
            "outputs": outputs if len(outputs) > 1 else outputs[0],
            "inputs": values(inputs),
            "changedPropIds": list(inputs),
            "state": values(state or {}),
        }
    )


SQUARE = call(["square.children"], {"number.value": 7})
CITIES = call(["city.options", "city.value"], {"country.value": "FR"})


def greeting(name: str) -> str:
    """Call the one that depends on the name."""
    return call(["greeting.children"], {"greet.n_clicks": 1}, {"name.value": name})


CASES = (
    Case(
        "page",
        "/",
        differs=OTHER_PYTHON,
        take={
            "renderer": r'src="([^"]*dash_renderer[^"]*\.min\.js)"',
            "react": r'src="([^"]*/react@[^"]*\.js)"',
        },
    ),
    Case("layout", "/_dash-layout"),
    Case("dependencies", "/_dash-dependencies"),
    Case("script, React", "${react}"),
    Case("script, renderer", "${renderer}"),
    Case("script, missing", "/_dash-component-suites/dash/nothing.js"),
    Case("package that is none", "/_dash-component-suites/nothing/nothing.js"),
    Case("callback", UPDATE, "POST", JSON, SQUARE),
    Case("callback, two outputs", UPDATE, "POST", JSON, CITIES),
    Case("callback with state", UPDATE, "POST", JSON, greeting("Zoë")),
    Case("callback, no update", UPDATE, "POST", JSON, greeting("nobody")),
    Case("callback that fails", UPDATE, "POST", JSON, greeting("error")),
    Case("callback, no JSON", UPDATE, "POST", JSON, "{"),
    Case("favicon", "/_favicon.ico"),
    Case("any path is the page", "/anywhere", differs=OTHER_PYTHON),
)

SUITE = Suite(
    DASH,
    CASES,
    # The names of its scripts hold the date of the files, and its page tells Python's release.
    scrub=(r"(?<=\d)m1\d{9}\b", r'"python_version":"[^"]*"'),
    title="Dash: its page, scripts, layout and callbacks",
    server=WSGI,
)
