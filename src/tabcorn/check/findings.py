"""What a check finds: one finding, its severity, and the table of every kind there is.

Runs on CPython at build time. Codes are stable: projects name them to silence a finding, and
docs/check.md lists them (a test keeps the two in step).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum


class Severity(IntEnum):
    """How sure it is that a visitor is worse off; the worst first when sorted downwards."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word for people and for JSON."""
        return self.name.lower()


@dataclass(frozen=True)
class Kind:
    """One kind of finding: its usual severity, and what is true of all of them."""

    severity: Severity
    title: str
    why: str
    fix: str


@dataclass(frozen=True)
class Finding:
    """One thing to know before shipping; `file` is relative to the app's folder."""

    code: str
    severity: Severity
    what: str
    why: str
    fix: str
    file: str | None = None
    line: int | None = None
    package: str | None = None
    """The distribution it is about."""

    def as_note(self) -> Finding:
        """Say the same, but as nothing that has to be acted upon."""
        return replace(self, severity=Severity.NOTE)


def find(
    code: str,
    what: str,
    *,
    file: str | None = None,
    line: int | None = None,
    package: str | None = None,
    severity: Severity | None = None,
    why: str | None = None,
    fix: str | None = None,
) -> Finding:
    """Make a finding of one of the KINDS; what is not given is the kind's own."""
    kind = KINDS[code]
    return Finding(
        code, severity or kind.severity, what, why or kind.why, fix or kind.fix, file, line, package
    )


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS = {
    "unresolved": Kind(
        _E,
        "the requirements cannot be resolved, or the lock does not fit them",
        "A build stops here: there is no set of packages to take along.",
        "Correct the requirement that is named, or lock again with `tabcorn lock`.",
    ),
    "no-wheel": Kind(
        _E,
        "a required package has nothing that Pyodide can run",
        "It has neither a wheel for Pyodide nor pure Python code.",
        "Require a version that has a pure Python wheel, ask its authors for a wheel for Pyodide, "
        "or leave it out with --exclude-package.",
    ),
    "missing-module": Kind(
        _E,
        "a module is imported that is not there in the browser",
        "The import raises ModuleNotFoundError.",
        "Import it only where sys.platform != 'emscripten', or catch the ImportError.",
    ),
    "process": Kind(
        _E,
        "other programs or processes are started",
        "A browser tab starts no processes: the call raises OSError.",
        "Do it in Python itself, or only where sys.platform != 'emscripten'.",
    ),
    "thread": Kind(
        _E,
        "a thread is started",
        "A browser tab has no threads: start() raises RuntimeError.",
        "Use asyncio.create_task, asyncio.to_thread or a ThreadPoolExecutor, which run inline.",
    ),
    "socket": Kind(
        _E,
        "a socket is opened or listened on",
        "A browser opens no sockets for Python: connecting and listening fail.",
        "Use HTTP by httpx, requests or urllib, which works as CORS allows.",
    ),
    "signal": Kind(
        _W,
        "signals are used",
        "There are no signals in a browser tab: none arrives, and timers of signals are missing.",
        "Use the app's lifespan for its end and asyncio.timeout for time limits.",
    ),
    "network-client": Kind(
        _W,
        "the client of a database or service that is reached over TCP",
        "A browser opens no sockets for Python: its connections are refused.",
        "Use SQLite in the browser, or a service that is reached by HTTP and allows CORS.",
    ),
    "blocking-call": Kind(
        _W,
        "async code makes a call that blocks",
        "The whole app, in all tabs, waits until it returns, as under uvicorn with one worker.",
        "Await an async equivalent, or use asyncio.to_thread.",
    ),
    "localhost-url": Kind(
        _W,
        "an absolute URL to the visitor's own machine",
        "In the browser it means the visitor's machine, where nothing answers.",
        "Use a relative URL, or one made by the framework (url_for).",
    ),
    "private-key": Kind(
        _E,
        "a private key",
        "A site is public: every visitor can read this file.",
        "Take the key out of the app's folder, or leave the file out with --exclude; if it was "
        "published before, replace it.",
    ),
    "provider-key": Kind(
        _E,
        "a key of a known provider",
        "A site is public: every visitor can read this file.",
        "Take it out and ask the service from a server of yours; if it was published before, "
        "revoke it.",
    ),
    "password-in-url": Kind(
        _W,
        "a URL with a password in it",
        "A site is public: every visitor can read this file.",
        "Take the password out; what needs it has to run on a server.",
    ),
    "secret-value": Kind(
        _W,
        "a value whose name says that it is a secret",
        "A site is public: every visitor can read this file.",
        "Give the site a value of its own that protects nothing else, such as "
        "secrets.token_hex() when the app starts.",
    ),
    "env-file": Kind(
        _W,
        "a file of environment variables becomes public",
        "A site is public: every visitor can read this file.",
        "Leave it out with --exclude, and give only what is no secret with --env-file.",
    ),
    "size": Kind(
        _W,
        "a first visit downloads more than a phone's budget",
        "On a phone's network (10 Mbit/s) the visitor waits for more than 20 seconds.",
        "Leave out packages with --exclude-package and files with --exclude.",
    ),
    "unparsed": Kind(
        _N,
        "a file could not be read as Python",
        "Its imports and calls were not looked at.",
        "Correct the syntax, or check with a newer Python.",
    ),
}
"""Every code, in the order of the docs."""
