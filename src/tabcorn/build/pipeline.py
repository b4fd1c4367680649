"""build(): the steps from an app to a site, in order.

Runs on CPython at build time. Whatever can fail comes before the output folder is touched; a
step that takes long, and whatever the user should know, goes to the Reporter.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
from tabcorn.build.packs import Part
from tabcorn.build.preferences import Upgrade
from tabcorn.build.preloading import plan_preload
from tabcorn.build.profile import ENVIRONMENT, Profile, profile
from tabcorn.build.project import Project, load_project
from tabcorn.build.publicity import remarks_on
from tabcorn.build.publish import check_output, publish
from tabcorn.build.rehearsal import Stage, rehearse
from tabcorn.build.reporter import Quiet, Reporter
from tabcorn.build.requirements import Requirements
from tabcorn.build.runtimefiles import runtime_files
from tabcorn.build.site import PackAsset, Preload, Site, canonical_json
from tabcorn.build.split import NamedPack, parted, split
from tabcorn.build.target import PYODIDE_VERSION, PYTHON_VERSION
from tabcorn.build.weight import Weight, shares
from tabcorn.errors import UsageError

_NAMES: Mapping[Part, str] = {"python": "standard library", "packages": "packages", "app": "app"}


@dataclass(frozen=True)
class BuiltSite:
    """What a build came to."""

    path: Path
    build: str
    weight: Weight
    left_out: tuple[str, ...] = ()
    """Files and folders of the app's that did not come along."""
    profile: Profile | None = None


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
    trial: Mapping[str, Any] = {}
    times: Mapping[str, Any] = {}
    preload: Preload | None = None
    if options.run:
        with reporter.step(f"Try {project.entry.target} in Pyodide"):
            left_out = {each.name: each.reason for each in closure.left_out}
            stage = Stage(
                core,
                contents.parts,
                options.rehearsal_seconds,
                left_out,
                persist=project.persist,
            )
            trial = rehearse(project, project.config(options), stage, cache, reporter)
        if options.profile:
            with reporter.step("Time its imports"):
                timed = replace(stage, env=ENVIRONMENT)
                times = rehearse(project, project.config(options), timed, cache, Quiet())
        if options.snapshot:
            with reporter.step("Try it from imported packages"):
                preload = plan_preload(trial, project.config(options), stage, cache, options.dev)
    with reporter.step("Write the site"):
        packs = split(contents.parts, trial.get("opened"))
        site = _assemble(project, options, packs, preload, core, cache)
        publish(site, output)
    left_behind = tuple(sorted(project.left_out))
    weight = _weight(site, contents, packs, trial)
    spent = profile(times, contents, weight) if options.profile else None
    return BuiltSite(output, site.build, weight, left_behind, spent)


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
    packs: list[NamedPack],
    preload: Preload | None,
    core: Path,
    cache: Cache,
) -> Site:
    title = options.title or project.entry.target
    script = (core / "pyodide.asm.mjs").read_bytes()
    return Site(
        app=project.config(options),
        title=title,
        pyodide=PYODIDE_VERSION,
        python=PYTHON_VERSION,
        wasm=_cached_asset("wasm", (core / "pyodide.asm.wasm").read_bytes(), cache),
        script=_cached_asset("script", script, cache),
        listings=make_asset("listings", canonical_json([each.pack.listing for each in packs])),
        packs=tuple(
            PackAsset(each.part, each.later, _cached_asset(each.name, each.pack.data, cache))
            for each in packs
        ),
        files=runtime_files(core, title, options.page_port),
        spare=("core/pyodide.asm.js", script),
        dev=options.dev,
        persist=project.persist,
        base_url=options.base_url,
        preload=preload,
    )


def _cached_asset(name: str, data: bytes, cache: Cache) -> Asset:
    """Compress what rarely changes once: that is most of the time of a second build."""
    key = hashlib.sha256(data).hexdigest()
    stored = cache.entry("gzip-2", key)
    if stored is None:
        stored = gzip_bytes(data)
        cache.add_entry("gzip-2", key, stored)
    return split_asset(name, len(data), stored)


def _weight(
    site: Site, contents: Contents, packs: list[NamedPack], trial: Mapping[str, Any]
) -> Weight:
    plain = sum(map(len, site.files.values())) + len(site.manifest)
    sizes = Counter({"interpreter": site.wasm.stored_size + site.script.stored_size})
    later: Counter[str] = Counter()
    for each, pack in zip(packs, site.packs, strict=True):
        counted = later if each.later else sizes
        counted[_NAMES[each.part]] += pack.asset.stored_size
    parts = {**sizes, "runtime": plain + site.listings.stored_size}
    first, rest = parted(contents, trial.get("opened"))
    stored = sizes["packages"] + later["packages"]
    return Weight(
        parts,
        shares(first, rest, sizes["packages"], later["packages"]),
        later,
        plain + sum(asset.size for asset in site.assets),
        chances(contents.packages, contents.app, trial.get("imported", ()), stored),
    )
