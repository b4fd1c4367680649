"""Small projects in temp folders, checked whole; packages come from a folder of wheels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tabcorn.build.cache import Cache
from tabcorn.build.options import BuildOptions
from tabcorn.build.reporter import Quiet
from tabcorn.check.findings import Finding, Severity
from tabcorn.check.run import Report, check
from tests.build.making import make_project

HEADER = "# /// script\n# dependencies = [{}]\n# ///\n"


class Project:
    """An app's folder, and what a check finds in it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.wheels = make_project(folder)
        (self.root / ".git").mkdir()
        self.cache = Cache(folder / "cache")

    def check(
        self, files: Mapping[str, str] | str, target: str = "main:app", **more: object
    ) -> Report:
        """Write the files (or main.py alone) and check the app."""
        every = {"main.py": files} if isinstance(files, str) else files
        for name, text in every.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        options = BuildOptions(target, app_dir=self.root, **more)  # type: ignore[arg-type]
        return check(options, self.cache, Quiet())

    def found(self, files: Mapping[str, str] | str, **more: object) -> list[tuple[str, str, int]]:
        """Give (code, file, line) of the errors and warnings, sorted."""
        findings = self.check(files, **more).findings  # type: ignore[arg-type]
        return sorted(place(each) for each in findings if each.severity > Severity.NOTE)


def place(finding: Finding) -> tuple[str, str, int]:
    """Say what a finding is and where."""
    return finding.code, finding.file or "", finding.line or 0
