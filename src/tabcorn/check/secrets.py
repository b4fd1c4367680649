"""Findings about what looks like a secret in files that are about to be published.

Runs on CPython at build time. A value is never shown whole. Placeholders, words and values of
little entropy are let pass: a check that cries wolf is switched off.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from tabcorn.check.findings import Finding, find

# Provider -> the form of its keys, as the providers document them.
_PROVIDERS = {
    "AWS": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{50,}\b",
    "GitLab": r"\bglpat-[\w-]{20,}",
    "Slack": r"\bxox[abposr]-[A-Za-z0-9-]{20,}|hooks\.slack\.com/services/T\w+/B\w+/\w{20,}",
    "Stripe": r"\b[sr]k_live_[A-Za-z0-9]{16,}\b",
    "Anthropic": r"\bsk-ant-[\w-]{20,}",
    "OpenAI": r"\bsk-(?!ant-)(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}",
    "SendGrid": r"\bSG\.[\w-]{16,}\.[\w-]{32,}",
    "Hugging Face": r"\bhf_[A-Za-z0-9]{30,}\b",
    "npm": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI": r"\bpypi-AgE[\w-]{50,}",
    "DigitalOcean": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "Telegram": r"\b\d{8,10}:AA[\w-]{33}\b",
    "Azure": r"\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}",
    "Google": r"\bGOCSPX-[\w-]{28}\b|\bya29\.[\w-]{40,}",
}
_KEYS = re.compile("|".join(f"(?P<p{n}>{p})" for n, p in enumerate(_PROVIDERS.values())))
_NAMES = tuple(_PROVIDERS)
_PRIVATE = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+[A-Za-z0-9+/=:]"
)
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://([^\s:/@'\"<>{}$]+):([^\s:/@'\"<>{}$]{3,})@([\w.-]+)")
_ASSIGNED = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]*)["']?\]?\s*(?::\s*\w+\s*)?[:=]\s*[rbuRBU]?(?P<quote>["'])"""
    r"""(?P<value>[^"'\s]{8,200})(?P=quote)"""
)
_BARE = re.compile(r"^\s*(?:export\s+)?(?P<name>[\w.-]+)\s*[:=]\s*(?P<value>[^\s\"'#]{8,200})\s*$")
_SECRET_NAME = re.compile(
    r"(?:^|[_.-])(?:secret(?:[_-]?key)?|password|passwd|pwd|token|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|signing[_-]?key|encryption[_-]?key)$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"example|change|replace|placeholder|dummy|sample|insert|your|todo|fixme|xxx|\*\*|\.\.\."
    r"|not[-_ ]?a|secret|password|insecure|fake|test|^<|>$|\{\{|\{\w*\}|\$\{|%\(",
    re.IGNORECASE,
)
_TEXTS = """
    .py .js .mjs .ts .jsx .tsx .json .toml .yaml .yml .ini .cfg .conf .properties .env .txt .md
    .html .htm .jinja .jinja2 .j2 .xml .csv .sh .sql .pem .key .asc .rst .ipynb
"""
_TEXT = frozenset(_TEXTS.split())
_BARE_SUFFIXES = frozenset({".env", ".ini", ".cfg", ".conf", ".properties", ".yaml", ".yml"})
_TESTS = re.compile(r"(?:^|/)(?:tests?|docs?)/|(?:^|/)(?:test_[^/]*|conftest|[^/]*_test)\.py$")
_LARGEST = 2_000_000
_LEAST_ENTROPY = 3.0  # bits a character; words and repetitions have less


def secrets_in(files: Mapping[str, bytes], env: Mapping[str, str]) -> Iterator[Finding]:
    """Look through the files to be published, and the variables of --env-file."""
    for path, data in files.items():
        suffix = PurePosixPath(path).suffix
        if any(PurePosixPath(path).match(pattern) for pattern in ("*.env", ".env.*")):
            yield find("env-file", f"{path} becomes part of the site", file=path)
        if (suffix in _TEXT or not suffix) and len(data) <= _LARGEST and b"\0" not in data[:1000]:
            found = _in_file(path, data.decode("utf-8", "replace"), suffix)
            yield from (each.as_note() if _TESTS.search(path) else each for each in found)
    for name, value in env.items():
        yield from _in_variable(name, value)


def masked(value: str) -> str:
    """Show so much of a value that its owner knows it, and nobody can use it."""
    shown = min(4, len(value) // 4)
    return f"{value[:shown]}… ({len(value)} characters)"


def _in_file(path: str, text: str, suffix: str) -> Iterator[Finding]:
    for key in _PRIVATE.finditer(text):
        line = text.count("\n", 0, key.start()) + 1
        yield find("private-key", "a private key would be published", file=path, line=line)
    for number, line_text in enumerate(text.splitlines(), 1):
        for code, what in _in_line(line_text, suffix):
            yield find(code, what, file=path, line=number)


def _in_line(line: str, suffix: str) -> Iterator[tuple[str, str]]:
    known = [key for key in _KEYS.finditer(line) if not _is_placeholder(key[0])]
    for key in known:
        provider = _NAMES[int((key.lastgroup or "p0")[1:])]
        yield "provider-key", f"{masked(key[0])} looks like a key of {provider}"
    for url in _URL.finditer(line):
        if _is_password(url[1], url[2], url[3]):
            yield "password-in-url", f"a URL to {url[3]} has the password {masked(url[2])}"
    if not known:
        yield from _assigned(line, suffix)


def _assigned(line: str, suffix: str) -> Iterator[tuple[str, str]]:
    found = list(_ASSIGNED.finditer(line))
    if not found and suffix in _BARE_SUFFIXES:
        found = list(_BARE.finditer(line))
    for each in found:
        if _SECRET_NAME.search(each["name"]) and _looks_random(each["value"]):
            yield "secret-value", f"{each['name']} is {masked(each['value'])}"


def _in_variable(name: str, value: str) -> Iterator[Finding]:
    if _KEYS.search(value) or (_SECRET_NAME.search(name) and _looks_random(value)):
        what = f"the variable {name} of --env-file is {masked(value)}"
        why = "Its value becomes a part of the site, which every visitor can read."
        yield find("secret-value", what, why=why, fix="Leave it out of that file.")


def _is_password(user: str, password: str, host: str) -> bool:
    harmless = _PLACEHOLDER.search(password) or host.endswith(("example.com", "example.org"))
    return not harmless and password.lower() not in (user.lower(), "pass", "passwd", "pw", "pwd")


def _is_placeholder(value: str) -> bool:
    return bool(re.search(r"example|xxxx|your|\.\.\.", value, re.IGNORECASE)) or (
        _entropy(value) < _LEAST_ENTROPY
    )


def _looks_random(value: str) -> bool:
    """Tell a made-up value from a word, a path, a placeholder or a name."""
    if _PLACEHOLDER.search(value.replace("django-insecure-", "")) or "/" in value[:1]:
        return False
    kinds = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d_.-]")
    return sum(bool(re.search(kind, value)) for kind in kinds) >= 2 and (
        _entropy(value) >= _LEAST_ENTROPY
    )


def _entropy(value: str) -> float:
    """Shannon's entropy in bits a character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
