"""What lies in a tab's file system: the standard library, the packages and the app, with bytecode.

Runs on CPython at build time. What is not needed is left out here: installers that nothing
imports, files that --strip names, and with --no-sources the packages' sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tabcorn import __version__
from tabcorn.build.bytecode import (
    Compiled,
    Sources,
    beside_sources,
    compile_all,
    instead_of_sources,
    python_sources,
    stdlib_files,
    stdlib_sources,
)
from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure
from tabcorn.build.entry import missing_module, seems_broken
from tabcorn.build.filerules import matches
from tabcorn.build.options import BuildOptions
from tabcorn.build.packs import Files, Part
from tabcorn.build.project import CWD, Project
from tabcorn.build.reporter import Reporter
from tabcorn.build.runtimefiles import server_files
from tabcorn.build.target import PYTHON_VERSION
from tabcorn.build.unimported import unimported
from tabcorn.build.weight import Laid
from tabcorn.errors import TargetError

SITE_PACKAGES = f"lib/python{PYTHON_VERSION}/site-packages"

LIBRARIES = "/usr/lib"
"""Where Pyodide looks for a shared library that a module needs (LD_LIBRARY_PATH)."""


@dataclass(frozen=True)
class Contents:
    """The files of a site, with their bytecode."""

    stdlib: Files = field(repr=False)
    """By absolute path, unlike the others."""
    packages: tuple[Laid, ...]
    """tabcorn's own server is one of them."""
    app: Mapping[str, bytes] = field(repr=False)
    """Path in the app's folder -> contents."""
    libraries: tuple[Laid, ...] = ()
    """Shared libraries, if there are any."""

    @cached_property
    def parts(self) -> dict[Part, Files]:
        """Give each file its place in the tab."""
        packages = {
            f"{at}/{path}": data
            for at, group in ((f"/{SITE_PACKAGES}", self.packages), (LIBRARIES, self.libraries))
            for each in group
            for path, data in each.files.items()
        }
        app = {f"{CWD}/{path}": data for path, data in self.app.items()}
        return {"python": self.stdlib, "packages": packages, "app": app}


def compile_app(project: Project, core: Path, cache: Cache) -> None:
    """Find out before the long work whether Pyodide's Python can compile a module that ours cannot.

    Raises TargetError.
    """
    if seems_broken(project.entry):
        _require_compiled(project, *compile_all([_app_sources(project)], core, cache))


def make_contents(
    project: Project,
    closure: Closure,
    options: BuildOptions,
    core: Path,
    cache: Cache,
    reporter: Reporter,
) -> Contents:
    """Unpack and compile. Raises WheelError, TargetError."""
    packages = installed(project, closure, options, reporter)
    _require_module(project, packages)
    groups = [python_sources(SITE_PACKAGES, each.files) for each in packages]
    app = _app_sources(project)
    with reporter.step("Compile to bytecode"):
        stdlib, own, *compiled = compile_all([stdlib_sources(core), app, *groups], core, cache)
    _require_compiled(project, own)
    for error in own.errors.values():  # perhaps nothing ever imports it
        reporter.remark(f"A file of the app was not compiled. {error}")
    return Contents(
        stdlib_files(core, stdlib),
        tuple(
            Laid(each.name, each.version, _laid(each.files, code, options))
            for each, code in zip(packages, compiled, strict=True)
        ),
        {**project.files, **beside_sources(own)},
        tuple(Laid(each.name, each.version, each.files()) for each in closure.libraries),
    )


def installed(
    project: Project, closure: Closure, options: BuildOptions, reporter: Reporter
) -> list[Laid]:
    """Unpack what rides along, sources only, and tabcorn's server with it. Raises WheelError."""
    packages = [Laid(each.name, each.version, each.files()) for each in closure.packages]
    idle = unimported({each.name: each.files for each in packages}, project.files)
    for name in sorted(idle):
        reporter.remark(f"{name} was left out: it is an installer, and nothing imports it.")
    kept = [each for each in packages if each.name not in idle]
    server = Laid("tabcorn", __version__, server_files())
    return [*(_stripped(each, options.strip) for each in kept), server]


def _stripped(package: Laid, patterns: tuple[str, ...]) -> Laid:
    files = {path: data for path, data in package.files.items() if not matches(patterns, path)}
    return Laid(package.name, package.version, files)


def _laid(files: Mapping[str, bytes], code: Compiled, options: BuildOptions) -> dict[str, bytes]:
    if options.sources:
        return {**files, **beside_sources(code)}
    return instead_of_sources(files, code)


def _require_module(project: Project, packages: list[Laid]) -> None:
    """An app may live in one of its dependencies; if it does not, say so before it is tried."""
    first = project.entry.module.split(".")[0]
    own = project.entry.source is not None
    if not own and not any(
        path.startswith((f"{first}/", f"{first}.")) for each in packages for path in each.files
    ):
        raise missing_module(project.entry)


def _app_sources(project: Project) -> Sources:
    return python_sources(CWD.lstrip("/"), project.files)


def _require_compiled(project: Project, app: Compiled) -> None:
    main = project.entry.source_path
    if main in app.errors:
        raise TargetError(f"{project.entry.source} cannot be compiled:\n\n{app.errors[main]}")
