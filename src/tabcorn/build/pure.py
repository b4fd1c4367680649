"""Build a pure wheel from a source distribution, with no compiler to be found.

Runs on CPython at build time. Many packages have an optional compiled part and build without
it when there is no compiler; the result is checked to hold no compiled code, tagged as
pure, and made the same bytes each time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tabcorn.build import uv
from tabcorn.build.cache import Cache
from tabcorn.build.known import PURE_BUILD_ENVIRONMENT
from tabcorn.errors import PureBuildError, WheelError

RECIPE = "1"
"""Part of the cache's key: raise it whenever the same source would come out differently."""

TAG = "py3-none-any"
_COMPILED = (".so", ".pyd", ".dylib", ".dll", ".a", ".lib")
_KEPT = """
    ALL_PROXY APPDATA HOME HTTPS_PROXY HTTP_PROXY LANG LC_ALL LOCALAPPDATA NETRC NO_PROXY
    SSL_CERT_DIR SSL_CERT_FILE SYSTEMDRIVE SYSTEMROOT TEMP TMP TMPDIR USERPROFILE WINDIR
    XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
"""
_KEPT_VARIABLES = frozenset(_KEPT.split())
_COMPILERS = ("CC", "CXX", "CPP", "FC", "LD", "LDSHARED", "CARGO", "RUSTC", "GO", "CYTHON")


@dataclass(frozen=True)
class PureWheel:
    """A wheel that was built here."""

    path: Path
    sha256: str


def build_pure(source: Path, sha256: str | None, cache: Cache, root: Path) -> PureWheel:
    """Build `source`, an sdist with its hash or a project folder, into a pure wheel.

    `root` is the project's folder. What has a hash is built once per machine, the rest each time.
    Raises PureBuildError with the cause; its message is a sentence about the package.
    """
    key = f"{RECIPE} {sys.version_info[:2]} {sha256}"
    kept = cache.entry("pure", key) if sha256 else None
    if kept:
        name, wheel_sha256 = json.loads(kept)
        if path := cache.blob(wheel_sha256, name):
            return PureWheel(path, wheel_sha256)
    wheel = _build(source, cache, root)
    if sha256:
        cache.add_entry("pure", key, json.dumps([wheel.path.name, wheel.sha256]).encode())
    return wheel


def _build(source: Path, cache: Cache, root: Path) -> PureWheel:
    with cache.workspace() as folder:
        output = folder / "out"
        arguments = ["build", "--wheel", "--python", sys.executable, "--out-dir", str(output)]
        outcome = uv.run([*arguments, str(source)], root, _environment(folder, source))
        wheels = list(output.glob("*.whl")) if outcome.ok else []
        if len(wheels) != 1:
            raise PureBuildError(_failure(outcome, source))
        normal = folder / _pure_name(wheels[0].name)
        _normalise(wheels[0], normal)
        return PureWheel(*cache.add_blob(normal, normal.name))


def _environment(folder: Path, source: Path) -> dict[str, str]:
    """Leave what uv needs for the network and its cache; no PATH leads to a compiler.

    The user's own folder may need more: git to know its version, or a variable that tells it.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if source.is_dir() or name.upper() in _KEPT_VARIABLES or name.startswith("UV_")
    }
    missing = str(folder / "no-compiler")
    nowhere = folder / "bin"
    nowhere.mkdir()
    return {
        **kept,
        **dict.fromkeys(_COMPILERS, missing),
        **PURE_BUILD_ENVIRONMENT,
        # setuptools then takes the compiler from the PATH, and looks for no Visual Studio.
        "DISTUTILS_USE_SDK": "1",
        "PATH": os.environ.get("PATH", "") if source.is_dir() else str(nowhere),
        **(_beside_the_sources(folder) if source.is_dir() else {}),
        "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the oldest time a zip can hold
        "PYTHONHASHSEED": "0",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _beside_the_sources(folder: Path) -> dict[str, str]:
    """Let setuptools work elsewhere than in the user's folder, which may be read-only.

    What it left there before it would also take for a part of the sources: modules long deleted.
    """
    (folder / "egg").mkdir()
    settings = folder / "distutils.cfg"
    work, egg = (folder / name for name in ("work", "egg"))
    settings.write_text(f"[build]\nbuild_base = {work}\n[egg_info]\negg_base = {egg}\n")
    return {"DIST_EXTRA_CONFIG": str(settings)}


# The tool chains that a build asks for, by the words that their absence leaves in the output.
_NEEDS = (
    (re.compile(r"maturin|setuptools.rust|\bcargo\b|\brustc\b", re.IGNORECASE), "Rust"),
    (re.compile(r"no-compiler|unknown compiler|CMAKE_C\w*_COMPILER|cmake"), "a C compiler"),
)


def _failure(outcome: uv.Outcome, source: Path) -> str:
    what = "its build" if source.is_dir() else "it has no wheel that fits, and its build"
    for words, tools in _NEEDS:
        if words.search(outcome.stderr):
            return f"{what} needs {tools}"
    if outcome.offline:
        words_of_uv = outcome.explanation(6)
        return f"what its build needs cannot be downloaded without network:\n{words_of_uv}"
    return f"{what} failed:\n{outcome.explanation(12)}"


def _pure_name(name: str) -> str:
    """Replace the tags of a wheel's name; a build tag is dropped with them."""
    return "-".join([*name.split("-")[:2], TAG]) + ".whl"


def _normalise(wheel: Path, target: Path) -> None:
    """Copy a wheel as a pure one, in fixed order, times and modes. Raises PureBuildError."""
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(info.filename for info in archive.infolist() if not info.is_dir())
        files = {name: archive.read(name) for name in names}
    if compiled := [name for name in names if name.lower().endswith(_COMPILED)]:
        raise PureBuildError(f"its build came with compiled code all the same ({compiled[0]})")
    record = _dist_info(names, wheel.name) + "/RECORD"
    description = _dist_info(names, wheel.name) + "/WHEEL"
    files[description] = _retagged(files[description])
    files.pop(record, None)
    files[record] = _record(files, record)
    write_wheel(files, target)


def write_wheel(files: Mapping[str, bytes], target: Path) -> None:
    """Write a wheel that is the same bytes for the same files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)


def _dist_info(names: list[str], wheel: str) -> str:
    for name in names:
        folder, _, rest = name.partition("/")
        if folder.endswith(".dist-info") and rest == "WHEEL":
            return folder
    raise WheelError(f"The wheel {wheel}, built just now, has no WHEEL file in its dist-info.")


def _retagged(description: bytes) -> bytes:
    lines = description.decode().splitlines()
    kept = [line for line in lines if not line.startswith(("Tag:", "Build:", "Root-Is-Purelib:"))]
    kept = [line for line in kept if line.strip()]
    return "\n".join([*kept, "Root-Is-Purelib: true", f"Tag: {TAG}", ""]).encode()


def _record(files: dict[str, bytes], record: str) -> bytes:
    lines = []
    for name, content in files.items():
        digest = urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{record},,\n"]).encode()
