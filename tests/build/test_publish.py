"""A folder changes completely or not at all, and only in what tabcorn wrote."""

import os
from pathlib import Path

import pytest

from tabcorn.build.publish import check_output, publish, read_marker
from tabcorn.errors import OutputError
from tests.build.test_site import make_site

Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def expected(text: str = "hello") -> Tree:
    site = make_site(text)
    build = {f"_tabcorn/{site.build}/{path}": data for path, data in site.build_files().items()}
    return {**build, **site.entries()}


def test_a_new_folder_holds_exactly_the_site(tmp_path: Path) -> None:
    publish(make_site(), tmp_path / "deep" / "site")
    assert tree(tmp_path / "deep" / "site") == expected()
    assert os.listdir(tmp_path / "deep") == ["site"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    publish(make_site(), tmp_path)
    assert tree(tmp_path) == expected()


def test_the_site_is_readable_for_a_server(tmp_path: Path) -> None:
    publish(make_site(), tmp_path / "site")
    (tmp_path / "other").mkdir()
    assert (tmp_path / "site").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_rebuild_replaces_the_old_build(tmp_path: Path) -> None:
    publish(make_site("old"), tmp_path / "site")
    publish(make_site("new"), tmp_path / "site")
    assert tree(tmp_path / "site") == expected("new")
    assert len(list((tmp_path / "site/_tabcorn").iterdir())) == 2  # the build and the marker


def test_the_same_build_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        publish(make_site(), tmp_path / "site")
    assert tree(tmp_path / "site") == expected()


def test_a_rebuild_repairs_damaged_files(tmp_path: Path) -> None:
    publish(make_site(), tmp_path / "site")
    build = tmp_path / "site/_tabcorn" / make_site().build
    (build / "assets/app.0.bin").write_bytes(b"cut")
    (build / "core/pyodide.js").unlink()
    publish(make_site(), tmp_path / "site")
    assert tree(tmp_path / "site") == expected()


def test_files_that_the_user_added_survive(tmp_path: Path) -> None:
    publish(make_site("old"), tmp_path / "site")
    old = tmp_path / "site/_tabcorn" / make_site("old").build
    added = [tmp_path / "site/CNAME", tmp_path / "site/blog/index.html", old / "mine.txt"]
    for file in added:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine")
    publish(make_site("new"), tmp_path / "site")
    assert [file.read_text() for file in added] == ["mine"] * 3
    assert os.listdir(old) == ["mine.txt"]


@pytest.mark.parametrize("content", ["hello", "{}", '{"build": "../../.."}'])
def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "_tabcorn").mkdir()
    (tmp_path / "_tabcorn/site.json").write_text(content)
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(OutputError, match="left alone"):
        publish(make_site(), tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"
    assert len(tree(tmp_path)) == 2


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "site")


def test_an_entry_document_that_was_changed_is_not_overwritten(tmp_path: Path) -> None:
    publish(make_site("old"), tmp_path / "site")
    (tmp_path / "site/404.html").write_text("mine")
    with pytest.raises(OutputError, match=r"404\.html was changed"):
        publish(make_site("new"), tmp_path / "site")
    assert (tmp_path / "site/404.html").read_text() == "mine"
    assert read_marker(tmp_path / "site") is not None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="no permission"):
        check_output(tmp_path / "site")


def test_an_interruption_leaves_a_new_folder_unmade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_after(3, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        publish(make_site(), tmp_path / "site")
    assert os.listdir(tmp_path) == []


def test_an_interruption_leaves_the_old_site_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(make_site("old"), tmp_path / "site")
    interrupt_after(3, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        publish(make_site("new"), tmp_path / "site")
    assert tree(tmp_path / "site") == expected("old")


def test_a_full_disk_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_after(3, monkeypatch, OSError(28, "No space left on device"))
    with pytest.raises(OutputError, match="No space left"):
        publish(make_site(), tmp_path / "site")
    assert os.listdir(tmp_path) == []


def interrupt_after(
    writes: int, monkeypatch: pytest.MonkeyPatch, error: BaseException | None = None
) -> None:
    """Let the n-th write of a file fail, as Ctrl-C or a full disk would."""
    real, left = Path.write_bytes, iter(range(writes))

    def write_bytes(self: Path, data: bytes) -> int:
        if next(left, None) is None:
            raise error or KeyboardInterrupt
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


def test_a_folder_below_a_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "file/site")
