"""From what the user typed to the app's module."""

from pathlib import Path

import pytest

from tabcorn.build.entry import Entry, check_entry, find_entry, seems_broken
from tabcorn.errors import TargetError, UsageError


def write(file: Path, text: str = "app = 1\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_module_and_attribute(tmp_path: Path) -> None:
    source = write(tmp_path / "main.py")
    assert find_entry("main:app", tmp_path) == Entry("main", "app", tmp_path, (".",), source)


@pytest.mark.parametrize(
    ("target", "expected"),
    [("main", "main:app"), ("pkg.web:make.it", "pkg.web:make.it"), ("pkg:app", "pkg:app")],
)
def test_forms_of_a_module(tmp_path: Path, target: str, expected: str) -> None:
    for name in ("main.py", "pkg/__init__.py", "pkg/web.py"):
        write(tmp_path / name)
    assert find_entry(target, tmp_path).target == expected


def test_the_current_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "main.py")
    monkeypatch.chdir(tmp_path)
    assert find_entry("main:app", None).app_dir == tmp_path


def test_src_layout_adds_src_to_the_path(tmp_path: Path) -> None:
    write(tmp_path / "src/pkg/web.py")
    entry = find_entry("pkg.web:app", tmp_path)
    assert entry.search_path == (".", "src")
    assert entry.app_dir == tmp_path


@pytest.mark.parametrize(
    ("path", "target"), [("main.py", "main:app"), ("main.py:other", "main:other")]
)
def test_a_file_makes_its_folder_the_app_dir(tmp_path: Path, path: str, target: str) -> None:
    write(tmp_path / "main.py")
    entry = find_entry(f"{tmp_path}/{path}", None)
    assert (entry.target, entry.app_dir) == (target, tmp_path)


def test_a_file_in_a_package_is_imported_from_above(tmp_path: Path) -> None:
    for name in ("pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/web.py"):
        write(tmp_path / name)
    entry = find_entry(f"{tmp_path}/pkg/sub/web.py", None)
    assert (entry.target, entry.app_dir) == ("pkg.sub.web:app", tmp_path)
    assert find_entry(f"{tmp_path}/pkg/__init__.py", None).target == "pkg:app"


def test_a_file_with_an_app_dir_above_it(tmp_path: Path) -> None:
    write(tmp_path / "web/main.py")
    assert find_entry(f"{tmp_path}/web/main.py", tmp_path).target == "web.main:app"


def test_a_windows_drive_is_no_module() -> None:
    with pytest.raises(TargetError, match="There is no file"):
        find_entry(r"C:\apps\main.py", None)


@pytest.mark.parametrize("target", ["", ":app", "main:", " ", "main.py:"])
def test_malformed_targets(target: str) -> None:
    with pytest.raises(UsageError, match="names no app"):
        find_entry(target, None)


def test_a_name_that_is_no_module(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a module name"):
        find_entry("my-app:app", tmp_path)


def test_a_missing_file_with_a_suggestion(tmp_path: Path) -> None:
    write(tmp_path / "main.py")
    with pytest.raises(TargetError, match=r"no file .*mian\.py\. Did you mean 'main\.py'\?"):
        find_entry(f"{tmp_path}/mian.py", None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="is a folder"):
        find_entry(f"{tmp_path}/", None)


def test_a_file_that_cannot_be_imported(tmp_path: Path) -> None:
    write(tmp_path / "my-app.py")
    with pytest.raises(TargetError, match="Rename it"):
        find_entry(f"{tmp_path}/my-app.py", None)


def test_a_file_outside_of_the_app_dir(tmp_path: Path) -> None:
    write(tmp_path / "main.py")
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match="not inside of --app-dir"):
        find_entry(f"{tmp_path}/main.py", tmp_path / "other")


def test_a_missing_attribute_with_a_suggestion(tmp_path: Path) -> None:
    source = write(tmp_path / "main.py", "application = 1\n")
    with pytest.raises(TargetError, match=r"defines no 'app'\..*application"):
        check_entry(find_entry(f"{source}", None))


@pytest.mark.parametrize(
    "text",
    [
        "app = 1",
        "app: int = 1",
        "def app(): ...",
        "async def app(): ...",
        "class app: ...",
        "from web import app",
        "import web as app",
        "if x:\n    app = 1",
        "with x() as app: ...",
        "(y, app) = 1, 2",
        "for app in (): ...",
        "from web import *",
        "globals()['app'] = 1",
        "def __getattr__(name): ...",
        "exec(code)",
    ],
)
def test_an_attribute_that_may_be_there(tmp_path: Path, text: str) -> None:
    check_entry(find_entry(f"{write(tmp_path / 'main.py', text)}", None))


def test_a_module_that_cannot_be_parsed_is_left_to_pyodide(tmp_path: Path) -> None:
    entry = find_entry(f"{write(tmp_path / 'main.py', 'app = (')}", None)
    check_entry(entry)
    assert seems_broken(entry)


@pytest.mark.parametrize("target", ["main:app()", "main:1", "main:a b", "http://host/app"])
def test_what_cannot_be_an_attribute(target: str) -> None:
    with pytest.raises(UsageError, match="not the name of an attribute"):
        find_entry(target, None)
