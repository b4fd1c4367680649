"""The guestbook of examples/fastapi: forms, an API, templates, static files, a stream."""

from __future__ import annotations

from tests.browser.known import GUESTBOOK
from tests.conformance.model import JSON, Case, Suite
from tests.conformance.reasons import NO_DATES, OTHER_PYTHON

NEW_ENTRY = '{"name": "Ada", "message": "été"}'
CASES = (
    Case("page", "/"),
    Case(
        "form",
        "/entries",
        "POST",
        body={"fields": [["name", "Bo"], ["message", "hi & <b>"]]},
    ),
    Case("form, nothing filled in", "/entries", "POST", body={"fields": []}),
    Case("API, create", "/api/entries", "POST", JSON, NEW_ENTRY),
    Case("API, invalid", "/api/entries", "POST", JSON, '{"name": ""}'),
    Case("API, no JSON", "/api/entries", "POST", JSON, "{"),
    Case("API, list", "/api/entries"),
    Case("API, one", "/api/entries/2"),
    Case("API, missing", "/api/entries/99"),
    Case("API, not a number", "/api/entries/x"),
    Case("def endpoint", "/api/sum?a=1.5&b=2"),
    Case("def endpoint, invalid", "/api/sum?a=x"),
    Case("page of an entry", "/entries/1"),
    Case("page with a script", "/calculator"),
    Case("static CSS", "/static/style.css", differs=NO_DATES),
    Case("static JavaScript", "/static/journey.js", differs=NO_DATES),
    Case("static, missing", "/static/none.css"),
    Case("static, HEAD", "/static/icon.svg", "HEAD", differs=NO_DATES),
    Case("stream", "/journey/stations"),
    Case("trailing slash", "/calculator/"),
    Case("OpenAPI", "/openapi.json"),
    Case("Swagger UI", "/docs"),
    Case("where", "/api/where", differs=OTHER_PYTHON),
)

SUITE = Suite(
    GUESTBOOK,
    CASES,
    scrub=(r"\d\d:\d\d:\d\d UTC",),
    title="FastAPI: forms, an API, templates, static files, a stream",
)
