"""Why an answer in the tab is not uvicorn's: what a browser forces, by engine, or for "all"."""

from __future__ import annotations

NO_DATES = {"all": "Files of a site carry no date of modification; validators are made from it."}
OTHER_PYTHON = {"all": "It tells the Python and the system that it runs on."}
LATIN_WEBKIT = {
    "webkit": "WebKit sends and reads such values as UTF-8, if not by a service worker."
}
LATIN_IN = {
    "chromium": "Chromium shows a service worker no value that is not ASCII.",
    **LATIN_WEBKIT,
}
LATIN_OUT = {
    "chromium": "Chromium takes the header values of a service worker for UTF-8.",
    **LATIN_WEBKIT,
}
NOT_REDIRECTED = {
    "webkit": "WebKit leaves response.redirected false when a service worker sent the redirect."
}
BODY_LOST = {"webkit": "WebKit drops the body when a service worker answers with 307 or 308."}
NULL_BODY = {"webkit": "A 205 of a service worker has no body; WebKit reads one of a server."}
BROKEN = {
    "firefox": "Firefox says AbortError of a body that a service worker broke off, not TypeError."
}
CUT_SHORT = {
    **BROKEN,
    "webkit": "WebKit takes a chunked body cut short for a whole one, if not by a service worker.",
}
