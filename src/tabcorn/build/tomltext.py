"""TOML as text: files that may be missing, and what a lock needs, always the same bytes.

Runs on CPython at build time. (The standard library reads TOML and does not write it.)
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def read_if_right(file: Path) -> dict[str, Any]:
    """Read a file; {} when it is missing or wrong, which others see to where it matters."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def table(name: str, values: Mapping[str, object], *, repeated: bool = False) -> str:
    """Write `[name]`, or `[[name]]`, and its values; inner mappings become inline tables."""
    head = f"[[{name}]]" if repeated else f"[{name}]"
    return f"\n{head}\n{pairs(values)}"


def pairs(values: Mapping[str, object]) -> str:
    """Write `key = value` lines. An empty value is left out unless it is a list or a number."""
    kept = {key: value for key, value in values.items() if value not in (None, "", {})}
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in kept.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return _list([_value(each) for each in value])
    return _string(str(value))


def _list(values: list[str]) -> str:
    if len(values) < 2:
        return f"[{', '.join(values)}]"
    return "[\n" + "".join(f"    {value},\n" for value in values) + "]"


def _string(text: str) -> str:
    # JSON's strings are TOML's basic strings, but for one character that JSON does not escape.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
