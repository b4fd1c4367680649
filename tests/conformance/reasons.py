"""Why an answer in the tab is not uvicorn's, and in which parts: by engine, or for "all".

Forced by the browser, but for the first ones; docs/server-behavior.md has them at their
headings.
"""

from __future__ import annotations

from tests.conformance.model import Difference

NO_DATES = {
    "all": Difference(
        "The same sources are the same site, byte by byte: its files carry no date of "
        "modification, and validators are made from it.",
        "header etag",
        "header last-modified",
    )
}
OTHER_PYTHON = {
    "all": Difference(
        "It tells the Python and the system that it runs on.", "body", "header content-length"
    )
}
WORDS = {
    "all": Difference(
        "Python's names of statuses, here of 413, are not the same in all of its releases.",
        "body",
        "header content-length",
    )
}
LATIN_WEBKIT = "WebKit sends and reads such values as UTF-8, if not by a service worker."
LATIN_IN = {
    "chromium by sw": Difference(
        "Chromium shows a service worker no value that is not ASCII.",
        "body",
        "header content-length",
    ),
    "webkit": Difference(LATIN_WEBKIT, "body", "header content-length"),
}
LATIN_OUT = {
    "chromium by sw": Difference(
        "Chromium takes the header values of a service worker for UTF-8.", "header x-latin"
    ),
    "webkit": Difference(LATIN_WEBKIT, "header x-latin"),
}
GZIP = {
    "all": Difference(
        "No Accept-Encoding is sent, so nothing is compressed: there is no network to save.",
        "header content-encoding",
        "header content-length",
    )
}
SAME_AGAIN = {
    "webkit": Difference(
        "WebKit does not say that a service worker has redirected; an address that is the same "
        "again does not tell either.",
        "redirected",
    )
}
NULL_BODY = {
    "webkit": Difference(
        "A 205 of a service worker has no body; WebKit reads one of a server.", "body"
    )
}
ABORT_ERROR = "Firefox says AbortError of a body that a service worker broke off, not TypeError."
BROKEN = {"firefox": Difference(ABORT_ERROR, "broken")}
BROKEN_AT_ONCE = {
    "firefox": Difference(
        "Firefox shows no head of a server before the first byte of a body, and that of a service "
        "worker's answer, which is then broken off.",
        *("error", "broken", "status", "reason", "type", "redirected", "url"),
        *("header content-length", "header date", "header server"),
    )
}
CUT_SHORT = {
    **BROKEN,
    "webkit": Difference(
        "WebKit takes a chunked body cut short for a whole one, if not by a service worker.",
        "body",
        "broken",
    ),
}
