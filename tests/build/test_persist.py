"""Which files visitors' browsers keep: from what was said to absolute paths."""

from pathlib import Path

import pytest

from tabcorn.build.options import BuildOptions
from tabcorn.build.persist import kept_paths
from tabcorn.build.project import load_project
from tabcorn.errors import UsageError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["data/"], ("/app/data/",)),
        (["data"], ("/app/data",)),
        (["there"], ("/app/there/",)),
        (["./there/"], ("/app/there/",)),
        (["there\\deep\\"], ("/app/there/deep/",)),
        (["x.db", "x.db"], ("/app/x.db",)),
        (["/var/lib/app/"], ("/var/lib/app/",)),
        (["../beside/"], ("/beside/",)),
        (["data/", "data/x.db", "data/more/"], ("/app/data/",)),
        ([], ()),
    ],
)
def test_paths(given: list[str], kept: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert kept_paths(given, tmp_path, "/app") == kept


@pytest.mark.parametrize("path", ["", " ", "*.db", "data/[a]", "a\nb"])
def test_what_is_no_path(path: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no path"):
        kept_paths([path], tmp_path, "/app")


@pytest.mark.parametrize("path", ["/", "..", "/lib", "/lib/python3.14/site-packages/", "/dev/shm"])
def test_what_belongs_to_the_build(path: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="where Python's own files are"):
        kept_paths([path], tmp_path, "/app")


def test_settings_and_options_are_added(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("app = None\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\n[tool.tabcorn]\npersist = ["data/"]\n'
    )
    options = BuildOptions("main:app", app_dir=tmp_path, persist=("/var/x.db",))
    assert load_project(options).persist == ("/app/data/", "/var/x.db")
