"""Where the file of a choice is: the lock's URL or path, name, hash and size.

Runs on CPython at build time.
"""

from __future__ import annotations

import os
from dataclasses import fields as fields_of
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from packaging.pylock import PackageDirectory

from tabcorn.build.credentials import Credentials, credentials_for
from tabcorn.build.fetch import Local, Remote
from tabcorn.build.logins import without_login
from tabcorn.build.place import VARIABLE, relocated
from tabcorn.build.select import Choice, Source
from tabcorn.build.target import PYODIDE_VERSION
from tabcorn.errors import ResolveError


def remote_of(choice: Choice, root: Path, logins: Credentials) -> Remote:
    """Describe the file to fetch; relative paths in the lock start at `root`."""
    source = choice.source
    if isinstance(source, PackageDirectory):
        raise TypeError("a folder is used where it is")
    # PEP 751: when both are there, the path is tried first.
    url = (root / source.path).absolute().as_uri() if source.path else source.url
    if not url:
        raise ResolveError(
            f"The lock says nothing of where {choice.name} {choice.version} is.\n"
            "Make it anew with the tool that wrote it."
        )
    remedy = ""
    if choice.origin == "pyodide":
        url, remedy = relocated(url, root), _PYODIDES
    login = credentials_for(url, logins)
    return Remote(file_name(url), url, source.hashes.get("sha256"), source.size, login, remedy)


_PYODIDES = (
    f"It is a part of Pyodide {PYODIDE_VERSION}'s own distribution. Where that is out of reach, "
    "name a mirror, or a folder that it was unpacked to, with --pyodide-distribution or "
    f"{VARIABLE}."
)


def exact(choice: Choice, found: Local | Path, root: Path) -> Source:
    """Give a choice's source with the hash and the size that its file has; a folder has neither.

    A file of this machine (from --find-links, say) is named by its path from `root`, so that the
    lock is right for a copy of the project elsewhere.
    """
    if isinstance(choice.source, PackageDirectory) or isinstance(found, Path):
        return choice.source
    fields = {each.name: getattr(choice.source, each.name) for each in fields_of(choice.source)}
    size = found.path.stat().st_size
    changed: dict[str, object] = {
        "hashes": {"sha256": found.sha256},
        "size": size,
        "upload_time": None,
    }
    url = choice.source.url
    if path := _path_from(root, url):
        changed |= {"path": path, "url": None}
    elif url:  # a lock is kept under version control, where nobody looks for passwords
        changed["url"] = without_login(url)
    return type(choice.source)(**{**fields, **changed})


def _path_from(root: Path, url: str | None) -> str | None:
    parts = urlsplit(url or "")
    if parts.scheme != "file":
        return None
    try:
        relative = os.path.relpath(url2pathname(parts.path), root.resolve())
    except ValueError:  # on another drive
        return None
    return Path(relative).as_posix()


def file_name(url: str) -> str:
    """Take the last part of a URL's path as the name of a file. Raises ResolveError."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    # The name becomes part of a path in the cache.
    if name in ("", ".", "..") or any(character in name for character in '\\:*?"<>|\0'):
        raise ResolveError(
            f"{url} does not end in the name of a file.\n"
            "Require the package by a URL that ends in its wheel's or source archive's name."
        )
    return name
