"""What the user's project brings to a site."""

from dataclasses import replace
from pathlib import Path

import pytest

from tabcorn.build.options import BuildOptions
from tabcorn.build.project import load_project
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
