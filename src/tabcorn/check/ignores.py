"""What the project wants to hear no more: `# tabcorn: ignore[code]`, and [tool.tabcorn] ignore.

Runs on CPython at build time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tabcorn.build.entry import suggestion
from tabcorn.build.settings import read_settings
from tabcorn.check.findings import KINDS, Finding
from tabcorn.errors import UsageError

# Whatever the comment of the language begins with.
_COMMENT = re.compile(r"tabcorn:\s*ignore\[([\w\s,-]*)\]")


def ignored_codes(app_dir: Path) -> frozenset[str]:
    """Read `ignore` of [tool.tabcorn]. Raises UsageError for mistakes."""
    settings = read_settings(app_dir)
    codes = frozenset(settings.strings("ignore", "localhost-url"))
    for code in codes - KINDS.keys():
        raise UsageError(
            f"{settings.file} ignores '{code}', which is no code of tabcorn check."
            f"{suggestion(code, set(KINDS))} docs/check.md lists them."
        )
    return codes


def without_ignored(
    findings: Iterable[Finding], files: Mapping[str, bytes], codes: frozenset[str]
) -> Iterator[Finding]:
    """Drop what is ignored by its code, or on its line of one of the app's files."""
    for finding in findings:
        line = _line(finding, files)
        here = {code.strip() for each in _COMMENT.findall(line) for code in each.split(",")}
        if finding.code not in codes | here:
            yield finding


def _line(finding: Finding, files: Mapping[str, bytes]) -> str:
    content = files.get(finding.file or "")
    if finding.line is None or content is None:
        return ""
    lines = content.decode("utf-8", "replace").splitlines()
    return lines[finding.line - 1] if finding.line <= len(lines) else ""
