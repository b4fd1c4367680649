"""build(): the steps from an app to a site, in order.

Runs on CPython at build time. Whatever can fail comes before the output folder is touched; a
step that takes long, and whatever the user should know, goes to the Reporter.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tabcorn.build.archive import Asset, gzip_bytes, make_asset, split_asset
from tabcorn.build.cache import Cache
from tabcorn.build.chances import chances
from tabcorn.build.closure import Closure, resolve_closure
from tabcorn.build.contents import Contents, compile_app, make_contents
from tabcorn.build.core import core_folder
from tabcorn.build.installed import install_own
from tabcorn.build.lockfile import Lock
from tabcorn.build.locking import closure_by, lock_path, make_lock, read_lock
from tabcorn.build.options import BuildOptions
from tabcorn.build.preferences import Upgrade
from tabcorn.build.project import Project, load_project
from tabcorn.build.publicity import remarks_on
from tabcorn.build.publish import check_output, publish
from tabcorn.build.rehearsal import Stage, rehearse
from tabcorn.build.reporter import Reporter
from tabcorn.build.requirements import Requirements
from tabcorn.build.runtimefiles import runtime_files
from tabcorn.build.site import Mount, Site
from tabcorn.build.target import PYODIDE_VERSION, PYTHON_VERSION
from tabcorn.build.weight import Weight, shares
from tabcorn.errors import UsageError


@dataclass(frozen=True)
class BuiltSite:
    """What a build came to."""

    path: Path
    build: str
    weight: Weight
    left_out: tuple[str, ...] = ()
    """Files and folders of the app's that did not come along."""


def build(options: BuildOptions, output: Path, cache: Cache, reporter: Reporter) -> BuiltSite:
    """Build the site into `output`. Raises TabcornError, and then has written nothing there."""
    check_output(output)
    project = load_project(options, output)
    _remark(project, options, reporter)
    lock = _lock(project.requirements, options)
    core = core_folder(cache, reporter)
    compile_app(project, core, cache)
    closure = _closure(project, lock, options, cache, reporter)
    for note in _notes(closure):
        reporter.remark(note)
    # Else a build that writes a version file would bring about the next one, without end.
    project, closure = install_own(project, closure, cache, reporter, anew=not options.dev)
    contents = make_contents(project, closure, options, core, cache, reporter)
    tars = contents.tars
    imported: list[str] = []
    if options.run:
        with reporter.step(f"Try {project.entry.target} in Pyodide"):
            left_out = {each.name: each.reason for each in closure.left_out}
            stage = Stage(core, contents.stdlib, tars, options.rehearsal_seconds, left_out)
            trial = rehearse(project, project.config(options), stage, cache, reporter)
            imported = trial["imported"]
    with reporter.step("Write the site"):
        site = _assemble(project, options, contents.stdlib, tars, core, cache)
        publish(site, output)
    left_behind = tuple(sorted(project.left_out))
    return BuiltSite(output, site.build, _weight(site, contents, imported), left_behind)


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


def _assemble(
    project: Project,
    options: BuildOptions,
    stdlib: bytes,
    tars: Mapping[str, bytes],
    core: Path,
    cache: Cache,
) -> Site:
    title = options.title or project.entry.target
    packages, app, *libraries = tars.items()
    return Site(
        app=project.config(options),
        title=title,
        pyodide=PYODIDE_VERSION,
        python=PYTHON_VERSION,
        wasm=_cached_asset("wasm", (core / "pyodide.asm.wasm").read_bytes(), cache),
        stdlib=_cached_asset("stdlib", stdlib, cache),
        mounts=(
            Mount(packages[0], _cached_asset("packages", packages[1], cache)),
            Mount(app[0], make_asset("app", app[1])),
            *(Mount(at, _cached_asset("libraries", tar, cache)) for at, tar in libraries),
        ),
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


def _weight(site: Site, contents: Contents, imported: Collection[str]) -> Weight:
    packages, app, *libraries = (mount.asset.stored_size for mount in site.mounts)
    plain = {path: len(data) for path, data in site.files.items()}
    parts = {
        "interpreter": site.wasm.stored_size + plain["core/pyodide.asm.js"],
        "standard library": site.stdlib.stored_size,
        "packages": packages + sum(libraries),
        "app": app,
        "runtime": sum(size for path, size in plain.items() if "asm" not in path),
    }
    unpacked = sum(plain.values()) + sum(asset.size for asset in site.assets)
    of_packages = shares(contents.packages, packages)
    of_libraries = shares(contents.libraries, sum(libraries))
    return Weight(
        parts,
        tuple(sorted((*of_packages, *of_libraries), key=lambda share: -share.download)),
        unpacked,
        chances(contents.packages, contents.app, imported, packages),
    )
