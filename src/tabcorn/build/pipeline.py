"""build(): the steps from an app to a site, in order.

Runs on CPython at build time. Whatever can fail comes before the output folder is touched; a
step that takes long, and whatever the user should know, goes to the Reporter.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tabcorn.build.archive import Asset, gzip_bytes, make_asset, make_tar, split_asset
from tabcorn.build.bytecode import (
    Compiled,
    Sources,
    beside_sources,
    compile_all,
    python_sources,
    stdlib_sources,
    stdlib_zip,
)
from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, resolve_closure
from tabcorn.build.core import core_folder
from tabcorn.build.entry import missing_module, seems_broken
from tabcorn.build.installed import install_own
from tabcorn.build.lockfile import Lock
from tabcorn.build.locking import closure_by, lock_path, make_lock, read_lock
from tabcorn.build.options import BuildOptions
from tabcorn.build.preferences import Upgrade
from tabcorn.build.project import CWD, Project, load_project
from tabcorn.build.publicity import remarks_on
from tabcorn.build.publish import check_output, publish
from tabcorn.build.rehearsal import Stage, rehearse
from tabcorn.build.reporter import Reporter
from tabcorn.build.requirements import Requirements
from tabcorn.build.runtimefiles import runtime_files, server_files
from tabcorn.build.site import Mount, Site
from tabcorn.build.target import PYODIDE_VERSION, PYTHON_VERSION
from tabcorn.errors import TargetError, UsageError

SITE_PACKAGES = f"lib/python{PYTHON_VERSION}/site-packages"
LIBRARIES = "/usr/lib"
"""Where Pyodide looks for a shared library that a module needs (LD_LIBRARY_PATH)."""


@dataclass(frozen=True)
class BuiltSite:
    """What a build came to. `sizes` are bytes that a first visit downloads, by part."""

    path: Path
    build: str
    sizes: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    """Files and folders of the app's that did not come along."""


@dataclass(frozen=True)
class Contents:
    """The archives of a site before they are compressed."""

    stdlib: bytes = field(repr=False)
    packages: bytes = field(repr=False)
    app: bytes = field(repr=False)
    libraries: bytes | None = field(default=None, repr=False)
    """Shared libraries, if there are any."""


def build(options: BuildOptions, output: Path, cache: Cache, reporter: Reporter) -> BuiltSite:
    """Build the site into `output`. Raises TabcornError, and then has written nothing there."""
    check_output(output)
    project = load_project(options, output)
    _remark(project, options, reporter)
    lock = _lock(project.requirements, options)
    core = core_folder(cache, reporter)
    if seems_broken(project.entry):  # find out before the long work
        _require_compiled(project, *compile_all([_app_sources(project)], core, cache))
    closure = _closure(project, lock, options, cache, reporter)
    for note in _notes(closure):
        reporter.remark(note)
    # Else a build that writes a version file would bring about the next one, without end.
    project, closure = install_own(project, closure, cache, reporter, anew=not options.dev)
    contents = _compile(project, closure, core, cache, reporter)
    if options.run:
        with reporter.step(f"Try {project.entry.target} in Pyodide"):
            left_out = {each.name: each.reason for each in closure.left_out}
            tars, seconds = _tars(contents), options.rehearsal_seconds
            stage = Stage(core, contents.stdlib, tars, seconds, left_out)
            rehearse(project, project.config(options), stage, cache, reporter)
    with reporter.step("Write the site"):
        site = _assemble(project, options, contents, core, cache)
        publish(site, output)
    return BuiltSite(output, site.build, _sizes(site), tuple(sorted(project.left_out)))


def _lock(requirements: Requirements, options: BuildOptions) -> Lock | None:
    path = lock_path(requirements)
    lock = read_lock(path)
    if options.upgrade and not lock:
        raise UsageError(
            f"There is no {path} to upgrade. Make one with `tabcorn lock`, or build without "
            "--upgrade: without a lock the newest versions are taken anyway."
        )
    return lock


def _closure(
    project: Project, lock: Lock | None, options: BuildOptions, cache: Cache, reporter: Reporter
) -> Closure:
    requirements = project.requirements
    if options.upgrade:
        return _upgraded(requirements, options.upgrade, cache, reporter)
    if lock:
        return closure_by(lock, requirements, cache, reporter)
    if project.needs_nothing:  # then no network is needed either
        return Closure(())
    return resolve_closure(requirements, cache, reporter)


def _upgraded(
    requirements: Requirements, upgrade: Upgrade, cache: Cache, reporter: Reporter
) -> Closure:
    locked = make_lock(requirements, upgrade, cache, reporter)
    for change in locked.changes:
        reporter.remark(f"The lock has changed: {change}.")
    return locked.closure


def _notes(closure: Closure) -> list[str]:
    left_out = [f"{e.name} {e.version} was left out: {e.reason}." for e in closure.left_out]
    return [*closure.notes, *left_out]


def _remark(project: Project, options: BuildOptions, reporter: Reporter) -> None:
    for remark in remarks_on(project):
        reporter.remark(remark)
    if project.env and not options.dev:
        reporter.remark(
            f"The values in {project.env_file} become part of the site, where every visitor can "
            "read them: put no secret there."
        )


def _compile(
    project: Project, closure: Closure, core: Path, cache: Cache, reporter: Reporter
) -> Contents:
    installed = [package.files() for package in closure.packages] + [server_files()]
    _require_module(project, installed)
    groups = [python_sources(SITE_PACKAGES, files) for files in installed]
    app = _app_sources(project)
    with reporter.step("Compile to bytecode"):
        stdlib, own, *packages = compile_all([stdlib_sources(core), app, *groups], core, cache)
    _require_compiled(project, own)
    for error in own.errors.values():  # perhaps nothing ever imports it
        reporter.remark(f"A file of the app was not compiled. {error}")
    site_packages: dict[str, bytes] = {}
    for files, compiled in zip(installed, packages, strict=True):
        site_packages |= {**files, **beside_sources(compiled)}
    return Contents(
        stdlib_zip(core, stdlib),
        make_tar(site_packages),
        make_tar({**project.files, **beside_sources(own)}),
        _libraries(closure),
    )


def _libraries(closure: Closure) -> bytes | None:
    files: dict[str, bytes] = {}
    for library in closure.libraries:
        files |= library.files()
    return make_tar(files) if files else None


def _require_module(project: Project, installed: list[Mapping[str, bytes]]) -> None:
    """An app may live in one of its dependencies; if it does not, say so before it is tried."""
    first = project.entry.module.split(".")[0]
    own = project.entry.source is not None
    if not own and not any(
        path.startswith((f"{first}/", f"{first}.")) for files in installed for path in files
    ):
        raise missing_module(project.entry)


def _app_sources(project: Project) -> Sources:
    return python_sources(CWD.lstrip("/"), project.files)


def _require_compiled(project: Project, app: Compiled) -> None:
    main = project.entry.source_path
    if main in app.errors:
        raise TargetError(f"{project.entry.source} cannot be compiled:\n\n{app.errors[main]}")


def _tars(contents: Contents) -> dict[str, bytes]:
    tars = {f"/{SITE_PACKAGES}": contents.packages, CWD: contents.app}
    return {**tars, LIBRARIES: contents.libraries} if contents.libraries else tars


def _assemble(
    project: Project, options: BuildOptions, contents: Contents, core: Path, cache: Cache
) -> Site:
    title = options.title or project.entry.target
    packages = _cached_asset("packages", contents.packages, cache)
    mounts = [
        Mount(f"/{SITE_PACKAGES}", packages),
        Mount(CWD, make_asset("app", contents.app)),
    ]
    if contents.libraries:
        libraries = _cached_asset("libraries", contents.libraries, cache)
        mounts.append(Mount(LIBRARIES, libraries))
    return Site(
        app=project.config(options),
        title=title,
        pyodide=PYODIDE_VERSION,
        python=PYTHON_VERSION,
        wasm=_cached_asset("wasm", (core / "pyodide.asm.wasm").read_bytes(), cache),
        stdlib=_cached_asset("stdlib", contents.stdlib, cache),
        mounts=tuple(mounts),
        files=runtime_files(core, title),
        dev=options.dev,
        base_url=options.base_url,
    )


def _cached_asset(name: str, data: bytes, cache: Cache) -> Asset:
    """Compress what rarely changes once: that is most of the time of a second build."""
    key = hashlib.sha256(data).hexdigest()
    stored = cache.entry("gzip-1", key)
    if stored is None:
        stored = gzip_bytes(data)
        cache.add_entry("gzip-1", key, stored)
    return split_asset(name, len(data), stored)


def _sizes(site: Site) -> dict[str, int]:
    packages, app, *libraries = site.mounts
    return {
        "interpreter": site.wasm.stored_size + len(site.files["core/pyodide.asm.js"]),
        "standard library": site.stdlib.stored_size,
        "packages": sum(mount.asset.stored_size for mount in (packages, *libraries)),
        "app": app.asset.stored_size,
        "runtime": sum(len(data) for path, data in site.files.items() if "asm" not in path),
    }
