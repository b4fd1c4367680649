"""Flask, a WSGI app."""

from __future__ import annotations

from tests.browser.known import KITCHEN
from tests.conformance.model import JSON, WSGI, Case, Suite
from tests.conformance.reasons import CUT_SHORT

FIELDS = {"fields": [["a", "1"], ["a", "ü &="], ["b", ""]]}
FORM = {"form": [["a", "grün"], ["file", "content", "näme.txt"], ["none", "", ""]]}
ADA = {"fields": [["name", "Ada"]]}

CASES = (
    Case("page", "/"),
    Case("query", "/echo?a=1&a=ü&b=%20+&c"),
    Case("form, urlencoded", "/echo", "POST", body=FIELDS),
    Case("form, multipart", "/echo", "POST", body=FORM),
    Case("text", "/echo", "POST", {"content-type": "text/plain"}, "grün"),
    Case("JSON", "/echo", "PUT", JSON, '{"a": ["ü"]}'),
    Case("JSON, wrong", "/echo", "PATCH", JSON, "{"),
    Case("DELETE", "/echo", "DELETE"),
    Case("OPTIONS", "/echo", "OPTIONS"),
    Case("HEAD", "/echo", "HEAD"),
    Case("URL from outside", "/outside"),
    Case("session and flash", "/sign-in", "POST", body=ADA),
    Case("flash is gone", "/"),
    Case("session, read", "/who"),
    Case("session, cleared", "/sign-out"),
    Case("form without a field", "/sign-in", "POST", body={"fields": []}),
    Case("cookies", "/cookies"),
    Case("cookies, seen", "/cookies/seen"),
    Case("file", "/file"),
    Case("file, part", "/file", headers={"Range": "bytes=10-19"}),
    Case("conditional", "/conditional"),
    Case("stream", "/count?who=Ada"),
    Case("stream that breaks", "/breaks", differs=CUT_SHORT),
    Case("async view", "/async?who=Ada"),
    Case("stopped before the view", "/async?stop=1"),
    Case("error in the view", "/fail"),
    *(Case(f"abort {code}", f"/refuse/{code}") for code in (400, 401, 404, 409, 418, 503)),
    Case("error handler", "/nothing/here"),
    Case("method not allowed", "/who", "POST"),
    Case("method view", "/things/7"),
    Case("method view, PUT", "/things/7", "PUT", JSON, '{"a": 1}'),
    Case("method view, no JSON", "/things/7", "PUT", JSON, "{"),
    Case("method view, DELETE", "/things/7", "DELETE"),
    Case("route, not a number", "/things/x"),
    Case("blueprint", "/shelf/"),
    Case("blueprint, slash added", "/shelf"),
    Case("blueprint, its error handler", "/shelf/Emma"),
    Case("what teardown saw", "/ended"),
)

SUITE = Suite(
    KITCHEN,
    CASES,
    # The length of a form in parts, whose boundary is never twice as long in Firefox.
    scrub=(r'"length":[34]\d\d',),
    title="Flask: sessions, blueprints, uploads, streams, async views, errors",
    server=WSGI,
)
