"""The hashes that requirements files pin with --hash, compared with what was fetched.

Runs on CPython at build time. uv compares them when it installs and not when it locks, so it is
done here, for every package that has some, as pip does.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from tabcorn.build.fetch import Local
from tabcorn.errors import DownloadError

_CONTINUED = re.compile(r"\\\r?\n")
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_HASH = re.compile(r"--hash[= ]\s*sha256:([0-9a-fA-F]{64})")
_NESTED = re.compile(r"\s*(?:-r|-c|--requirement|--constraint)(?:\s+|=)(\S.*?)\s*(?:#.*)?")


def pinned_hashes(files: Iterable[Path]) -> dict[str, set[str]]:
    """Read requirements files, and those they name: package -> every sha256 it may have."""
    pinned: dict[str, set[str]] = {}
    for line in logical_lines([file.resolve() for file in files]):
        name, hashes = _NAME.match(line), _HASH.findall(line)
        if name and hashes:
            pinned.setdefault(canonicalize_name(name[1]), set()).update(map(str.lower, hashes))
    return pinned


def check_hashes(fetched: Mapping[str, Local | Path], pinned: Mapping[str, set[str]]) -> None:
    """Raise DownloadError for a file whose package is pinned to other hashes."""
    for name, local in fetched.items():
        if isinstance(local, Local) and name in pinned and local.sha256 not in pinned[name]:
            raise DownloadError(
                f"{local.path.name} is not among the files that the requirements allow: its sha256 "
                f"is {local.sha256}, and no --hash of {name} says so.\n"
                "Find out why before you trust the file. If only hashes of files for other "
                "platforms are listed, make the list anew, for example with "
                "`uv pip compile --universal --generate-hashes`."
            )


def logical_lines(files: list[Path]) -> Iterator[str]:
    """Give the logical lines; `files` grows by those that are named in them."""
    for file in files:
        # uv has read all of them, so what is not there is an address (or in a comment).
        text = _text(file) if file.is_file() else ""
        for line in _CONTINUED.sub(" ", text).splitlines():
            yield line
            nested = _NESTED.fullmatch(line)
            if nested and (found := (file.parent / nested[1]).resolve()) not in files:
                files.append(found)


def _text(file: Path) -> str:
    """Decode as pip and uv do, by the mark at the beginning."""
    data = file.read_bytes()
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    return data.decode(encoding, errors="replace")
