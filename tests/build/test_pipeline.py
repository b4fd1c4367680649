"""Whole builds: what a trivial app becomes, and what each kind of bad app is told."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.declared import requirements_in
from tabcorn.build.locking import make_lock
from tabcorn.build.options import BuildOptions
from tabcorn.build.pipeline import BuiltSite, build
from tabcorn.build.preferences import Upgrade
from tabcorn.build.reporter import Quiet
from tabcorn.errors import BuildError, LockError, OutputError, RehearsalError, TargetError
from tests.build.making import make_wheel

pytestmark = pytest.mark.network

HELLO = """
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})
"""


class Builder:
    """Builds apps made of one module, in folders of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.reporter = Quiet()
        (folder / "app/.git").mkdir(parents=True)

    def __call__(self, source: str, target: str = "main:app", **options: Any) -> BuiltSite:
        (self.folder / "app/main.py").write_text(source)
        chosen = BuildOptions(target, app_dir=self.folder / "app", **options)
        return build(chosen, self.site, Cache.default(), self.reporter)

    def fails(self, error: type[BuildError], source: str, **options: Any) -> str:
        """Build, and return the message of the one error that this has to give."""
        with pytest.raises(error) as caught:
            self(source, **options)
        assert sorted(path.name for path in self.folder.iterdir()) == ["app"]
        return str(caught.value)


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    return Builder(tmp_path)


def test_a_trivial_app(builder: Builder) -> None:
    built = builder(HELLO)
    manifest = json.loads((builder.site / "_tabcorn" / built.build / "manifest.json").read_bytes())
    later = {pack["asset"]["parts"][0]["path"]: pack["later"] for pack in manifest["packs"]}
    assert not (later["assets/python.0.bin"])
    assert not (later["assets/packages.0.bin"])
    assert later["assets/python-later-0.0.bin"]
    assert later["assets/packages-later-0.0.bin"]
    assert not later["assets/app.0.bin"]
    assert manifest["app"]["target"] == "main:app"
    assert f'"{built.build}"' in (builder.site / "index.html").read_text()
    assert builder.reporter.remarks == []


def test_the_same_app_gives_the_same_bytes(builder: Builder) -> None:
    first = builder(HELLO)
    before = {path: path.read_bytes() for path in builder.site.rglob("*") if path.is_file()}
    assert builder(HELLO) == first
    assert before == {path: path.read_bytes() for path in builder.site.rglob("*") if path.is_file()}


def test_a_syntax_error(builder: Builder) -> None:
    message = builder.fails(TargetError, "app = 1\nx = (\n")
    assert "main.py cannot be compiled" in message
    assert "line 2" in message
    assert "'(' was never closed" in message


def test_a_syntax_error_elsewhere_is_remarked_upon(builder: Builder) -> None:
    (builder.folder / "app/unused.py").write_text("x = (\n")
    builder(HELLO)
    (remark,) = builder.reporter.remarks
    assert "unused.py" in remark


def test_an_unknown_attribute(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "globals()['application'] = 1\n")
    assert "app" in message


def test_an_object_that_is_no_app(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "app = 'hello'\n")
    assert "main:app does not start in Pyodide" in message
    assert "str" in message


def test_a_missing_dependency(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "import starlette\napp = 1\n")
    assert "No module named 'starlette'" in message
    assert 'File "/app/main.py", line 1' in message
    assert "tabcorn/server" not in message
    assert "Add the package that provides 'starlette'" in message


def test_a_failing_import(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "app = 1\nraise ValueError('no config')\n")
    assert "no config" in message
    assert 'File "/app/main.py", line 2' in message


def test_an_import_that_ends_python(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "import os\nos._exit(3)\napp = 1\n")
    assert "It ended Python itself" in message
    assert len(message) < 300


def test_a_module_that_hides_behind_one_of_pythons(builder: Builder) -> None:
    (builder.folder / "app/json.py").write_text(HELLO)
    message = builder.fails(RehearsalError, HELLO, target="json:app")
    assert "Rename your file" in message


def test_a_failing_startup(builder: Builder) -> None:
    source = (
        "async def app(scope, receive, send):\n"
        "    await receive()\n"
        "    await send({'type': 'lifespan.startup.failed', 'message': 'no database'})\n"
    )
    assert "no database" in builder.fails(RehearsalError, source)


def test_an_app_that_never_starts(builder: Builder) -> None:
    source = "import asyncio\nasync def app(scope, receive, send):\n    await asyncio.sleep(100)\n"
    message = builder.fails(RehearsalError, source, rehearsal_seconds=5)
    assert "within 5 seconds" in message
    assert "--no-run" in message


def test_a_front_page_that_fails_is_remarked_upon(builder: Builder) -> None:
    builder("async def app(scope, receive, send):\n    raise ValueError('boom')\n")
    assert any("boom" in line for line in builder.reporter.lines)
    assert any("GET / was answered with 500" in remark for remark in builder.reporter.remarks)


def test_without_a_trial_anything_goes(builder: Builder) -> None:
    builder("raise ValueError\napp = 1\n", run=False)
    assert (builder.site / "sw.js").exists()


def test_prints_are_passed_on(builder: Builder) -> None:
    builder("print('hello from import')\n" + HELLO)
    assert "hello from import" in builder.reporter.lines


def test_environment_reaches_the_app(builder: Builder) -> None:
    (builder.folder / "public.env").write_text("GREETING=hello\n")
    source = "import os\nprint('env:', os.environ['GREETING'])\n" + HELLO
    builder(source, env_file=builder.folder / "public.env")
    assert "env: hello" in builder.reporter.lines
    assert any("every visitor can read them" in remark for remark in builder.reporter.remarks)


def test_a_missing_variable(builder: Builder) -> None:
    message = builder.fails(RehearsalError, "import os\nos.environ['GREETING']\napp = 1\n")
    assert "--env-file" in message


def test_an_output_folder_that_is_not_ours(builder: Builder) -> None:
    builder.site.mkdir()
    (builder.site / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="left alone"):
        builder(HELLO)
    assert (builder.site / "thesis.txt").read_text() == "mine"


def test_a_damaged_cache_is_made_again(builder: Builder) -> None:
    source = f"{HELLO}# {builder.folder}\n"  # never compiled before
    first = builder(source)
    entries = Cache.default().root.glob("bytecode*/*")
    newest = max(entries, key=lambda file: file.stat().st_mtime_ns)
    newest.write_bytes(newest.read_bytes()[:-600])
    assert builder(source) == first


def test_a_locked_build_takes_what_is_locked(builder: Builder) -> None:
    """And nothing else, until it is told to move."""
    app, wheels = builder.folder / "app", builder.folder / "app/.wheels"
    wheels.mkdir()
    make_wheel(wheels, {"pure.py": "V = 1"}, "pure", "1.0")
    (app / "uv.toml").write_text(f'no-index = true\nfind-links = ["{wheels.as_posix()}"]\n')
    (app / "requirements.txt").write_text("pure")
    requirements = requirements_in(app, None, (), frozenset())
    make_lock(requirements, Upgrade(), Cache.default(), builder.reporter)
    first = builder(HELLO, run=False)
    make_wheel(wheels, {"pure.py": "V = 2"}, "pure", "2.0")
    assert builder(HELLO, run=False) == first
    moved = builder(HELLO, run=False, upgrade=Upgrade(everything=True))
    assert moved.build != first.build
    assert builder.reporter.remarks == ["The lock has changed: updated pure 1.0 -> 2.0."]
    (app / "requirements.txt").write_text("pure<2")
    with pytest.raises(LockError, match="pure<2 is new, pure is gone"):
        builder(HELLO, run=False)


IMPORTS = """
import inspect, pure, shop.cart, sys

async def app(scope, receive, send):
    lines = [pure.__file__, shop.cart.V, inspect.getsource(app).split(":")[0]]
    print("seen", *lines)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""


def test_only_what_is_needed_goes_in(builder: Builder) -> None:
    """An idle installer, stripped files and sources stay out, the app runs, the report adds up."""
    app, wheels = builder.folder / "app", builder.folder / "app/.wheels"
    for folder in ("wheels", "shop", "tests"):
        (app / f".{folder}" if folder == "wheels" else app / folder).mkdir()
    (app / "shop/cart.py").write_text("V = 'in the cart'")
    (app / "tests/test_shop.py").touch()
    make_wheel(wheels, {"pure.py": "V = 1", "pure.js": "", "pure.map": ""}, "pure")
    make_wheel(wheels, {"setuptools/__init__.py": "# not needed", "x.py": "1 +"}, "setuptools")
    (app / "uv.toml").write_text(f'no-index = true\nfind-links = ["{wheels.as_posix()}"]\n')
    (app / "requirements.txt").write_text("pure\nsetuptools")
    built = builder(IMPORTS, strip=("*.map",), sources=False)
    seen = next(line for line in builder.reporter.lines if line.startswith("seen"))
    assert "/pure.pyc in the cart async def app(scope" in seen
    assert builder.reporter.remarks == [
        "setuptools was left out: it is an installer, and nothing imports it."
    ]
    weight = built.weight
    assert {share.name for share in weight.packages} == {"pure", "tabcorn"}
    assert abs(sum(s.download for s in weight.packages) - weight.parts["packages"]) < 3
    assert weight.unpacked > weight.download > 5_000_000
    assert sum(weight.later.values()) > 2_000_000
    names = {path.rpartition("site-packages/")[2] for path in listed(built)}
    assert {name for name in names if name.startswith("pure.")} == {"pure.pyc", "pure.js"}
    assert not [path for path in names if path.startswith("/app/tests")]


def listed(built: BuiltSite) -> dict[str, int]:
    """Give the size of every file of a site's tab, by its path."""
    (path,) = (built.path / "_tabcorn" / built.build / "assets").glob("listings.0.bin")
    listings = json.loads(zlib.decompress(path.read_bytes(), 31))
    return {
        f"{folder}/{name}": size
        for listing in listings
        for folder, *files in listing
        for name, size in zip(files[::2], files[1::2], strict=True)
    }


SHOWS = """
PAGE = b'''<link rel="stylesheet" href="style.css?a=1&amp;b=2"><img src=/%C3%A4.png>
<script src="https://elsewhere.invalid/x.js"></script><a href="/unseen">far</a>'''

async def app(scope, receive, send):
    assert scope["type"] == "http"
    headers, body, status = [(b"content-type", b"text/html")], b"", 200
    if scope["path"] == "/":
        status, headers = 307, [(b"location", b"/shop/")]
    elif scope["path"] == "/shop/":
        body = PAGE
    elif scope["path"] == "/shop/style.css" and scope["query_string"] == b"a=1&b=2":
        import colorsys
    elif scope["path"] == "/\\xe4.png":
        import sched
    else:
        import cmd
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""


def test_a_first_visit_waits_for_what_its_page_shows(builder: Builder) -> None:
    built = builder(SHOWS)
    folder = builder.site / "_tabcorn" / built.build
    manifest = json.loads((folder / "manifest.json").read_bytes())
    stored = (folder / manifest["listings"]["parts"][0]["path"]).read_bytes()
    listings = json.loads(gzip.decompress(stored))
    first = {
        name
        for pack, listing in zip(manifest["packs"], listings, strict=True)
        for _, *files in listing
        for name in files[::2]
        if not pack["later"]
    }
    assert {"colorsys.pyc", "sched.pyc"} <= first
    assert "cmd.pyc" not in first
