"""A folder changes completely or not at all, and only in what tabcorn wrote."""

import errno
import os
import traceback
import warnings
from collections.abc import Callable
from functools import partial
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


def test_a_folder_that_cannot_be_written_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", mkdir)  # root may write where others may not
    with pytest.raises(OutputError, match=r"cannot be written: Read-only .* with -o"):
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


class Counted:
    """Calls of os.replace, the n-th of which does something else."""

    def __init__(self, n: int, instead: Callable[[], object]) -> None:
        self._real, self._left, self._instead = os.replace, n, instead

    def __call__(self, source: Path, target: Path) -> None:
        self._left -= 1
        if self._left == 0:
            self._instead()
        self._real(source, target)


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


STEPS = len(make_site().build_files()) + len(make_site().entries()) + 1


@pytest.mark.parametrize("n", range(1, STEPS + 1))
def test_a_disk_that_is_full_at_any_step_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    publish(make_site("old"), tmp_path / "site")
    monkeypatch.setattr(os, "replace", Counted(n, full))
    with pytest.raises(OutputError, match=r"No space left.*\n.*unchanged"):
        publish(make_site("new"), tmp_path / "site")
    assert tree(tmp_path / "site") == expected("old")
    publish(make_site("new"), tmp_path / "site")
    assert tree(tmp_path / "site") == expected("new")


@pytest.mark.skipif(os.name == "nt", reason="processes are not forked there")
@pytest.mark.parametrize("n", range(1, STEPS + 1))
def test_a_build_that_is_killed_at_any_step_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    """And until then whatever a document leads to is whole."""
    publish(make_site("old"), tmp_path / "site")

    def killed() -> None:
        monkeypatch.setattr(os, "replace", Counted(n, lambda: os._exit(9)))
        publish(make_site("new"), tmp_path / "site")

    assert forked(killed) == 9
    for name in ("index.html", "404.html", "sw.js"):
        text = (tmp_path / "site" / name).read_text()
        (build,) = {
            each.build for each in (make_site("old"), make_site("new")) if each.build in text
        }
        assert (tmp_path / "site/_tabcorn" / build / "manifest.json").is_file()
    assert read_marker(tmp_path / "site")
    publish(make_site("newer"), tmp_path / "site")
    assert tree(tmp_path / "site") == expected("newer")


@pytest.mark.skipif(os.name == "nt", reason="processes are not forked there")
def test_nothing_is_left_of_a_first_build_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> None:
        monkeypatch.setattr(Path, "rename", lambda *_: os._exit(9))
        publish(make_site(), tmp_path / "site")

    (tmp_path / ".site.mine").mkdir()
    assert forked(killed) == 9
    assert not (tmp_path / "site").exists()
    publish(make_site(), tmp_path / "site")
    assert sorted(os.listdir(tmp_path)) == [".site.mine", "site"]


@pytest.mark.skipif(os.name == "nt", reason="processes are not forked there")
@pytest.mark.parametrize("first", ["", "old"])
def test_two_builds_at_once_give_one_of_the_two(tmp_path: Path, first: str) -> None:
    if first:
        publish(make_site(first), tmp_path / "site")
    texts = ("a", "b", "c", "d")
    sites = [make_site(text) for text in texts]
    started = [start(partial(publish, site, tmp_path / "site")) for site in sites]
    assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in started] == [0] * 4
    assert tree(tmp_path / "site") in [expected(text) for text in texts]
    assert os.listdir(tmp_path) == ["site"]


def start(function: Callable[[], object]) -> int:
    """Call it in a process of its own; give the id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about threads, of which none is used
        child = os.fork()
    if child == 0:
        try:
            function()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def forked(function: Callable[[], object]) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(start(function), 0)[1])
