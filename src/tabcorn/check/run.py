"""check(): everything that is found about one app, in order of severity.

Runs on CPython at build time. Nothing of the app runs, and nothing is written but the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure
from tabcorn.build.contents import installed
from tabcorn.build.installed import install_own
from tabcorn.build.options import BuildOptions
from tabcorn.build.project import Project, load_project
from tabcorn.build.reporter import Quiet, Reporter
from tabcorn.check.addresses import localhost_urls
from tabcorn.check.blocking import blocking_calls
from tabcorn.check.findings import Finding, Severity
from tabcorn.check.ignores import ignored_codes, without_ignored
from tabcorn.check.modules import Modules
from tabcorn.check.packages import Packages, find_packages
from tabcorn.check.secrets import secrets_in
from tabcorn.check.size import BUDGET, over_budget, sizes
from tabcorn.check.usage import own_usage, usage_of_packages


@dataclass(frozen=True)
class Report:
    """The outcome of a check."""

    target: str
    findings: tuple[Finding, ...]
    """The worst first, then by file and line."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes that a first visit downloads, about, by part."""
    budget: int = BUDGET["download"]

    def fails(self, strict: bool) -> bool:
        """Tell whether the command is to fail: errors do, with `strict` warnings too."""
        least = Severity.WARNING if strict else Severity.ERROR
        return any(finding.severity >= least for finding in self.findings)


def check(options: BuildOptions, cache: Cache, reporter: Reporter) -> Report:
    """Check an app. Raises TabcornError for what keeps it from being checked at all."""
    project = load_project(options)
    silent = ignored_codes(project.entry.app_dir)
    packages = find_packages(project, cache, reporter)
    project, packages.closure = install_own(project, packages.closure, cache, reporter)
    with reporter.step("Look through the app and its packages"):
        laid = installed(project, packages.closure, options, Quiet())
        parts = sizes(laid, project.files)
        findings = [*packages.findings, *_look(project, packages), *over_budget(parts)]
    kept = set(without_ignored(findings, project.files, silent))
    return Report(project.entry.target, tuple(sorted(kept, key=_order)), parts)


def _look(project: Project, packages: Packages) -> Iterator[Finding]:
    closure = packages.closure
    modules = Modules(project, closure.packages)
    yield from own_usage(modules, _left_out(closure), packages.complete)
    yield from usage_of_packages(modules)
    yield from blocking_calls(modules)
    yield from localhost_urls(modules, project.files)
    yield from secrets_in(project.files, project.env)


def _left_out(closure: Closure) -> dict[str, str]:
    return {str(canonicalize_name(each.name)): each.reason for each in closure.left_out}


def _order(finding: Finding) -> tuple[object, ...]:
    place = (finding.file or "", finding.line or 0, finding.package or "")
    return (-finding.severity, *place, finding.code, finding.what)
