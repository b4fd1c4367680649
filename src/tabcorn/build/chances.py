"""Where a site could be smaller: what it holds that the app may well do without.

Runs on CPython at build time. Nothing here is left out by itself: each may be needed, and only the
app's author can tell. So each comes with the option that leaves it out.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from tabcorn.build.known import NEEDED_BESIDE
from tabcorn.build.weight import Chance, Laid, compressed, scale_of

LEAST = 50_000
"""Bytes of a download. Less is not worth a line."""
LEAST_FILE = 100_000
"""The same of a single file, of which there may be many."""
MOST = 6
"""Lines of a report."""

Files = Mapping[str, bytes]
Measure = Callable[[Files], int]


def chances(
    packages: Sequence[Laid], app: Files, imported: Collection[str], stored: int
) -> tuple[Chance, ...]:
    """List the biggest chances. `imported` are names of modules, none when the app was not tried.

    `stored` are the bytes of the packages' archive.
    """
    scale = scale_of(packages, stored)

    def measure(files: Files) -> int:
        return round(scale * compressed(files))

    found = [
        *_sources(packages, measure),
        *(_idle(packages, imported, scale) if imported else ()),
        *_translations(packages, measure),
        *_big_files(packages, measure),
        *_app_files(app),
    ]
    worth = sorted((each for each in found if each.saves >= LEAST), key=lambda each: -each.saves)
    return tuple(worth[:MOST])


def _sources(packages: Sequence[Laid], measure: Measure) -> Iterator[Chance]:
    sources = _ending(packages, ".py")
    if any(f"{path}c" in package.files for package in packages for path in package.files):
        return  # they are left out already
    yield Chance(measure(sources), "sources of packages, for tracebacks", "--no-sources")


def _idle(packages: Sequence[Laid], imported: Collection[str], scale: float) -> Iterator[Chance]:
    """Packages that have modules, none of which was imported when the app was tried."""
    for package in packages:
        modules = modules_of(package.files)
        data_only = not modules or package.name in NEEDED_BESIDE.values()
        if not data_only and modules.isdisjoint(imported):
            what = f"{package.name}, which was not imported when the app was tried"
            yield Chance(
                round(scale * package.compressed), what, f"--exclude-package {package.name}"
            )


def _translations(packages: Sequence[Laid], measure: Measure) -> Iterator[Chance]:
    for package in packages:
        catalogs = _ending([package], ".mo")
        languages = {path.split("/")[-3] for path in catalogs if path.count("/") > 2}
        if languages:
            what = f"{package.name}'s translations into {len(languages)} languages"
            top = next(iter(catalogs)).split("/")[0]
            how = f"--strip '{top}/**/*.mo' --strip '!{top}/**/en/**'"
            yield Chance(measure(catalogs), what, how)


def _big_files(packages: Sequence[Laid], measure: Measure) -> Iterator[Chance]:
    code = (".py", ".pyc", ".so", ".mo")
    for package in packages:
        for path, data in package.files.items():
            if len(data) >= LEAST_FILE and not path.endswith(code):
                size = measure({path: data})
                if size >= LEAST_FILE:
                    yield Chance(size, path, f"--strip {shlex.quote('/' + path)}")


def _app_files(app: Files) -> Iterator[Chance]:
    for path, data in app.items():
        if len(data) >= LEAST_FILE and not path.endswith((".py", ".pyc")):
            what, size = f"{path} of the app's folder", compressed({path: data})
            if size >= LEAST_FILE:
                yield Chance(size, what, f"--exclude {shlex.quote('/' + path)}")


def _ending(packages: Sequence[Laid], suffix: str) -> dict[str, bytes]:
    return {
        path: data
        for package in packages
        for path, data in package.files.items()
        if path.endswith(suffix)
    }


def modules_of(files: Files) -> set[str]:
    """Name the modules that files are, `a.b` for `a/b.py`, `a` for `a/__init__.py`."""
    found = set()
    for path in map(PurePosixPath, files):
        code = path.suffix in (".py", ".pyc", ".so") and path.parent.name != "__pycache__"
        if code and ".dist-info" not in path.parts[0]:
            stem = path.name.split(".")[0]
            parts = path.parts[:-1] if stem == "__init__" else (*path.parts[:-1], stem)
            found.add(".".join(parts))
    return found
