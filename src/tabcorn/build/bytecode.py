"""Bytecode for the tab's Python, made by that Python, and kept for as long as sources are equal.

Runs on CPython at build time: no other interpreter than Pyodide's can make it, so node starts it,
at most once a build. The .pyc files are unchecked: nothing in a site ever changes.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tabcorn.build.archive import make_tar, read_tar
from tabcorn.build.cache import Cache
from tabcorn.build.nodetask import SCRIPTS, run_task
from tabcorn.build.packs import make_pack, write_packs
from tabcorn.build.target import PYODIDE_VERSION, PYTHON_VERSION

STDLIB = "lib/python314.zip"
"""A folder, where Pyodide has a zip: it is first on Python's path."""
_KIND = f"bytecode-1-{PYODIDE_VERSION}"
_SUFFIX = f".cpython-{PYTHON_VERSION.replace('.', '')}.pyc"
_SECONDS = 600


@dataclass(frozen=True)
class Sources:
    """Python files that will lie below the folder `at` (without a leading slash) in the tab."""

    at: str
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def key(self) -> str:
        """A hash of the place and all files: equal sources have equal bytecode."""
        digests = {path: hashlib.sha256(data).hexdigest() for path, data in self.files.items()}
        return hashlib.sha256(json.dumps([self.at, sorted(digests.items())]).encode()).hexdigest()


@dataclass(frozen=True)
class Compiled:
    """Bytecode by the path of its source; `errors` has a message for what did not compile."""

    code: Mapping[str, bytes] = field(repr=False)
    errors: Mapping[str, str]


def python_sources(at: str, files: Mapping[str, bytes]) -> Sources:
    """Pick the Python files of a package or an app."""
    return Sources(at, {path: data for path, data in files.items() if path.endswith(".py")})


def compile_all(groups: list[Sources], core: Path, cache: Cache) -> list[Compiled]:
    """Compile each group, taking from the cache what was compiled before."""
    found = [_cached(group, cache) for group in groups]
    missing = [group for group, each in zip(groups, found, strict=True) if each is None]
    fresh = iter(_run(missing, core, cache) if missing else [])
    return [each if each is not None else next(fresh) for each in found]


def beside_sources(compiled: Compiled) -> dict[str, bytes]:
    """Name bytecode as the import system looks for it: `a/b.py` -> `a/__pycache__/b.*.pyc`."""
    return {pyc_path(path): code for path, code in compiled.code.items()}


def instead_of_sources(files: Mapping[str, bytes], compiled: Compiled) -> dict[str, bytes]:
    """Leave out sources that have bytecode, which then stands in their place: `a/b.pyc`."""
    kept = {path: data for path, data in files.items() if path not in compiled.code}
    return kept | {f"{path}c": code for path, code in compiled.code.items()}


def stdlib_sources(core: Path) -> Sources:
    """Read the standard library as Pyodide ships it."""
    return python_sources(STDLIB, _stdlib_files(core))


def stdlib_files(core: Path, compiled: Compiled) -> dict[str, bytes]:
    """Lay out the compiled standard library, by absolute path: bytecode in place of sources."""
    files = instead_of_sources(_stdlib_files(core), compiled)
    return {f"/{STDLIB}/{path}": data for path, data in sorted(files.items())}


def _stdlib_files(core: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(core / "python_stdlib.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}


def pyc_path(path: str) -> str:
    """Say where the import system looks for the bytecode of a source."""
    source = PurePosixPath(path)
    return str(source.parent / "__pycache__" / (source.stem + _SUFFIX))


def _cached(group: Sources, cache: Cache) -> Compiled | None:
    if not group.files:
        return Compiled({}, {})
    content = cache.entry(_KIND, group.key)
    return _unpack(content) if content else None


def _unpack(content: bytes) -> Compiled:
    members = read_tar(content)
    errors = json.loads(members.pop("errors.json"))
    return Compiled({name.removeprefix("code/"): data for name, data in members.items()}, errors)


def _pack(compiled: Compiled) -> bytes:
    code = {f"code/{path}": data for path, data in compiled.code.items()}
    return make_tar({**code, "errors.json": json.dumps(compiled.errors).encode()})


def _run(groups: list[Sources], core: Path, cache: Cache) -> list[Compiled]:
    helper = (SCRIPTS / "compile_sources.py").read_bytes()
    packs = [make_pack({**_numbered(groups), "/builder/compile_sources.py": helper})]
    with cache.workspace() as folder:
        task: dict[str, object] = {"core": str(core)}
        if stdlib := _cached(stdlib_sources(core), cache):  # that starts five times faster
            packs.append(make_pack(stdlib_files(core, stdlib)))
        else:
            task["stdlib"] = str(core / "python_stdlib.zip")
        task["packs"] = write_packs(packs, folder)
        errors = run_task("compile.mjs", task, folder, _SECONDS)
        code = read_tar((folder / "result.json.tar").read_bytes())
    made = [_of_group(n, group, code, errors) for n, group in enumerate(groups)]
    for group, compiled in zip(groups, made, strict=True):
        cache.add_entry(_KIND, group.key, _pack(compiled))
    return made


def _numbered(groups: list[Sources]) -> dict[str, bytes]:
    # Numbers keep apart what two groups hold under the same name.
    return {
        f"/sources/{n}/{group.at}/{path}": data
        for n, group in enumerate(groups)
        for path, data in sorted(group.files.items())
    }


def _of_group(
    n: int, group: Sources, code: Mapping[str, bytes], errors: Mapping[str, str]
) -> Compiled:
    paths = {path: f"{n}/{group.at}/{path}" for path in group.files}
    return Compiled(
        {path: code[name] for path, name in paths.items() if name in code},
        {path: errors[name] for path, name in paths.items() if name in errors},
    )
