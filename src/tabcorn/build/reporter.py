"""Whom a build talks to: steps that take long, remarks, and what the app itself prints.

Runs on CPython at build time. The command line implements it (console.py); tests use `Quiet`.
"""

from typing import Protocol

from tabcorn.build.progress import Progress, Silent


class Reporter(Progress, Protocol):
    """Progress, and lines for the user to read."""

    def remark(self, message: str) -> None:
        """Say what the user should know although the build goes on."""

    def output(self, line: str) -> None:
        """Pass on a line that the app printed while it was tried."""


class Quiet(Silent):
    """Keeps remarks and the app's lines instead of showing them."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.lines: list[str] = []

    def remark(self, message: str) -> None:
        """Keep a remark."""
        self.remarks.append(message)

    def output(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)
