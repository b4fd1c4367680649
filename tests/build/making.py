"""Wheels, locks and caches made by the tests themselves, so that most need no network."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.progress import Silent, Step


def make_wheel(
    folder: Path,
    files: Mapping[str, str | bytes],
    name: str = "thing",
    version: str = "1.0",
    tag: str = "py3-none-any",
    requires: str = "",
) -> Path:
    """Write a wheel that holds `files` besides its metadata."""
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    metadata = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in {**files, **metadata}.items():
            archive.writestr(member, content)
    return path


def make_project(folder: Path) -> tuple[Path, Path]:
    """Make a project whose own uv.toml points at a folder of wheels; give both folders."""
    project, wheels = folder / "project", folder / "wheels"
    project.mkdir()
    wheels.mkdir()
    config = f'no-index = true\nfind-links = ["{wheels.as_posix()}"]\n'
    (project / "uv.toml").write_text(config)
    return project, wheels


def make_lock(*packages: str) -> str:
    """Write a lock from the TOML bodies of its packages."""
    head = 'lock-version = "1.0"\ncreated-by = "a test"\n'
    return head + "".join(f"\n[[packages]]\n{body}\n" for body in packages)


def locked(name: str, version: str, *files: str, marker: str = "", base: str = "") -> str:
    """Describe one package of a lock by the names of its files."""
    base = base or "https://example.test"
    lines = [f'name = "{name}"', f'version = "{version}"']
    lines += [f'marker = "{marker}"'] if marker else []
    entries = {file: f'{{ url = "{base}/{file}", hashes = {{ sha256 = "00" }} }}' for file in files}
    sdists = [entry for file, entry in entries.items() if not file.endswith(".whl")]
    wheels = [entry for file, entry in entries.items() if file.endswith(".whl")]
    lines += [f"sdist = {sdists[0]}"] if sdists else []
    lines += [f"wheels = [{', '.join(wheels)}]"] if wheels else []
    return "\n".join(lines)


def warm(cache: Cache) -> Cache:
    """Give a new cache Pyodide, and what was derived from it, of the user's; no packages."""
    core = core_folder(Cache.default(), Silent())
    cache.root.mkdir()
    for folder in core.parent.iterdir():
        if folder.name.startswith(("pyodide-", "gzip-", "bytecode-")):
            (cache.root / folder.name).symlink_to(folder)
    return cache


class Recorder:
    """Progress that remembers its steps and how far they got."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[int | None, int]] = {}

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:
        self.steps[name] = (total, 0)
        yield _Recorded(self, name)


class _Recorded:
    def __init__(self, recorder: Recorder, name: str) -> None:
        self._steps = recorder.steps
        self._name = name

    def advance(self, n: int, /) -> None:
        total, done = self._steps[self._name]
        self._steps[self._name] = (total, done + n)
