"""One download: its attempts, and going on where a connection broke off.

Runs on CPython at build time, in several threads. Not the whole time is limited but that in which
nothing comes (UV_HTTP_TIMEOUT, as for uv). What was received is kept for the next attempt when the
server can give the rest of the same file (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

import httpx

from tabcorn.build.progress import Step

PAUSES = (0.5, 2.0)
"""Seconds to wait before the second and the third attempt."""

_STALL = 60.0
_CONNECT = 10.0
_MAY_PASS = (408, 416, 425, 429)


class Stopped(Exception):
    """Another download failed; nobody waits for this one."""


def make_client() -> httpx.Client:
    """Open a client with the user's proxies and certificates, as httpx finds them."""
    stall = stall_seconds()
    timeout = httpx.Timeout(stall, connect=min(_CONNECT, stall))
    # A wheel is compressed as it is, and of a compressed answer no rest could be asked for.
    headers = {"Accept-Encoding": "identity"}
    return httpx.Client(follow_redirects=True, timeout=timeout, headers=headers)


def stall_seconds() -> float:
    """Say for how long nothing may come before a connection is given up."""
    with suppress(ValueError):
        if (chosen := float(os.environ.get("UV_HTTP_TIMEOUT", ""))) > 0:
            return chosen
    return _STALL


class Transfer:
    """Brings one URL into one file, in several attempts."""

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        login: tuple[str, str] | None,
        target: Path,
        step: Step,
    ) -> None:
        self._client = client
        self._url = url
        self._auth = login or httpx.USE_CLIENT_DEFAULT
        self._target = target
        self._step = step
        self._version = ""
        self.taken = 0
        self._expected: int | None = None
        self.lost = ""
        """How far the last attempt got, as the end of a sentence."""

    def run(self, stopped: threading.Event, attempts: int) -> None:
        """Download. Raises httpx.HTTPError for the last failure, and Stopped."""
        self._target.touch()
        for pause in (*PAUSES[: attempts - 1], None):
            try:
                self._attempt(stopped)
                return
            except httpx.HTTPError as error:
                known = bool(self.taken and self._expected)
                self.lost = f", after {self.taken} of {self._expected} bytes" if known else ""
                if pause is None or not _may_pass(error):
                    self._forget()
                    raise
                stopped.wait(pause)

    def _attempt(self, stopped: threading.Event) -> None:
        headers = {}
        if self.taken and self._version:
            headers = {"Range": f"bytes={self.taken}-", "If-Range": self._version}
        request = self._client.stream("GET", self._url, auth=self._auth, headers=headers)
        with request as response:
            if response.is_error or not self._goes_on(response):
                self._forget()
            response.raise_for_status()
            self._note(response)
            with self._target.open("ab") as file:
                for chunk in response.iter_bytes():
                    if stopped.is_set():
                        raise Stopped
                    file.write(chunk)
                    self.taken += len(chunk)
                    self._step.advance(len(chunk))

    def _goes_on(self, response: httpx.Response) -> bool:
        span = response.headers.get("Content-Range", "")
        return response.status_code == 206 and span.startswith(f"bytes {self.taken}-")

    def _note(self, response: httpx.Response) -> None:
        etag, encoded = response.headers.get("ETag", ""), "Content-Encoding" in response.headers
        self._version = "" if encoded or etag.startswith("W/") else etag
        length = response.headers.get("Content-Length", "")
        known = length.isdecimal() and not encoded
        self._expected = self.taken + int(length) if known else None

    def _forget(self) -> None:
        """Begin anew: what came so far is of no use."""
        self._step.advance(-self.taken)
        self.taken = 0
        os.truncate(self._target, 0)


def _may_pass(error: httpx.HTTPError) -> bool:
    """Tell whether another attempt is worth it: lost connections, busy and failing servers."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _MAY_PASS or error.response.is_server_error
    return isinstance(error, httpx.TransportError)
