"""Which files of the app's folder ride along."""

import os
from pathlib import Path

import pytest

from tabcorn.build import files as taking
from tabcorn.build.files import FileRules, collect_files
from tabcorn.build.publish import publish
from tabcorn.errors import FilesError
from tests.build.test_site import make_site

needs_links = pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def taken(folder: Path, **rules: object) -> list[str]:
    return list(collect_files(folder, FileRules(**rules)))  # type: ignore[arg-type]


def test_everything_ordinary_is_taken(tmp_path: Path) -> None:
    names = ["data/a.db", "main.py", "pkg/build/x.py", "static/dist/a.js", "templates/x.html"]
    fill(tmp_path, *names)
    assert collect_files(tmp_path, FileRules()) == {name: name.encode() for name in names}


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".gitignore",
        ".env",
        ".env.local",
        ".venv/lib/x.py",
        ".hidden/x.py",
        "venv/x.py",
        "node_modules/x/index.js",
        "web/node_modules/x/index.js",
        "pkg/__pycache__/x.cpython-311.pyc",
        "old.pyc",
        "build/lib/x.py",
        "dist/x.whl",
        "x.egg-info/PKG-INFO",
    ],
)
def test_left_out_by_default(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "main.py", name)
    assert taken(tmp_path) == ["main.py"]


def test_include_brings_back(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", ".well-known/security.txt", "dist/app.js", "dist/app.map")
    assert taken(tmp_path, include=(".well-known/", "dist/*.js")) == [
        ".well-known/security.txt",
        "dist/app.js",
        "main.py",
    ]


def test_include_never_brings_secrets(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", ".env", "conf/.env", ".git/config", ".env.example")
    assert taken(tmp_path, include=("*",)) == [".env.example", "main.py"]


def test_exclude_wins(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "big.bin", "data/a.csv", "data/b.db")
    assert taken(tmp_path, include=("*.bin",), exclude=("*.bin", "/data/*.csv")) == [
        "data/b.db",
        "main.py",
    ]


def test_virtual_environments_of_any_name_stay(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "myenv/pyvenv.cfg", "myenv/lib/x.py")
    assert taken(tmp_path) == ["main.py"]


def test_sites_of_ours_and_the_output_stay(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "out/left-over.txt")
    publish(make_site(), tmp_path / "site")
    assert taken(tmp_path, output=tmp_path / "out") == ["main.py"]


@needs_links
def test_links_inside_of_the_folder_are_followed(tmp_path: Path) -> None:
    fill(tmp_path, "real/a.txt")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "file.txt").symlink_to("real/a.txt")
    assert taken(tmp_path) == ["file.txt", "folder/a.txt", "real/a.txt"]


@needs_links
def test_a_link_to_a_folder_above_does_not_go_round(tmp_path: Path) -> None:
    fill(tmp_path, "a/b/x.txt")
    (tmp_path / "a/b/up").symlink_to("../..")
    assert taken(tmp_path) == ["a/b/x.txt"]


@needs_links
def test_links_to_each_other_do_not_go_round(tmp_path: Path) -> None:
    fill(tmp_path, "a/x.txt", "b/y.txt")
    (tmp_path / "a/to_b").symlink_to("../b")
    (tmp_path / "b/to_a").symlink_to("../a")
    assert taken(tmp_path) == ["a/to_b/y.txt", "a/x.txt", "b/to_a/x.txt", "b/y.txt"]


@needs_links
@pytest.mark.parametrize("target", ["../secret.txt", "missing.txt", "../outside"])
def test_links_out_of_the_folder_are_refused(tmp_path: Path, target: str) -> None:
    fill(tmp_path, "secret.txt", "outside/x.txt", "app/main.py")
    (tmp_path / "app/link").symlink_to(target)
    with pytest.raises(FilesError, match=r"symbolic link.*--exclude 'link'"):
        taken(tmp_path / "app")
    assert taken(tmp_path / "app", exclude=("link",)) == ["main.py"]


@needs_links
def test_what_is_no_file_is_passed_by(tmp_path: Path) -> None:
    fill(tmp_path, "main.py")
    os.mkfifo(tmp_path / "pipe")
    assert taken(tmp_path) == ["main.py"]


def test_far_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "main.py", "other.py")
    monkeypatch.setattr(taking, "MAX_SIZE", 10)
    with pytest.raises(FilesError, match="--exclude"):
        taken(tmp_path)
