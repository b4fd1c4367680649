"""An app on Pyodide's own packages: real emscripten wheels, and hand-made shared libraries.

The real wheels are those of the index, from the user's cache. They are offered by an imitation of
the distribution, and the app's own index has the same releases for Linux alone.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from tabcorn.build.cache import Cache
from tabcorn.build.closure import resolve_closure
from tabcorn.build.progress import Silent
from tabcorn.build.requirements import Requirements
from tests.build.imitation import TAG, Distribution
from tests.build.making import make_project, make_wheel
from tests.build.sidemodule import side_module

LINUX = "cp314-cp314-manylinux_2_28_x86_64"
REAL = ("jiter", "msgspec")

# `_user.so` needs a library of the distribution, which needs another, and one of its own wheel.
USER: dict[str, str | bytes] = {
    "user/__init__.py": "import ctypes, pathlib\n"
    "library = ctypes.CDLL(str(pathlib.Path(__file__).with_name('_user.so')))\n",
    "user/_user.so": side_module(
        "answer", 1, "middle", ("libmiddle.so", "libown.so"), "$ORIGIN/../user.libs"
    ),
    "user.libs/libown.so": side_module("own", 5),
}
LIBRARIES = {
    "libmiddle": (side_module("middle", 20, "deep", ("libdeep.so",)), ("libdeep",)),
    "libdeep": (side_module("deep", 21), ()),
}

MAIN = """
import json

import jiter
import msgspec
import user

async def app(scope, receive, send):
    assert scope["type"] == "http"
    found = [user.library.answer(), msgspec.json.decode(b"[2]"), jiter.from_json(b'{"a": 3}')]
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})
"""
ANSWER = '[42, [2], {"a": 3}]'


def make_app(folder: Path) -> tuple[Path, Distribution]:
    """Make an app's folder, and the distribution that it needs."""
    app, wheels = make_project(folder)
    theirs = Distribution(folder / "theirs")
    requirements = Requirements(Path(__file__).parent, inline=REAL)
    for package in resolve_closure(requirements, Cache.default(), Silent()).packages:
        wheel = Path(shutil.copy(package.wheel, theirs.folder))
        theirs.add(wheel, name=package.name, version=package.version)
        make_wheel(wheels, {}, package.name, package.version, LINUX)
    user = make_wheel(theirs.folder, USER, "user", "1.0", TAG)
    theirs.add(user, name="user", version="1.0", depends=("libmiddle",))
    make_wheel(wheels, {}, "user", "1.0", LINUX)
    for name, (library, depends) in LIBRARIES.items():
        with zipfile.ZipFile(theirs.folder / f"{name}-1.zip", "w") as archive:
            archive.writestr(f"{name}.so", library)
        theirs.add(theirs.folder / f"{name}-1.zip", name=name, version="1", depends=depends)
    (app / "main.py").write_text(MAIN)
    (app / "requirements.txt").write_text("\n".join((*REAL, "user")))
    (app / ".git").mkdir()
    return app, theirs
