"""Bottle, a WSGI app."""

from __future__ import annotations

from tests.browser.known import BOTTLE
from tests.conformance.model import JSON, WSGI, Case, Suite
from tests.conformance.reasons import NO_DATES, WORDS

FIELDS = {"fields": [["a", "1"], ["a", "ü &="], ["b", ""]]}
FORM = {"form": [["a", "grün"], ["file", "content", "näme.txt"]]}
BASIC = {"authorization": "Basic QWRhOnNlY3JldA=="}

CASES = (
    Case("page", "/"),
    Case("query", "/echo?a=1&a=ü&b=%20+"),
    Case("path, encoded", "/echo%2Fx"),
    Case("form, urlencoded", "/echo", "POST", body=FIELDS),
    Case("form, multipart", "/echo", "POST", body=FORM),
    Case("JSON", "/echo", "PUT", JSON, '{"a": ["ü"]}'),
    Case("JSON, wrong", "/echo", "PATCH", JSON, "{"),
    Case("body, 200 kB", "/measure", "POST", body={"bytes": 200_000}),
    Case("body, too large for a form", "/echo", "POST", body={"bytes": 200_000}, differs=WORDS),
    Case("DELETE", "/echo", "DELETE"),
    Case("HEAD", "/echo", "HEAD"),
    Case("authorization", "/echo", headers=BASIC),
    Case("method not allowed", "/hello/a/1", "POST"),
    Case("template", "/hello/<Ada>/2"),
    Case("route, not a number", "/hello/Ada/x"),
    Case("upload", "/upload", "POST", body=FORM),
    Case("signed cookie", "/sign-in/Ada"),
    Case("signed cookie, read", "/who"),
    Case("file", "/file/note.txt", differs=NO_DATES),
    Case("file, part", "/file/note.txt?1", headers={"Range": "bytes=2-5"}, differs=NO_DATES),
    Case("file, HEAD", "/file/note.txt?head", "HEAD", differs=NO_DATES),
    Case("file, as a download", "/file/note.txt?download=notes.txt", differs=NO_DATES),
    Case("file, missing", "/file/none.txt"),
    Case("file, outside the folder", "/file/..%2Fmain.py"),
    Case("stream", "/count?who=Ada"),
    Case("stream, HEAD", "/count?who=Ada", "HEAD"),
    *(Case(f"status {code}", f"/answer/{code}") for code in (201, 204, 304, 418, 503)),
    *(Case(f"error {code}", f"/refuse/{code}") for code in (400, 401, 403, 500)),
    Case("error in the app", "/fail"),
    Case("error page of one's own", "/nothing/here"),
    Case("Latin-1", "/latin"),
    Case("mounted app that writes", "/plain/a%20b"),
)

SUITE = Suite(
    BOTTLE,
    CASES,
    # The length of a form in parts, whose boundary is never twice as long in Firefox.
    scrub=(r'"(?:length|body)": [34]\d\d',),
    title="Bottle: routes, forms, uploads, files, streams, errors",
    server=WSGI,
)
