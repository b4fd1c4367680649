"""The page script: what is first in every HTML document of the app, as one file.

Runs on CPython at build time. The files of runtime/page/ are no modules: they share what they
declare, inside a function, so that a document waits for one answer and sees none of their names.
"""

import re
from collections.abc import Iterable, Mapping

from tabcorn.build.joined import without_comments

Files = Mapping[str, bytes]

# Before all others, and says whether they follow.
_ENTRY = "page/entry.js"

# In this order, inside one function: they share what `native` declares.
_OWN = (
    *("native", "place", "window", "arrival", "document", "links", "leads", "popups", "embedded"),
    *("autofocus", "aborts", "redirects"),
    *("cookiejar", "cookies", "cookieorder", "cookiestore"),
)

# Inside one function of their own, whose text also goes into workers: they patch `WebSocket` and
# `EventSource`.
_SOCKETS = (
    *("engine", "convert", "handlers", "csp"),
    *("line", "socket", "websocket", "events", "blobworker"),
)

# Inside one function of their own, for documents: they patch `fetch`. Those of other folders are
# modules, and are put in without what makes them one.
_REQUESTS = (
    *("../shared/request-headers", "../shared/freshness", "../sw/codings"),
    *("line", "portable", "cached", "port", "transfer", "answered", "watched", "requests"),
)

# Of these the function keeps the browser's own, whatever a page (a fake clock) puts there later.
_NATIVES = (
    *("ArrayBuffer", "Blob", "BroadcastChannel", "CloseEvent", "DOMException", "Event"),
    *("MessageChannel", "MessageEvent", "TextDecoder", "TextEncoder", "URL"),
    *("clearTimeout", "setTimeout"),
)

# And of these the other one.
_REQUEST_NATIVES = (
    *("AbortSignal", "ArrayBuffer", "BroadcastChannel", "DOMException", "Date", "EventTarget"),
    *("FinalizationRegistry", "FormData", "Headers", "MessageChannel", "Promise"),
    *("ReadableStream", "Request", "Response", "TextEncoder", "TransformStream", "TypeError"),
    *("URL", "URLSearchParams", "clearTimeout", "setTimeout"),
)


def page_script(runtime: Files, port: bool) -> str:
    """Put it together, with what makes requests by the page's own port or without."""
    inside = _module(runtime, "shared/inside.js")
    entry = f"{_file(runtime, _ENTRY)}\nif (!hasOrigin) return;\n{inside}const insideSite = inside;"
    sockets = f"const installSockets = {sockets_script(runtime)};\ninstallSockets(place);"
    parts = [entry, *_named(runtime, _OWN), sockets, *([_requests(runtime)] if port else [])]
    return "(() => {\n" + "\n".join(parts) + "\n})();\n"


def sockets_script(runtime: Files) -> str:
    """Make the function that gives a document or worker its `WebSocket`; it takes a `Place`."""
    return _function("function installSockets(place)", _NATIVES, _named(runtime, _SOCKETS))


def _requests(runtime: Files) -> str:
    return f"({_function('() =>', _REQUEST_NATIVES, _named(runtime, _REQUESTS))})();"


def _function(head: str, natives: Iterable[str], files: Iterable[str]) -> str:
    kept = f"const {{ {', '.join(natives)} }} = globalThis;"
    return "\n".join([f"{head} {{", '"use strict";', kept, *files, "}"])


def _named(runtime: Files, names: Iterable[str]) -> list[str]:
    return [
        _module(runtime, f"{name.removeprefix('../')}.js")
        if name.startswith("../")
        else _file(runtime, f"page/{name}.js")
        for name in names
    ]


def _file(runtime: Files, path: str) -> str:
    return without_comments(runtime[path].decode())


def _module(runtime: Files, path: str) -> str:
    """Make a script of a module that imports types alone."""
    return re.sub(r"^export ", "", _file(runtime, path), flags=re.MULTILINE)
