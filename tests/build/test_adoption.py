"""Packages of Pyodide's distribution in a resolution: which are taken, and what they move.

The index is a folder of wheels and sdists, the distribution another folder.
"""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tabcorn.build import plan, transfer
from tabcorn.build.cache import Cache
from tabcorn.build.closure import Closure
from tabcorn.build.distribution import LOCK, parse
from tabcorn.build.distribution import Distribution as Offered
from tabcorn.build.lockfile import Lock
from tabcorn.build.locking import closure_by, make_lock, read_lock
from tabcorn.build.place import VARIABLE
from tabcorn.build.plan import Plan, make_plan
from tabcorn.build.preferences import Upgrade
from tabcorn.build.progress import Silent
from tabcorn.build.requirements import Requirements
from tabcorn.build.target import DISTRIBUTION_URL
from tabcorn.errors import DownloadError, UnavailableError
from tests.build.imitation import TAG, Distribution, serving
from tests.build.making import locked, make_project, make_wheel
from tests.build.making import make_lock as make_lock_text

LINUX = "cp314-cp314-manylinux_2_28_x86_64"


class World:
    """An index (`on_index`), Pyodide's distribution (`offer`), and an app with requirements."""

    def __init__(self, folder: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.wheels = make_project(folder)
        self.theirs = Distribution(folder / "theirs")
        self.cache = cache
        self.file = self.root / "requirements.txt"
        monkeypatch.setattr(plan, "load_distribution", self.distribution)
        monkeypatch.setattr(transfer, "PAUSES", (0.0, 0.0))
        monkeypatch.setenv(VARIABLE, str(self.theirs.folder))

    def distribution(self, *_: object) -> Offered:
        found = parse((self.theirs.folder / LOCK).read_bytes())
        offers = [*found.packages.values(), *found.libraries.values()]
        usual = frozenset(each.sha256 for each in offers)
        place = self.theirs.folder.as_uri() + "/"
        return Offered(found.packages, found.libraries, place, usual, self.root)

    def on_index(
        self, name: str, version: str, tag: str = "py3-none-any", requires: str = ""
    ) -> None:
        make_wheel(self.wheels, {f"{name}.py": ""}, name, version, tag, requires)

    def sdist(self, name: str, version: str) -> None:
        """A source distribution that builds with nothing but itself."""
        files = {
            "PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n",
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
            f'backend-path = ["."]\n[project]\nname = "{name}"\nversion = "{version}"\n',
            "backend.py": BACKEND.format(name=name, version=version),
        }
        with tarfile.open(self.wheels / f"{name}-{version}.tar.gz", "w:gz") as archive:
            for path, text in files.items():
                info = tarfile.TarInfo(f"{name}-{version}/{path}")
                info.size = len(text)
                archive.addfile(info, BytesIO(text.encode()))

    def offer(self, name: str, version: str, *depends: str) -> None:
        files = {f"{name}.py": f"V = {version!r}", f"{name}.cpython-314-wasm32-emscripten.so": ""}
        wheel = make_wheel(self.theirs.folder, files, name, version, TAG)
        self.theirs.add(wheel, name=name, version=version, depends=depends)

    def requirements(self, *lines: str) -> Requirements:
        if lines:
            self.file.write_text("\n".join(lines))
        return Requirements(self.root, files=(self.file,))

    def plan(self, *lines: str) -> Plan:
        return make_plan(self.requirements(*lines), self.cache, Silent())

    def versions(self, *lines: str) -> dict[str, str]:
        """Plan; Pyodide's own are marked with a star."""
        choices = self.plan(*lines).choices
        return {each.name: each.version + ("*" if each.origin else "") for each in choices}

    def refuses(self, *lines: str) -> str:
        with pytest.raises(UnavailableError) as caught:
            self.plan(*lines)
        return str(caught.value)

    def lock(self, *lines: str, upgrade: bool = False) -> Lock:
        return make_lock(self.requirements(*lines), Upgrade(upgrade), self.cache, Silent()).lock

    def build(self, cache: Cache | None = None) -> Closure:
        lock = read_lock(self.root / "pylock.tabcorn.toml")
        assert lock
        return closure_by(lock, self.requirements(), cache or self.cache, Silent())


BACKEND = """
import zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "{name}-{version}-py3-none-any.whl"
    info = "{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{{wheel_directory}}/{{name}}", "w") as archive:
        archive.writestr("{name}.py", "")
        metadata = "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
        archive.writestr(f"{{info}}/METADATA", metadata)
        archive.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        archive.writestr(f"{{info}}/RECORD", "")
    return name
"""


@pytest.fixture
def world(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, cache, monkeypatch)


def test_pyodides_version_is_taken_and_told(world: World) -> None:
    for version in ("1.0", "1.1"):
        world.on_index("fast", version, LINUX)
    world.on_index("app", "3.0", requires="fast>=1")
    world.offer("fast", "1.0")
    found = world.plan("app")
    (fast,) = [choice for choice in found.choices if choice.name == "fast"]
    assert (fast.version, fast.origin, fast.index_version) == ("1.0", "pyodide", "1.1")
    assert found.notes == ("From Pyodide's distribution: fast 1.0 (the index has 1.1).",)
    assert found.requirers["fast"] == ("app",)


def test_a_wheel_of_the_index_that_fits_is_first(world: World) -> None:
    world.on_index("fast", "1.1", TAG)
    world.offer("fast", "1.0")
    assert world.versions("fast") == {"fast": "1.1"}


def test_so_it_is_when_only_pyodides_version_of_it_fits(world: World) -> None:
    world.on_index("fast", "1.1", LINUX)
    world.on_index("fast", "1.0", TAG)
    world.offer("fast", "1.0")
    assert world.versions("fast") == {"fast": "1.0"}


def test_pyodides_is_before_a_pure_build(world: World) -> None:
    world.sdist("maybe", "2.0")
    world.offer("maybe", "2.0")
    assert world.versions("maybe") == {"maybe": "2.0*"}


def test_a_pure_build_serves_when_the_version_is_not_admitted(world: World) -> None:
    world.sdist("maybe", "2.0")
    world.offer("maybe", "1.0")
    assert world.versions("maybe>=2") == {"maybe": "2.0"}


def test_a_pure_build_serves_when_the_distribution_is_out_of_reach(world: World) -> None:
    world.sdist("maybe", "2.0")
    world.offer("maybe", "2.0")
    (world.theirs.folder / f"maybe-2.0-{TAG}.whl").unlink()
    found = world.plan("maybe")
    assert [(each.version, each.origin) for each in found.choices] == [("2.0", "")]
    assert "From source, as pure Python: maybe. Pyodide's own could not be had" in found.notes[0]


def test_a_wrong_file_is_no_reason_to_build_from_source(world: World) -> None:
    world.sdist("maybe", "2.0")
    world.offer("maybe", "2.0")
    (world.theirs.folder / f"maybe-2.0-{TAG}.whl").write_bytes(b"changed")
    with pytest.raises(DownloadError, match="not the file that the lock names"):
        world.plan("maybe")


def test_what_the_requirements_do_not_admit_is_told(world: World) -> None:
    world.on_index("fast", "2.0", LINUX)
    world.on_index("fast", "1.2", LINUX)
    world.on_index("app", "3.0", requires="fast>=2")
    world.offer("fast", "1.2")
    message = world.refuses("app")
    assert "fast 2.0 (required by app, required by requirements.txt)" in message
    assert "has fast 1.2, which the requirements do not admit" in message
    assert "fast>=2" in message
    assert "Require fast==1.2" in message


def test_one_that_is_not_admitted_is_not_in_the_way_of_others(world: World) -> None:
    for name in ("fast", "quick"):
        world.on_index(name, "2.0", LINUX)
        world.on_index(name, "1.0", LINUX)
        world.offer(name, "1.0")
    message = world.refuses("fast>=2", "quick")
    assert "A package that the app requires cannot run in a browser:\n  fast 2.0 (" in message
    assert "  quick" not in message


def test_no_other_package_becomes_ancient_for_it(world: World) -> None:
    """As with panel 0.0.1, which required nothing that could not run."""
    world.on_index("fast", "2.0", LINUX)
    world.on_index("fast", "1.0", LINUX)
    world.on_index("panel", "1.10.0", requires="fast>=2")
    world.on_index("panel", "0.0.1")
    world.offer("fast", "1.0")
    message = world.refuses("panel")
    assert "panel>=1.10.0" in message
    assert "0.0.1" not in message


def test_a_near_release_may_go_with_it(world: World) -> None:
    world.on_index("core", "2.0", LINUX)
    world.on_index("core", "1.9", LINUX)
    world.on_index("front", "5.1", requires="core==2.0")
    world.on_index("front", "5.0", requires="core==1.9")
    world.offer("core", "1.9")
    found = world.plan("front")
    assert {each.name: each.index_version for each in found.choices} == {
        "core": "2.0",
        "front": "5.1",
    }
    assert found.notes[1] == "To go with them: front 5.0 (the index has 5.1)."


def test_what_pyodide_loads_along_comes_along(world: World) -> None:
    for name in ("fast", "base"):
        world.on_index(name, "1.0", LINUX)
        world.on_index(name, "2.0", LINUX)
    world.on_index("helper", "7.0")
    world.offer("fast", "1.0", "base", "helper", "libfast")
    world.offer("base", "1.0")
    archive = world.theirs.folder / "libfast.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    world.theirs.add(archive, name="libfast", version="0.3")
    found = world.plan("fast")
    assert {each.name: each.version for each in found.choices} == {
        "fast": "1.0",
        "base": "1.0",
        "helper": "7.0",
    }
    assert [each.name for each in found.libraries] == ["libfast"]
    assert found.requirers["helper"] == ("fast",)


def test_an_own_lock_is_kept_but_for_what_cannot_run(world: World) -> None:
    for version in ("1.0", "1.1"):
        world.on_index("fast", version, LINUX)
        world.on_index("other", version)
    world.offer("fast", "1.0")
    world.requirements("fast", "other")
    own = make_lock_text(
        locked("fast", "1.1", f"fast-1.1-{LINUX}.whl"), locked("other", "1.0", "other-1.0.tar.gz")
    )
    (world.root / "pylock.toml").write_text(own)
    assert world.versions() == {"fast": "1.0*", "other": "1.0"}
    assert "fast 1.0 (your lock has 1.1)" in world.plan().notes[0]


def test_the_lock_says_where_from(world: World) -> None:
    for version in ("1.0", "1.1"):
        world.on_index("fast", version, LINUX)
    world.offer("fast", "1.0", "libfast")
    archive = world.theirs.folder / "libfast.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    world.theirs.add(archive, name="libfast", version="0.3")
    lock = world.lock("fast")
    text = (world.root / "pylock.tabcorn.toml").read_text()
    assert f'url = "{DISTRIBUTION_URL}fast-1.0-{TAG}.whl"' in text
    assert '[packages.tool.tabcorn]\nfrom = "pyodide"\nindex-version = "1.1"' in text
    assert f'archive = {{ url = "{DISTRIBUTION_URL}libfast.zip"' in text
    again = read_lock(world.root / "pylock.tabcorn.toml")
    assert again
    assert (again.plan.choices, again.plan.libraries) == (lock.plan.choices, lock.plan.libraries)
    assert world.lock(upgrade=True) == lock
    assert (world.root / "pylock.tabcorn.toml").read_text() == text


def test_a_build_by_the_lock_takes_it_from_where_it_is_now(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.on_index("fast", "1.0", LINUX)
    world.offer("fast", "1.0")
    world.lock("fast")
    with serving(world.theirs.folder) as server:
        monkeypatch.setenv(VARIABLE, server.url)
        (package,) = world.build(Cache(tmp_path / "other")).packages
        assert (package.how, package.files()["fast.py"]) == ("pyodide", b"V = '1.0'")
        file = package.wheel.name
        assert server.asked == [(file, "")]
        server.faults[file] = ["other"]
        with pytest.raises(DownloadError, match="not the file that the lock names"):
            world.build(Cache(tmp_path / "third"))
        server.faults[file] = ["missing"]
        with pytest.raises(DownloadError, match=r"name a mirror.*--pyodide-distribution"):
            world.build(Cache(tmp_path / "third"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert world.build().packages[0].sha256 == package.sha256
