"""FastAPI at large."""

from __future__ import annotations

from tests.browser.known import WAREHOUSE
from tests.conformance.model import JSON, Case, Suite
from tests.conformance.reasons import (
    GZIP,
    NO_DATES,
)

SHOVEL = '{"name": "shovel", "size": {"width": 20, "height": "120.5"}, "tags": ["a", "a"]}'
BASIC = {"authorization": "Basic QWRhOnNlY3JldA=="}
OMIT = {"credentials": "omit"}
BEARER = {"authorization": "Bearer ${token}"}
FILE = ["file", "content", "näme.txt"]


def signing_in(password: str) -> dict[str, list[list[str]]]:
    """Fill in OAuth2's password form."""
    return {"fields": [["username", "Ada"], ["password", password], ["scope", "read"]]}


MODELS = (
    Case("store", "/things/", "POST", JSON, SHOVEL),
    Case("store, slash added", "/things", "POST", JSON, SHOVEL),
    Case("store, no name", "/things/", "POST", JSON, '{"name": ""}'),
    Case("store, wrong size", "/things/", "POST", JSON, '{"name": "x", "size": {"width": -1}}'),
    Case("store, no JSON", "/things/", "POST", JSON, "{"),
    Case("store, no body", "/things/", "POST"),
    Case("one", "/things/2?wide=yes"),
    Case("one, too low", "/things/0"),
    Case("one, none such", "/things/9"),
    Case("one, HEAD", "/things/2", "HEAD"),
    Case("search", "/things/?q=ab&tag=1&tag=2", headers={"x-agent": "007"}),
    Case("search, too long", "/things/?q=abcdef"),
    Case("remove", "/things/3", "DELETE"),
    Case("what was done", "/log"),
)

DEPENDENCIES = (
    Case("in order", "/dependent"),
    Case("their order", "/log?entries=5"),
    Case("with an error", "/dependent?fail=1"),
    Case("their order after it", "/log?entries=5"),
    Case("background tasks", "/tasks", "POST"),
    Case("their order", "/log?entries=2"),
    Case("state of the lifespan", "/state"),
)

BODIES = (
    Case("form", "/form", "POST", body={"fields": [["name", "grün"], ["age", "7"]]}),
    Case("form, invalid", "/form", "POST", body={"fields": [["age", "x"]]}),
    Case("form, multipart", "/form", "POST", body={"form": [["name", "grün"]]}),
    Case("upload", "/upload", "POST", body={"form": [FILE, ["note", "ü"]]}),
    Case("upload, 3 MB", "/upload", "POST", body={"form": [["file", "x" * 3_000_000, "big"]]}),
    Case("uploads", "/uploads", "POST", body={"form": [["files", "one", "1"], ["files", "", "2"]]}),
    Case("upload, none", "/upload", "POST", body={"form": [["note", "x"]]}),
    Case("upload, bytes", "/bytes", "POST", body={"form": [["data", "12345", "x"]]}),
)

ANSWERS = (
    Case("page", "/"),
    Case("compressed by middleware", "/large", differs=GZIP),
    Case("stream of a sync generator", "/stream", differs=GZIP),
    Case("events", "/events"),
    Case("file", "/file", differs=NO_DATES),
    Case("redirect", "/go"),
    Case("plain, with a cookie", "/plain"),
    Case("cookie, read", "/things/?q=c"),
    Case("session", "/session"),
    Case("session, again", "/session"),
)

SECURITY = (
    Case("no token", "/me"),
    Case("wrong password", "/token", "POST", body=signing_in("x")),
    Case(
        "token",
        "/token",
        "POST",
        body=signing_in("open sesame"),
        take={"token": r'"access_token":"([^"]+)"'},
    ),
    Case("with the token", "/me", headers=BEARER),
    Case("scope not granted", "/write", headers=BEARER),
    Case("basic", "/basic", headers=BASIC),
    # Without credentials, since a browser would ask the user for a password.
    Case("basic, none", "/basic", options=OMIT),
    Case("basic, broken", "/basic", headers={"authorization": "Basic x"}, options=OMIT),
    Case("key", "/key", headers={"X-Key": "k"}),
    Case("key, none", "/key"),
)

ERRORS = (
    Case("handler for one's own", "/order"),
    Case("unexpected", "/fail"),
    Case("no such route", "/nothing"),
    Case("method not allowed", "/order", "PUT"),
    Case("OPTIONS", "/order", "OPTIONS"),
)

MOUNTS = (
    Case("sub-app", "/annex/where"),
    Case("sub-app, its OpenAPI", "/annex/openapi.json"),
    Case("sub-app, no such route", "/annex/nothing"),
    Case("static page", "/pages/", differs=NO_DATES),
    Case("static page, slash added", "/pages", differs=NO_DATES),
    Case("static, the page of a 404", "/pages/nothing", differs=NO_DATES),
    Case("OpenAPI", "/openapi.json", differs=GZIP),
    Case("Swagger UI", "/docs", differs=GZIP),
    Case("ReDoc", "/redoc", differs=GZIP),
)

SUITE = Suite(
    WAREHOUSE,
    (*MODELS, *DEPENDENCIES, *BODIES, *ANSWERS, *SECURITY, *ERRORS, *MOUNTS),
    title="FastAPI at large: dependencies, middleware, security, uploads, tasks, sub-apps",
)
