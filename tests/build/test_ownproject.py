"""The project that an app belongs to, and its metadata as pyproject.toml has it."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from tabcorn.build.ownproject import OwnProject, dist_info, find_own_project
from tabcorn.errors import UsageError

PROJECT = """
[project]
name = "My.Pkg"
version = "1.02"
description = "Two\\nlines"
requires-python = ">=3.11"
classifiers = ["A :: B", "C :: D"]
authors = [{name = "Ann", email = "ann@example.org"}, {name = "Bob"}]
dependencies = ["idna>=3"]
[project.optional-dependencies]
web = ["h11 ; python_version > '3'", "click"]
own = ["mine @ https://me:pa55@index.test/mine-1.tar.gz"]
[project.urls]
Docs = "https://example.org/"
[project.scripts]
mine = "mypkg:main"
[project.entry-points."mypkg.plugins"]
one = "mypkg.plug:one"
"""
SYSTEM = '[build-system]\nrequires = ["backend"]\n'


def found(folder: Path, text: str, app: str = "") -> OwnProject | None:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(text)
    (folder / app).mkdir(parents=True, exist_ok=True)
    return find_own_project(folder / app)


def test_metadata_is_what_an_installer_would_write(tmp_path: Path) -> None:
    own = found(tmp_path, PROJECT)
    assert own
    assert not own.needs_build
    for path, data in dist_info(own).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (dist,) = importlib.metadata.distributions(path=[str(tmp_path)])
    assert (dist.name, dist.version) == ("My.Pkg", "1.2")
    assert dist.metadata["Summary"] == "Two lines"
    assert dist.metadata.get_all("Classifier") == ["A :: B", "C :: D"]
    assert dist.metadata["Author-email"] == "Ann <ann@example.org>"
    assert dist.metadata["Author"] == "Bob"
    assert dist.metadata["Project-URL"] == "Docs, https://example.org/"
    assert dist.requires == [
        "idna>=3",
        'h11 ; (python_version > "3") and extra == "web"',
        'click ; extra == "web"',
        'mine @ https://index.test/mine-1.tar.gz ; extra == "own"',
    ]
    assert {(e.group, e.name, e.value) for e in dist.entry_points} == {
        ("console_scripts", "mine", "mypkg:main"),
        ("mypkg.plugins", "one", "mypkg.plug:one"),
    }


def test_it_is_found_from_below(tmp_path: Path) -> None:
    own = found(tmp_path, PROJECT, "src")
    assert own
    assert own.folder == tmp_path


def test_an_app_with_requirements_of_its_own_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/requirements.txt").write_text("")
    assert found(tmp_path, PROJECT, "demo") is None


@pytest.mark.parametrize(
    "text",
    [
        "[tool.ruff]\n",
        PROJECT + "[tool.uv]\npackage = false\n",
        SYSTEM + "[tool.poetry]\nname = 'x'\npackage-mode = false\n",
    ],
)
def test_what_is_not_installed(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[project]\nname = "x"\ndynamic = ["version"]\n', "x"),
        ('[project]\nname = "x"\nversion = "1"\ndynamic = ["entry-points"]\n', "x"),
        (PROJECT + '[tool.hatch.build.hooks.vcs]\nversion-file = "x"\n', "My.Pkg"),
        (SYSTEM + "[tool.poetry]\nname = 'x'\n", ""),
    ],
)
def test_what_only_a_build_can_tell(tmp_path: Path, text: str, name: str) -> None:
    own = found(tmp_path, text)
    assert own
    assert (own.needs_build, own.name) == (True, name)


def test_a_project_of_setuptools_alone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "setup.py").write_text("from setuptools import setup\nsetup()\n")
    own = find_own_project(tmp_path)
    assert own
    assert own.needs_build


def test_tables_that_are_none(tmp_path: Path) -> None:
    for text in ("project = 1\n", "tool = 1\n", "[tool]\nuv = 1\n"):
        with pytest.raises(UsageError, match="is not a table"):
            found(tmp_path, text)
