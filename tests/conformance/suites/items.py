"""A Starlette app with a route for each item of what HTTP can carry; see apps/items/main.py."""

from __future__ import annotations

from tests.browser.known import ITEMS
from tests.conformance.model import JSON, Case, Suite
from tests.conformance.reasons import (
    BROKEN,
    BROKEN_AT_ONCE,
    CUT_SHORT,
    LATIN_IN,
    LATIN_OUT,
    NULL_BODY,
)

FIELDS = {"fields": [["a", "1"], ["a", "ü &="], ["b", ""]]}
FORM = {
    "form": [["word", "grün"], ["file", "content", "näme.txt"], ["empty", "", "empty.bin"]],
}

SCOPE = (
    Case("plain", "/scope"),
    Case("query", "/scope?a=1&a=2&b=%20+&c"),
    Case("query, empty", "/scope?"),
    Case("query, UTF-8", "/scope?ü=水"),
    Case("query, bad bytes", "/scope?x=%FF%00"),
    Case("path, encoded slash", "/scope/a%2Fb/c"),
    Case("path, space and plus", "/scope/a%20b+c"),
    Case("path, UTF-8", "/scope/grün/水"),
    Case("path, encoded UTF-8", "/scope/gr%C3%BCn"),
    Case("path, bad UTF-8", "/scope/%FF%FE"),
    Case("path, bad escape", "/scope/100%/%zz"),
    Case("path, double slashes", "/scope//a//b/"),
    Case("path, semicolons", "/scope/a;b=c,d:e@f!$&'()*"),
    Case("path, dots", "/scope/a/./b/../c"),
    Case("path, quotes and braces", '/scope/"<>{}|^`\\'),
    Case("path, encoded question mark", "/scope/a%3Fb%23c"),
    Case("fragment is not sent", "/scope#part"),
    Case("POST", "/scope", "POST", body="x"),
    Case("PUT", "/scope", "PUT"),
    Case("PATCH", "/scope", "PATCH"),
    Case("patch in lower case", "/scope", "patch"),
    Case("DELETE", "/scope", "DELETE"),
    Case("OPTIONS", "/scope", "OPTIONS"),
    Case("PROPFIND", "/scope", "PROPFIND"),
    Case("HEAD", "/scope", "HEAD"),
)

REQUEST_HEADERS = (
    Case("of a GET", "/headers"),
    Case("own ones", "/headers", headers={"X-Own": "One, Two", "Accept": "text/x"}),
    Case("in Latin-1", "/headers", headers={"X-Latin": "caf\xe9"}, differs=LATIN_IN),
    Case("empty", "/headers", headers={"X-Empty": ""}),
    Case("authorization", "/headers", headers={"Authorization": "Bearer abc"}),
    Case("forbidden ones", "/headers", headers={"Cookie": "a=b", "Host": "x", "Origin": "null"}),
    Case("of text", "/headers", "POST", body="words"),
    Case("of an empty POST", "/headers", "POST"),
    Case("of JSON", "/headers", "PUT", JSON, "{}"),
    Case("of bytes", "/headers", "POST", body={"bytes": 10}),
    Case("no referrer", "/headers", options={"referrerPolicy": "no-referrer"}),
    Case("origin as referrer", "/headers", options={"referrerPolicy": "origin"}),
    Case("no-cors", "/headers", options={"mode": "no-cors"}),
    Case("same-origin", "/headers", options={"mode": "same-origin"}),
    Case("no-store", "/headers", options={"cache": "no-store"}),
    Case("no-cache", "/headers", options={"cache": "no-cache"}),
    Case("condition", "/headers", headers={"If-None-Match": '"a"'}),
    Case("keepalive", "/headers", options={"keepalive": True}),
    Case("keepalive, POST", "/headers", "POST", body="x", options={"keepalive": True}),
    Case("range", "/headers", headers={"Range": "bytes=0-1"}),
    Case("empty, DELETE", "/headers", "DELETE", body=""),
    Case("no body, DELETE", "/headers", "DELETE"),
)

REQUEST_BODIES = (
    Case("text", "/echo", "POST", body="grün 水"),
    Case("nothing", "/echo", "POST"),
    Case("empty text", "/echo", "POST", body=""),
    Case("bytes", "/echo", "POST", body={"bytes": 1000}),
    Case("1 MB up", "/measure", "POST", body={"bytes": 1_000_000}),
    Case("1 MB up and down", "/echo", "POST", body={"bytes": 1_048_576}),
    Case("3 MB up", "/measure", "POST", body={"bytes": 3_000_000}),
    Case("form, urlencoded", "/form", "POST", body=FIELDS),
    Case("form, multipart", "/form", "POST", body=FORM),
    Case("DELETE with a body", "/echo", "DELETE", body="gone"),
    Case("body unread by the app", "/status/200", "POST", body={"bytes": 300_000}),
)

STATUS = (
    *(Case(str(code), f"/status/{code}") for code in (200, 201, 202, 203, 204, 206, 226, 299)),
    Case("205", "/status/205", differs=NULL_BODY),
    *(Case(str(code), f"/status/{code}") for code in (300, 304, 400, 401, 403, 404, 405, 409, 410)),
    *(Case(str(code), f"/status/{code}") for code in (418, 422, 429, 451, 500, 501, 503, 599)),
    Case("no such route", "/nothing/here"),
    Case("method not allowed", "/binary", "POST"),
    Case("HEAD of 404", "/nothing/here", "HEAD"),
    Case("HEAD of 204", "/status/204", "HEAD"),
)

REDIRECTS = (
    *(
        Case(f"{code} of a GET", f"/redirect/{code}?to=/scope")
        for code in (301, 302, 303, 307, 308)
    ),
    Case("301 of a POST", "/redirect/301?to=/scope", "POST", body="x"),
    Case("302 of a POST", "/redirect/302?to=/scope", "POST", body="x"),
    Case("303 of a POST", "/redirect/303?to=/scope", "POST", body="x"),
    Case("303 of a PUT", "/redirect/303?to=/scope", "PUT", body="x"),
    Case("307 keeps the body", "/redirect/307?to=/echo", "POST", body="kept"),
    Case(
        "308 keeps the body",
        "/redirect/308?to=/echo",
        "PUT",
        body={"bytes": 1000},
    ),
    Case("relative", "/redirect/302?to=../scope?x=1"),
    Case("query only", "/redirect/302?to=/headers?a=b"),
    Case("with a fragment", "/redirect/302?to=/scope%23part"),
    Case("twice", "/redirect/302?to=/redirect/302%3Fto=/scope"),
    Case("to nowhere", "/redirect/302?to=/nothing/here"),
    Case("HEAD", "/redirect/302?to=/scope", "HEAD"),
    Case("nineteen times", "/round?left=19"),
    Case("without end", "/round?left=30"),
    *(Case(f"{code} with a Location", f"/located/{code}?to=/scope") for code in (300, 304, 305)),
    *(Case(f"{code} without a Location", f"/located/{code}") for code in (301, 302, 307)),
    Case("empty Location", "/located/302?to="),
    Case("Location that is no URL", "/located/302?to=http://["),
    Case("Location of a script", "/located/302?to=javascript:1"),
    Case("Location with a space", "/located/302?to=/scope?a b"),
    Case("Location without a host", "/located/302?to=%3Fto=/nothing"),
    Case("Location in UTF-8", "/located/302?to=/scope?%C3%83%C2%BC"),
    Case("one Location twice", "/located/302?to=/scope&and=/scope"),
    Case("two Locations", "/located/302?to=/nothing&and=/scope"),
    Case("fragment of the request", "/redirect/302?to=/scope#mine"),
    Case("manual", "/redirect/302?to=/scope", options={"redirect": "manual"}),
    Case("error", "/redirect/302?to=/scope", options={"redirect": "error"}),
)

RESPONSES = (
    Case("duplicate headers", "/duplicates"),
    Case("odd headers", "/odd-headers"),
    Case("header in Latin-1", "/latin-header", differs=LATIN_OUT),
    Case("HEAD", "/binary", "HEAD"),
    Case("bytes", "/binary"),
    Case("1 MB down", "/megabyte"),
    Case("UTF-8", "/unicode"),
    Case("Latin-1", "/latin"),
    Case("gzip by the app", "/compressed"),
    Case("deflate by the app", "/coded/deflate"),
    Case("deflate and gzip", "/coded/deflate+gzip"),
    Case("gzip, HEAD", "/coded/gzip", "HEAD"),
    Case("gzip of an error", "/coded/gzip?status=404"),
    Case("identity", "/coded/identity"),
    Case("unknown coding", "/coded/identity?as=mine"),
    Case("validators", "/tagged"),
    Case("validators, asked again", "/tagged"),
    Case("condition that holds", "/tagged", headers={"If-None-Match": '"v1"'}),
    Case("condition that does not", "/tagged", headers={"If-None-Match": '"v0"'}),
    Case("JSON", "/measure", "POST"),
    Case("stream", "/stream"),
    Case("stream of 1,000", "/stream?count=1000"),
    Case("stream of none", "/stream?count=0"),
    Case("stream with empty chunks", "/empty-stream"),
    Case("stream, HEAD", "/stream", "HEAD"),
)

FILES = (
    Case("whole", "/file"),
    Case("HEAD", "/file?head", "HEAD"),
    Case("first bytes", "/file?1", headers={"Range": "bytes=0-9"}),
    Case("last bytes", "/file?2", headers={"Range": "bytes=-5"}),
    Case("from the middle", "/file?3", headers={"Range": "bytes=990-"}),
    Case("beyond the end", "/file?5", headers={"Range": "bytes=5000-"}),
    Case("range of the old", "/file?6", headers={"Range": "bytes=0-9", "If-Range": '"old"'}),
    Case("malformed range", "/file?7", headers={"Range": "bytes=x"}),
)

ERRORS = (
    Case("in the framework", "/error"),
    Case("before the start", "/raw/early"),
    Case("after the start", "/raw/late", differs=CUT_SHORT),
    Case("no answer", "/raw/silent"),
    Case("body before start", "/raw/disorder"),
    Case("shorter than content-length", "/raw/short", differs=BROKEN),
    Case("longer than content-length", "/raw/long", differs=BROKEN_AT_ONCE),
    Case("no headers", "/raw/plain"),
    Case("HEAD without headers", "/raw/plain", "HEAD"),
)

SUITE = Suite(
    ITEMS,
    (
        *SCOPE,
        *REQUEST_HEADERS,
        *REQUEST_BODIES,
        *STATUS,
        *REDIRECTS,
        *RESPONSES,
        *FILES,
        *ERRORS,
    ),
    title="Starlette: a route for each thing that HTTP can carry",
)
