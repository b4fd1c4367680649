"""What the project wants to hear no more: `# tabcorn: ignore[code]`, and [tool.tabcorn] ignore.

Runs on CPython at build time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tabcorn.build.entry import suggestion
from tabcorn.check.findings import KINDS, Finding
from tabcorn.errors import UsageError

# Whatever the comment of the language begins with.
_COMMENT = re.compile(r"tabcorn:\s*ignore\[([\w\s,-]*)\]")


def ignored_codes(app_dir: Path) -> frozenset[str]:
    """Read the nearest pyproject.toml that has [tool.tabcorn]. Raises UsageError for mistakes."""
    for folder in (app_dir, *app_dir.parents):
        file = folder / "pyproject.toml"
        settings = _settings(file) if file.is_file() else None
        if settings is not None:
            return _codes(settings.get("ignore", []), file)
        if (folder / ".git").exists():
            break
    return frozenset()


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


def _settings(file: Path) -> dict[str, object] | None:
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} is no valid TOML: {error}.") from error
    settings = tool.get("tabcorn") if isinstance(tool, dict) else None
    return settings if isinstance(settings, dict) else None


def _codes(value: object, file: Path) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(
            f"'ignore' under [tool.tabcorn] in {file} is no list of strings. "
            'Write it like ignore = ["localhost-url"].'
        )
    for code in value:
        if code not in KINDS:
            raise UsageError(
                f"{file} ignores '{code}', which is no code of tabcorn check."
                f"{suggestion(code, set(KINDS))} docs/check.md lists them."
            )
    return frozenset(value)
