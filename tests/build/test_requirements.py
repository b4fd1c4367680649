"""Mistakes in what an app declares, found before uv runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabcorn.build.requirements import Requirements, check, sources, uv_lock
from tabcorn.errors import ResolveError


def pyproject(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text)
    return path


def test_all_sources_are_handed_to_uv(tmp_path: Path) -> None:
    project = pyproject(tmp_path, '[project]\nname = "a"')
    both = Requirements(tmp_path, project, (tmp_path / "r.txt",), ("flask",))
    assert sources(both) == [str(project), str(tmp_path / "r.txt"), "-"]


def test_the_projects_own_lock_counts_when_it_is_the_only_source(tmp_path: Path) -> None:
    project = pyproject(tmp_path, '[project]\nname = "a"')
    assert uv_lock(Requirements(tmp_path, project)) is None
    (tmp_path / "uv.lock").touch()
    assert uv_lock(Requirements(tmp_path, project)) == tmp_path / "uv.lock"
    assert uv_lock(Requirements(tmp_path, project, inline=("flask",))) is None


def test_a_workspace_has_its_lock_at_the_root(tmp_path: Path) -> None:
    pyproject(tmp_path, '[tool.uv.workspace]\nmembers = ["apps/*"]\nexclude = ["apps/old"]')
    (tmp_path / "uv.lock").touch()
    found = {}
    for name in ("apps/web", "apps/old", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
        project = pyproject(tmp_path / name, '[project]\nname = "a"')
        found[name] = uv_lock(Requirements(tmp_path / name, project))
    assert found == {"apps/web": tmp_path / "uv.lock", "apps/old": None, "elsewhere": None}


def test_a_script_has_a_lock_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    asked = Requirements(tmp_path, inline=("flask",), script=script)
    (tmp_path / "uv.lock").touch()
    assert uv_lock(asked) is None
    (tmp_path / "main.py.lock").touch()
    assert uv_lock(asked) == tmp_path / "main.py.lock"


@pytest.mark.parametrize("line", ["flask >", "not a name", "name @"])
def test_an_invalid_requirement_is_quoted(tmp_path: Path, line: str) -> None:
    with pytest.raises(ResolveError, match=f"'{line}' is not a valid requirement"):
        check(Requirements(tmp_path, inline=(line,)))


def test_a_missing_requirements_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResolveError, match=r"no requirements file .*gone\.txt"):
        check(Requirements(tmp_path, files=(tmp_path / "gone.txt",)))


@pytest.mark.parametrize("text", ["[project", "\udcff"])
def test_a_pyproject_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ResolveError, match=r"pyproject\.toml cannot be read"):
        check(Requirements(tmp_path, path))


def test_python_3_14_must_be_allowed(tmp_path: Path) -> None:
    project = pyproject(tmp_path, '[project]\nname = "a"\nrequires-python = ">=3.11,<3.14"')
    with pytest.raises(ResolveError, match=r"Python 3\.14\.2.*\n.*Widen"):
        check(Requirements(tmp_path, project))
    with pytest.raises(ResolveError, match="the script header says"):
        check(Requirements(tmp_path, requires_python="<3"))
    with pytest.raises(ResolveError, match="is not valid"):
        check(Requirements(tmp_path, requires_python="three"))
    check(Requirements(tmp_path, requires_python=">=3.10"))
