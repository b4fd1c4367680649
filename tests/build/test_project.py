"""What the user's project brings to a site."""

from dataclasses import replace
from pathlib import Path

import pytest

from tabcorn.build.options import BuildOptions
from tabcorn.build.project import load_project
from tabcorn.build.publicity import remarks_on
from tabcorn.errors import TargetError, UsageError


def test_config_is_how_the_tab_starts_the_app(tmp_path: Path) -> None:
    (tmp_path / "src/pkg").mkdir(parents=True)
    (tmp_path / "src/pkg/web.py").write_text("def make(): ...\n")
    options = BuildOptions("pkg.web:make", app_dir=tmp_path, factory=True, lifespan="on")
    assert load_project(options).config(options) == {
        "target": "pkg.web:make",
        "factory": True,
        "lifespan": "on",
        "interface": "auto",
        "log_level": "info",
        "access_log": True,
        "cwd": "/app",
        "path": ["/app", "/app/src"],
        "env": {},
    }


def test_environment_comes_from_the_named_file_only(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("app = 1\n")
    (tmp_path / ".env").write_text("SECRET=1\n")
    (tmp_path / "public.env").write_text("A=1\n# comment\nexport B='two words'\nEMPTY\n")
    options = BuildOptions("main:app", app_dir=tmp_path)
    assert load_project(options).env == {}
    options = BuildOptions("main:app", app_dir=tmp_path, env_file=tmp_path / "public.env")
    assert load_project(options).env == {"A": "1", "B": "two words"}
    assert ".env" not in load_project(options).files


def test_a_module_that_nothing_can_provide(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text("app = 1\n")
    with pytest.raises(TargetError, match=r"no module 'mian'.*Did you mean 'main'\?"):
        load_project(BuildOptions("mian:app", app_dir=tmp_path))


def test_a_module_that_a_dependency_may_provide(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("someapp\n")
    assert load_project(BuildOptions("someapp:app", app_dir=tmp_path)).entry.source is None


def test_an_app_that_is_left_out_itself(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build/main.py").write_text("app = 1\n")
    options = BuildOptions(f"{tmp_path}/build/main.py", app_dir=tmp_path)
    with pytest.raises(TargetError, match=r"--include 'build/main\.py'"):
        load_project(options)
    assert load_project(replace(options, include=("build/main.py",))).files
    with pytest.raises(TargetError, match="not among the files"):
        load_project(BuildOptions("main", app_dir=tmp_path / "build", exclude=("*.py",)))


def test_an_environment_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("app = 1\n")
    (tmp_path / "bad.env").write_bytes(b"A=\xff\n")
    with pytest.raises(UsageError, match=r"bad\.env cannot be read.*UTF-8"):
        load_project(BuildOptions("main", app_dir=tmp_path, env_file=tmp_path / "bad.env"))


def test_settings_of_the_project_count(tmp_path: Path) -> None:
    """The command line adds to its lists, and goes before its file of variables."""
    (tmp_path / "web").mkdir()
    for name in ("web/main.py", "web/.a", "web/b.md", "web/c.md", "web/d.md", "web/.env"):
        (tmp_path / name).write_text("app = 1\n")
    (tmp_path / "own.env").write_text("A=own\n")
    (tmp_path / "given.env").write_text("A=given\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.tabcorn]\ninclude = [".a"]\nexclude = ["b.md"]\nenv-file = "own.env"\n'
    )
    options = BuildOptions("main", app_dir=tmp_path / "web", exclude=("c.md",))
    project = load_project(options)
    assert list(project.files) == [".a", "d.md", "main.py"]
    assert (project.env, project.env_file) == ({"A": "own"}, tmp_path / "own.env")
    options = replace(options, env_file=tmp_path / "given.env", include=(".env",))
    assert load_project(options).env == {"A": "given"}
    assert ".env" in load_project(options).files


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('exclude = "*.md"', "'exclude' under .* is no list of strings"),
        ('env-file = "gone.env"', r"names no file that is there: gone\.env"),
        ("env-file = 1", "names no file"),
        ('excludes = ["x"]', "'excludes', which says nothing .* Did you mean 'exclude'"),
    ],
)
def test_settings_that_make_no_sense(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "main.py").write_text("app = 1\n")
    (tmp_path / "pyproject.toml").write_text(f"[tool.tabcorn]\n{line}\n")
    with pytest.raises(UsageError, match=message):
        load_project(BuildOptions("main", app_dir=tmp_path))


def test_what_is_said_of_files(tmp_path: Path) -> None:
    for name in ("main.py", ".env", "id_rsa", "prod.env", "a.db", "a.db-wal"):
        (tmp_path / name).write_text("app = 1\n")
    assert list(remarks_on(load_project(BuildOptions("main", app_dir=tmp_path)))) == [
        "Left out, since a site is public and they may hold secrets: .env, id_rsa, prod.env. What "
        "holds none comes along with --include and its name.",
        "a.db comes along without what was written last, which is in a file beside it. End the "
        "program that uses the database, and build again.",
    ]
    options = BuildOptions("main", app_dir=tmp_path, include=("prod.env",), exclude=("*a.db*",))
    *_, said = remarks_on(load_project(options))
    assert said.startswith("prod.env will be public, as --include says")


def test_tests_and_stubs_of_the_app_stay_at_home(tmp_path: Path) -> None:
    for name in ("main.py", "main.pyi", "tests/test_main.py", "shop/tests/test_cart.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("app = 1")

    def taken(target: str, *include: str) -> list[str]:
        options = BuildOptions(target, app_dir=tmp_path, include=include)
        return sorted(load_project(options).files)

    assert taken("main:app") == ["main.py"]
    assert taken("main:app", "/tests/", "*.pyi") == ["main.py", "main.pyi", "tests/test_main.py"]
    assert "tests/test_main.py" in taken("tests.test_main:app")
