"""Locks by the real uv, from a folder of wheels: no network is used."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tabcorn.build import uv
from tabcorn.build.cache import Cache
from tabcorn.build.resolve import Requirements, resolve
from tabcorn.errors import ResolveError
from tests.build.making import make_project, make_wheel

NO_NETWORK = "error: Request failed\n  cause: error sending request for url\n  cause: dns error"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose own uv.toml points at a folder of wheels, as a user's would."""
    root, wheels = make_project(tmp_path)
    make_wheel(wheels, {}, "leaf", "1.0", "cp314-cp314-win_amd64")
    make_wheel(wheels, {}, "other", "2.0")
    return root


def test_no_requirements_need_no_uv(root: Path, cache: Cache) -> None:
    assert tomllib.loads(resolve(Requirements(root), cache).lock)["packages"] == []


def test_the_lock_is_for_every_platform(root: Path, cache: Cache) -> None:
    resolution = resolve(Requirements(root, inline=("leaf", "Other")), cache)
    packages = tomllib.loads(resolution.lock)["packages"]
    assert {package["name"]: package["version"] for package in packages} == {
        "leaf": "1.0",
        "other": "2.0",
    }
    assert resolution.requirers == {"leaf": ("the app",), "other": ("the app",)}
    assert resolution.notes == ()


def test_requirements_files_and_pyproject_are_named(root: Path, cache: Cache) -> None:
    pyproject = root / "pyproject.toml"
    pyproject.write_text('[project]\nname = "mine"\nversion = "1"\ndependencies = ["leaf"]')
    (root / "more.txt").write_text("other\n")
    resolution = resolve(Requirements(root, pyproject, (root / "more.txt",)), cache)
    assert "mine" in resolution.requirers["leaf"][0]
    assert "more.txt" in resolution.requirers["other"][0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("leaf==9", "No set of versions satisfies"),
        ("leaf<1\nleaf>1", "No set of versions satisfies"),
        ("leaf @ ./gone.whl", "is not there"),
    ],
)
def test_failures_keep_what_uv_says(root: Path, cache: Cache, line: str, message: str) -> None:
    (root / "r.txt").write_text(line)
    with pytest.raises(ResolveError, match=f"(?s){message}.* uv says:\n  .*\n") as caught:
        resolve(Requirements(root, files=(root / "r.txt",)), cache)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("./gone", "Where it is relative, it starts at"),
        ("./torn-1.0-py3-none-any.whl", "is damaged, or is not what its name says"),
        ("# caf\udce9", "Save it as UTF-8"),
    ],
)
def test_files_that_cannot_be_read(root: Path, cache: Cache, line: str, message: str) -> None:
    (root / "torn-1.0-py3-none-any.whl").write_bytes(b"no zip")
    (root / "r.txt").write_bytes(line.encode(errors="surrogateescape"))
    with pytest.raises(ResolveError, match=f"(?s){message}"):
        resolve(Requirements(root, files=(root / "r.txt",)), cache)


def test_a_stale_uv_lock_is_told(root: Path, cache: Cache) -> None:
    pyproject = root / "pyproject.toml"
    pyproject.write_text(
        '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["other"]'
    )
    assert uv.run(["lock"], root).ok
    resolution = resolve(Requirements(root, pyproject), cache)
    assert resolution.requirers == {"other": ("mine",)}
    pyproject.write_text(pyproject.read_text().replace("other", "other>=1"))
    with pytest.raises(ResolveError, match="Run `uv lock`"):
        resolve(Requirements(root, pyproject), cache)


class Unplugged:
    """A uv without network."""

    def __call__(self, *_: object) -> uv.Outcome:
        return uv.Outcome(False, "", NO_NETWORK)


def test_the_last_lock_serves_offline_and_says_so(
    root: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resolve(Requirements(root, inline=("other",)), cache)
    monkeypatch.setattr(uv, "run", Unplugged())
    after = resolve(Requirements(root, inline=("other",)), cache)
    assert (after.lock, after.requirers) == (before.lock, before.requirers)
    assert "could not be reached" in after.notes[0]
    with pytest.raises(ResolveError, match=r"without network\..*\n  Request failed"):
        resolve(Requirements(root, inline=("leaf",)), cache)


@pytest.mark.network
def test_a_package_that_does_not_exist(tmp_path: Path, cache: Cache) -> None:
    requirements = Requirements(tmp_path, inline=("tabcorn-test-no-such-package",))
    with pytest.raises(ResolveError, match=r"does not exist.*\n(.*\n)+.*spelled"):
        resolve(requirements, cache)


def test_a_narrow_terminal_changes_no_diagnosis(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uv breaks its lines where the terminal ends, in the middle of what is looked for."""
    monkeypatch.setenv("COLUMNS", "40")
    root, _wheels = make_project(tmp_path)
    with pytest.raises(ResolveError, match="A required package does not exist"):
        resolve(Requirements(root, inline=("tabcorn-test-no-such-package",)), cache)
