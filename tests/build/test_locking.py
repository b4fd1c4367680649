"""Locks by the real uv, from a folder of wheels: made, used, moved, and refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tabcorn.build import uv
from tabcorn.build.cache import Cache
from tabcorn.build.locking import Locked, closure_by, lock_path, make_lock, read_lock
from tabcorn.build.preferences import Upgrade
from tabcorn.build.progress import Silent
from tabcorn.build.requirements import Requirements
from tabcorn.errors import BuildError, DownloadError, LockError, ResolveError, UsageError
from tests.build.making import locked, make_project, make_wheel
from tests.build.making import make_lock as make_lock_text
from tests.build.test_closure import BACKEND

STAY = Upgrade()


class Project:
    """A project with a requirements.txt, whose packages come from a folder of wheels."""

    def __init__(self, folder: Path) -> None:
        self.root, self.wheels = make_project(folder)
        self.file = self.root / "requirements.txt"
        self.cache = Cache(folder / "cache")
        self.lock = lock_path(Requirements(self.root))

    def requirements(self, *lines: str, exclude: str = "") -> Requirements:
        if lines:
            self.file.write_text("\n".join(lines))
        return Requirements(self.root, files=(self.file,), exclude=frozenset(exclude.split()))

    def make(self, *lines: str, upgrade: Upgrade = STAY, exclude: str = "") -> Locked:
        requirements = self.requirements(*lines, exclude=exclude)
        return make_lock(requirements, upgrade, self.cache, Silent())

    def build(self, *lines: str, exclude: str = "") -> dict[str, str]:
        lock = read_lock(self.lock)
        assert lock
        requirements = self.requirements(*lines, exclude=exclude)
        packages = closure_by(lock, requirements, self.cache, Silent()).packages
        return {package.name: package.version for package in packages}

    def refuses(self, error: type[BuildError], *lines: str, exclude: str = "") -> str:
        """Lock, which has to fail, and see that the lock there was is untouched."""
        before = {path: path.read_bytes() for path in self.root.iterdir()}
        with pytest.raises(error) as caught:
            self.make(*lines, exclude=exclude)
        before[self.file] = self.file.read_bytes()
        assert {path: path.read_bytes() for path in self.root.iterdir()} == before
        return str(caught.value)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    for version in ("1.0", "1.1"):
        make_wheel(project.wheels, {"pure.py": f"V = {version}"}, "pure", version)
        make_wheel(project.wheels, {"other.py": ""}, "other", version)
    make_wheel(project.wheels, {"alien.so": ""}, "alien", tag="cp314-cp314-win_amd64")
    return project


def test_versions_stay_until_they_are_upgraded(project: Project) -> None:
    first = project.make("pure<1.1", "other<1.1")
    assert (first.changes, first.lock.versions) == ((), {"pure": "1.0", "other": "1.0"})
    assert project.make("pure", "other").lock.versions == {"pure": "1.0", "other": "1.0"}
    only = project.make(upgrade=Upgrade(packages=("Other",)))
    assert only.changes == ("updated other 1.0 -> 1.1",)
    assert project.make(upgrade=Upgrade(everything=True)).changes == ("updated pure 1.0 -> 1.1",)
    assert project.make("pure").changes == ("removed other 1.1",)


def test_a_lock_is_the_same_each_time(project: Project) -> None:
    project.make("pure", "other")
    before = project.lock.read_bytes()
    project.make("# the same", "other ", "pure  # in another order")
    assert project.lock.read_bytes() == before


def test_a_build_resolves_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.make("pure<1.1")
    monkeypatch.setattr(uv, "run", None)
    assert project.build() == {"pure": "1.0"}


@pytest.mark.parametrize(
    ("lines", "exclude", "message"),
    [
        (("pure>=1",), "", "requirements.txt: pure>=1 is new, other is gone, pure is gone"),
        (("pure", "other"), "other", "--exclude-package: other is new"),
    ],
)
def test_a_build_refuses_to_drift(
    project: Project, lines: tuple[str, ...], exclude: str, message: str
) -> None:
    project.make("pure", "other")
    with pytest.raises(LockError) as caught:
        project.build(*lines, exclude=exclude)
    assert message in str(caught.value)
    assert "run `tabcorn lock`" in str(caught.value)


def test_another_pyodide_is_drift(project: Project) -> None:
    project.make("pure")
    project.lock.write_text(project.lock.read_text().replace('pyodide = "', 'pyodide = "9'))
    with pytest.raises(LockError, match="Pyodide: the lock is for 9"):
        project.build()


def test_constraints_of_uv_are_inputs(project: Project) -> None:
    project.make("pure")
    with (project.root / "uv.toml").open("a") as file:
        file.write('constraint-dependencies = ["pure<1.1"]\n')
    with pytest.raises(LockError, match=r"uv\.toml: the lock was not made from it"):
        project.build()
    assert project.make().changes == ("updated pure 1.1 -> 1.0",)
    assert project.build() == {"pure": "1.0"}


def test_the_projects_own_lock_is_an_input(project: Project) -> None:
    pyproject = project.root / "pyproject.toml"
    pyproject.write_text(
        '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["pure"]\n[tool.uv]\nconstraint-dependencies = ["pure<1.1"]'
    )
    assert uv.run(["lock"], project.root).ok
    requirements = Requirements(project.root, pyproject)
    locked = make_lock(requirements, Upgrade(everything=True), project.cache, Silent())
    assert locked.lock.versions == {"pure": "1.0"}
    with (project.root / "uv.lock").open("a") as file:
        file.write("# moved\n")
    with pytest.raises(LockError, match=r"uv\.lock has changed"):
        closure_by(locked.lock, requirements, project.cache, Silent())


def test_the_lock_of_a_workspace_decides_for_a_member(project: Project) -> None:
    head = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.11"\n'
    (project.root / "pyproject.toml").write_text(
        head.format("all") + '[tool.uv.workspace]\nmembers = ["apps/*"]\n'
        '[tool.uv]\nconstraint-dependencies = ["pure<1.1"]'
    )
    member = project.root / "apps/web/pyproject.toml"
    member.parent.mkdir(parents=True)
    member.write_text(head.format("web") + 'dependencies = ["pure"]')
    assert uv.run(["lock"], project.root).ok
    requirements = Requirements(member.parent, member)
    locked = make_lock(requirements, Upgrade(), project.cache, Silent())
    assert locked.lock.versions == {"pure": "1.0"}
    assert "../../uv.lock" in locked.path.read_text()


def test_the_lock_of_a_script_decides(project: Project) -> None:
    script = project.root / "main.py"
    script.write_text(
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["pure<1.1"]\n# ///\n'
    )
    assert uv.run(["lock", "--script", "main.py"], project.root).ok
    script.write_text(script.read_text().replace("pure<1.1", "pure"))
    requirements = Requirements(project.root, inline=("pure",), script=script)
    with pytest.raises(ResolveError, match=r"main\.py\.lock does not match .*main\.py any more"):
        make_lock(requirements, Upgrade(), project.cache, Silent())
    assert uv.run(["lock", "--script", "main.py"], project.root).ok
    locked = make_lock(requirements, Upgrade(), project.cache, Silent())
    assert locked.lock.versions == {"pure": "1.0"}


def test_the_users_own_pylock_decides(project: Project) -> None:
    """Its versions come out exactly, from files that fit; it is an input of ours, too."""
    own = project.root / "pylock.toml"
    own.write_text(make_lock_text(locked("pure", "1.0", "pure-1.0-cp311-cp311-linux_x86_64.whl")))
    assert project.make("pure", "other").lock.versions == {"pure": "1.0", "other": "1.1"}
    upgraded = project.make(upgrade=Upgrade(everything=True))
    assert upgraded.lock.versions["pure"] == "1.0"
    assert project.build() == {"pure": "1.0", "other": "1.1"}
    assert "your pylock.toml" in project.refuses(ResolveError, "pure>1")
    own.write_text(own.read_text() + "# changed\n")
    with pytest.raises(LockError, match=r"pylock\.toml has changed"):
        project.build("pure", "other")
    own.write_text("[[packages]]")
    assert "not valid" in project.refuses(ResolveError, "pure", "other")


def test_pins_come_out_exactly(project: Project) -> None:
    assert project.make("pure==1.0", "other==1.1").lock.versions == {"pure": "1.0", "other": "1.1"}


def test_requirements_that_go_round_in_circles(project: Project) -> None:
    make_wheel(project.wheels, {}, "hen", requires="egg")
    make_wheel(project.wheels, {}, "egg", requires="hen")
    (project.root / "more.txt").write_text("-r requirements.txt\negg\n")
    assert project.make("-r more.txt", "pure").lock.versions == {
        "egg": "1.0",
        "hen": "1.0",
        "pure": "1.1",
    }
    assert project.build() == {"egg": "1.0", "hen": "1.0", "pure": "1.1"}
    (project.root / "more.txt").write_text("-r requirements.txt\n")
    with pytest.raises(LockError, match=r"requirements\.txt: egg is gone"):
        project.build()


def test_a_wheel_of_a_folder_is_named_by_its_path(project: Project) -> None:
    """From the lock on, so that a copy of the project elsewhere can use it."""
    project.make("pure")
    assert 'path = "../wheels/pure-1.1-py3-none-any.whl"' in project.lock.read_text()
    project.cache = Cache(project.root.parent / "other")
    assert project.build() == {"pure": "1.1"}


def test_a_local_folder_is_named_and_its_requirements_count(project: Project) -> None:
    mine = project.root / "mine"
    mine.mkdir()
    text = (
        '[project]\nname = "mine"\nversion = "3"\ndependencies = ["pure"]\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (mine / "pyproject.toml").write_text(text)
    (mine / "backend.py").write_text(BACKEND)
    plan = project.make("mine @ ./mine").lock.plan
    assert [choice.name for choice in plan.choices] == ["mine", "pure"]
    assert project.build() == {"mine": "3", "pure": "1.1"}
    (mine / "pyproject.toml").write_text(text.replace('"pure"', '"pure<1.1"'))
    with pytest.raises(LockError, match=r"mine/pyproject\.toml: pure<1\.1 is new, pure is gone"):
        project.build()


def test_what_is_excluded_is_written_down(project: Project) -> None:
    locked = project.make("pure", "alien", exclude="Alien")
    assert locked.lock.exclude == frozenset({"alien"})
    assert [each.name for each in locked.lock.plan.left_out] == ["alien"]
    assert project.build(exclude="alien") == {"pure": "1.1"}


def test_a_file_with_another_hash(project: Project, tmp_path: Path) -> None:
    project.make("pure")
    make_wheel(project.wheels, {"pure.py": "changed"}, "pure", "1.1")
    project.cache = Cache(tmp_path / "empty")
    with pytest.raises(DownloadError, match="is not the file that the lock names"):
        project.build()


def test_what_cannot_be_locked_leaves_the_lock(project: Project) -> None:
    project.make("pure")
    assert "No set of versions" in project.refuses(ResolveError, "pure<1", "other")
    assert "alien 1.0" in project.refuses(BuildError, "pure", "alien")
    with pytest.raises(LockError, match="no such package"):
        project.make("pure", upgrade=Upgrade(packages=("puer",)))
    with pytest.raises(UsageError, match="is no package"):
        project.make("pure", upgrade=Upgrade(packages=("=",)))


def test_a_damaged_lock_is_not_written_over(project: Project) -> None:
    project.make("pure")
    project.lock.write_bytes(project.lock.read_bytes()[:-40])
    assert "delete it" in project.refuses(LockError, "pure")


def fail_to_replace(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Let the last step fail, for the lock alone."""
    replace = os.replace

    def replacing(source: Path, target: Path) -> None:
        if target.name == project.lock.name:
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", replacing)


def test_a_folder_that_cannot_be_written(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.make("pure")
    refused = PermissionError(13, "Permission denied")
    with monkeypatch.context() as context:
        fail_to_replace(project, context, refused)
        message = project.refuses(LockError, "pure<1.1")
        assert "tabcorn.toml cannot be written: Permission denied" in message
    project.lock.unlink()
    project.lock.mkdir()
    with pytest.raises(LockError, match="a folder is there"):
        project.make("pure")


def test_a_read_only_folder_is_found_out_before_the_work(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    project.requirements("pure")
    monkeypatch.setattr(Path, "touch", refused)
    monkeypatch.setattr(uv, "run", None)
    with pytest.raises(LockError, match="cannot be written: Read-only file system"):
        project.make("pure")


def test_an_interrupted_lock_leaves_the_old_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make("pure")
    before = {path: path.read_bytes() for path in project.root.iterdir()}
    with monkeypatch.context() as context:
        fail_to_replace(project, context, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            project.make("pure", upgrade=Upgrade(everything=True))
    assert {path: path.read_bytes() for path in project.root.iterdir()} == before
