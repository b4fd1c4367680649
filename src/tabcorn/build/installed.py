"""The app's own project as an editable install leaves it: metadata beside the packages, sources
where they are.

Runs on CPython at build time. The app's files come from its folder and never twice; of a wheel that
had to be built only what the folder lacks is taken, such as a version file that the build writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.pylock import PackageDirectory
from packaging.utils import canonicalize_name, parse_wheel_filename

from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure, Package
from tabcorn.build.ownproject import OwnProject, dist_info
from tabcorn.build.project import Project
from tabcorn.build.pure import build_pure, write_wheel
from tabcorn.build.reporter import Reporter
from tabcorn.build.wheels import unpack
from tabcorn.errors import BuildError, UsageError


@dataclass(frozen=True)
class _Parts:
    """What is added to a site: beside the packages, and among the app's own files."""

    name: str
    version: str
    packages: Mapping[str, bytes] = field(repr=False)
    app: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def install_own(
    project: Project, closure: Closure, cache: Cache, reporter: Reporter, *, anew: bool = True
) -> tuple[Project, Closure]:
    """Add the app's own project to both, if it is one that can be installed.

    It is built each time, or with `anew` false only when its files are others. A build that fails
    is remarked upon: the app may well do without. Raises BuildError when the app's module could
    come from nowhere else.
    """
    own = project.own
    if own is None:
        return project, closure
    try:
        parts = _parts(own, project, closure, cache, reporter, anew)
    except BuildError as error:
        if project.entry.source is None:
            raise
        reporter.remark(_without(own, error))
        return project, closure
    others = [each for each in closure.packages if each.name != parts.name]
    packages = sorted([*others, _as_package(parts, own, cache)], key=lambda package: package.name)
    files = dict(sorted({**project.files, **parts.app}.items()))
    return replace(project, files=files), replace(closure, packages=tuple(packages))


def _without(own: OwnProject, error: BuildError) -> str:
    name = own.name or str(own.folder)
    return (
        f"The site has no metadata of {name}, and no files that its build makes: {error}\n"
        f"In the tab importlib.metadata knows neither its version nor its entry points."
    )


def _parts(
    own: OwnProject,
    project: Project,
    closure: Closure,
    cache: Cache,
    reporter: Reporter,
    anew: bool,
) -> _Parts:
    required = [each for each in closure.packages if own.name and each.name == own.key]
    if required:  # by `-e .` in a requirements file, say: then it is built already
        return _thin(required[0].wheel, project)
    if own.needs_build or project.entry.source is None:
        with reporter.step(f"Build {own.name or 'the project'}"):
            state = None if anew else _state(own, project)
            wheel = build_pure(own.folder, state, cache, own.folder)
        return _thin(wheel.path, project)
    try:
        return _Parts(own.key, str(own.version), dist_info(own))
    except (TypeError, AttributeError, ValueError) as error:
        raise UsageError(
            f"[project] in {own.folder / 'pyproject.toml'} is not as it should be: {error}."
        ) from error


def _state(own: OwnProject, project: Project) -> str:
    """Hash the app's files and what describes the project; version control is not asked."""
    names = ("pyproject.toml", "setup.py", "setup.cfg")
    others = {str(own.folder / each): own.folder / each for each in names}
    files = {name: file.read_bytes() for name, file in others.items() if file.is_file()}
    digests = {n: hashlib.sha256(d).hexdigest() for n, d in {**project.files, **files}.items()}
    return hashlib.sha256(json.dumps(sorted(digests.items())).encode()).hexdigest()


def _thin(wheel: Path, project: Project) -> _Parts:
    """Take of a wheel what the app's folder has not, or not so, each to where it will be found."""
    entry, files, rules = project.entry, project.files, project.rules
    name, version, _, _ = parse_wheel_filename(wheel.name)
    packages, app = {}, {}
    for path, data in unpack(wheel).items():
        places = [path if root == "." else f"{root}/{path}" for root in entry.search_path]
        if there := [place for place in places if place in files]:
            if files[there[0]] != data:  # the build has just written it anew
                app[there[0]] = data
            continue
        top = path.partition("/")[0]
        roots = [root for root in entry.search_path if _has_folder(files, root, top)]
        if not roots:
            packages[path] = data
        elif rules.takes(place := path if roots[0] == "." else f"{roots[0]}/{path}"):
            app[place] = data
    return _Parts(canonicalize_name(name), str(version), packages, app)


def _has_folder(files: Mapping[str, bytes], root: str, top: str) -> bool:
    start = f"{top}/" if root == "." else f"{root}/{top}/"
    return any(path.startswith(start) for path in files)


def _as_package(parts: _Parts, own: OwnProject, cache: Cache) -> Package:
    name = f"{parts.name.replace('-', '_')}-{parts.version}-py3-none-any.whl"
    with cache.workspace() as folder:
        write_wheel(parts.packages, folder / name)
        wheel, sha256 = cache.add_blob(folder / name, name)
    source = PackageDirectory(path=str(own.folder), editable=True)
    return Package(parts.name, parts.version, wheel, sha256, "pure build", source)
