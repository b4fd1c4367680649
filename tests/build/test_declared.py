"""Where an app says what it depends on."""

from pathlib import Path
from typing import Any

import pytest

from tabcorn.build.declared import find_requirements
from tabcorn.build.entry import find_entry
from tabcorn.build.options import BuildOptions
from tabcorn.build.requirements import Requirements
from tabcorn.errors import UsageError

HEADER = """\
# /// script
# requires-python = ">=3.12"
# dependencies = [
#   "starlette",
# ]
# ///
app = 1
"""
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["starlette"]\n'


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    (tmp_path / "app/main.py").write_text("app = 1\n")
    return tmp_path / "app"


def found(app_dir: Path, **options: Any) -> Requirements:
    return find_requirements(
        find_entry("main:app", app_dir), BuildOptions(target="main:app", **options)
    )


def test_nothing_declared(app_dir: Path) -> None:
    assert found(app_dir) == Requirements(app_dir)


def test_files_given_by_hand_win(app_dir: Path) -> None:
    (app_dir / "main.py").write_text(HEADER)
    given = app_dir / "other.txt"
    assert found(app_dir, requirements=(given,)) == Requirements(app_dir, files=(given,))


def test_script_header(app_dir: Path) -> None:
    (app_dir / "main.py").write_text(HEADER)
    (app_dir / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir) == Requirements(app_dir, inline=("starlette",), requires_python=">=3.12")


def test_pyproject_before_requirements(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text(PROJECT)
    (app_dir / "requirements.txt").write_text("starlette\n")
    assert found(app_dir) == Requirements(app_dir, pyproject=app_dir / "pyproject.toml")


def test_a_pyproject_for_tools_only_does_not_count(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text("[tool.ruff]\n")
    (app_dir / "requirements.txt").write_text("starlette\n")
    assert found(app_dir) == Requirements(app_dir, files=(app_dir / "requirements.txt",))


def test_a_pyproject_for_poetry_counts(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text('[tool.poetry.dependencies]\nh11 = "*"\n')
    assert found(app_dir).pyproject == app_dir / "pyproject.toml"


def test_the_nearest_declaration_counts(app_dir: Path) -> None:
    (app_dir / "requirements.txt").write_text("starlette\n")
    (app_dir.parent / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir).files == (app_dir / "requirements.txt",)


def test_a_declaration_above_counts_up_to_the_project_root(app_dir: Path) -> None:
    (app_dir.parent / "pyproject.toml").write_text(PROJECT)
    assert found(app_dir).pyproject == app_dir.parent / "pyproject.toml"
    (app_dir / ".git").mkdir()
    assert found(app_dir) == Requirements(app_dir)


def test_excluded_packages_ride_along(app_dir: Path) -> None:
    assert found(app_dir, exclude_packages=frozenset({"uvloop"})).exclude == {"uvloop"}


def test_a_broken_header_is_the_users_to_repair(app_dir: Path) -> None:
    (app_dir / "main.py").write_text("# /// script\n# dependencies = [\n# ///\n")
    with pytest.raises(UsageError, match=r"header of .*main\.py is no valid TOML"):
        found(app_dir)


def test_a_broken_pyproject_is_the_users_to_repair(app_dir: Path) -> None:
    (app_dir / "pyproject.toml").write_text("[project\n")
    with pytest.raises(UsageError, match=r"pyproject\.toml is no valid TOML"):
        found(app_dir)


@pytest.mark.parametrize("content", [b'x = "\xff"', b"project = 3\n"])
def test_a_pyproject_that_makes_no_sense(app_dir: Path, content: bytes) -> None:
    (app_dir / "pyproject.toml").write_bytes(content)
    with pytest.raises(UsageError, match="pyproject"):
        found(app_dir)


def test_dependencies_that_are_no_list(app_dir: Path) -> None:
    (app_dir / "main.py").write_text('# /// script\n# dependencies = "h11"\n# ///\napp = 1\n')
    with pytest.raises(UsageError, match="no list of strings"):
        found(app_dir)
