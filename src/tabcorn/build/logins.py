"""Addresses without the names and passwords in them, for whatever others will read.

Runs on CPython at build time.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")


def without_login(url: str) -> str:
    """Give the address without name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def without_logins(text: str) -> str:
    """Give a text in which no address has a name or a password."""
    return _LOGIN.sub("", text)
