"""What Pyodide gets of a lock: by tags, markers and declared exceptions."""

from __future__ import annotations

import pytest
from packaging.pylock import PackageArchive, PackageSdist, PackageWheel

from tabcorn.build.select import Selection, select
from tabcorn.errors import ResolveError
from tests.build.making import locked, make_lock


def choose(
    *packages: str, exclude: tuple[str, ...] = (), **requirers: tuple[str, ...]
) -> Selection:
    return select(make_lock(*packages), requirers, exclude)


def file_of(selection: Selection) -> str:
    (choice,) = selection.choices
    assert isinstance(choice.source, (PackageWheel, PackageSdist))
    return choice.source.filename


def test_the_best_wheel_is_taken() -> None:
    files = ["p-1-py3-none-any.whl", "p-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl"]
    assert file_of(choose(locked("p", "1", *files))) == files[1]


def test_an_abi3_wheel_for_pyodide_fits() -> None:
    file = "p-1-cp39-abi3-pyemscripten_2026_0_wasm32.whl"
    assert file_of(choose(locked("p", "1", file, "p-1-cp314-cp314-win_amd64.whl"))) == file


def test_a_source_is_taken_when_no_wheel_fits() -> None:
    files = ["p-1.tar.gz", "p-1-cp314-cp314-manylinux_2_28_x86_64.whl"]
    assert file_of(choose(locked("p", "1", *files))) == "p-1.tar.gz"


def test_markers_are_those_of_the_browser() -> None:
    selection = choose(
        locked("there", "1", "there-1-py3-none-any.whl", marker="sys_platform == 'emscripten'"),
        locked("here", "1", "here-1-py3-none-any.whl", marker="sys_platform != 'emscripten'"),
        locked("old", "1", "old-1-py3-none-any.whl", marker="python_full_version < '3.14'"),
    )
    assert [choice.name for choice in selection.choices] == ["there"]


def test_every_misfit_is_reported_not_only_the_first() -> None:
    linux = "cp314-cp314-manylinux_2_28_x86_64.whl"
    selection = choose(
        locked("closed", "1", f"closed-1-{linux}"),
        locked("numpy", "2", f"numpy-2-{linux}", "numpy-2.tar.gz"),
        locked("fine", "1", "fine-1-py3-none-any.whl"),
    )
    assert {misfit.name: misfit.reason for misfit in selection.misfits} == {
        "closed": "its only wheel is not for Pyodide 314.0.7 or pure Python, and it has no "
        "source distribution",
        "numpy": "its only wheel is not for Pyodide 314.0.7 or pure Python, and its source is "
        "compiled code",
    }


def test_server_only_packages_are_left_out_and_said() -> None:
    selection = choose(
        locked("uvloop", "1", "uvloop-1.tar.gz"),
        locked("gunicorn", "1", "gunicorn-1-py3-none-any.whl"),
    )
    assert selection.choices == []
    assert [(e.name, e.version) for e in selection.left_out] == [("uvloop", "1"), ("gunicorn", "1")]
    assert "event loop" in selection.left_out[0].reason


def test_a_server_package_that_fits_rides_along() -> None:
    file = "httptools-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    assert file_of(choose(locked("httptools", "1", file))) == file


@pytest.mark.parametrize(
    ("wanted_by", "left_out"),
    [
        (("datasette",), True),
        (("datasette", "sqlite-utils"), True),
        (("datasette", "something"), False),
        (("the app", "datasette"), False),
        ((), False),
    ],
)
def test_an_installer_rides_along_unless_only_installing_asks_for_it(
    wanted_by: tuple[str, ...], left_out: bool
) -> None:
    selection = choose(locked("pip", "26", "pip-26-py3-none-any.whl"), pip=wanted_by)
    assert bool(selection.left_out) is left_out


def test_the_user_may_exclude() -> None:
    selection = choose(locked("some-thing", "1", "some_thing-1.tar.gz"), exclude=("Some_Thing",))
    assert [entry.reason for entry in selection.left_out] == ["it was named with --exclude-package"]


def archive(url: str) -> str:
    return f'name = "p"\narchive = {{ url = "{url}", hashes = {{ sha256 = "00" }} }}'


def test_a_wheel_by_url_must_fit() -> None:
    (choice,) = choose(archive("https://example.test/p-1-py3-none-any.whl")).choices
    assert isinstance(choice.source, PackageArchive)
    (misfit,) = choose(archive("https://example.test/p-1-cp314-cp314-win_amd64.whl")).misfits
    assert "not for Pyodide" in misfit.reason


def test_version_control_is_refused_in_words() -> None:
    vcs = 'name = "p"\nvcs = { type = "git", url = "https://example.test/p", commit-id = "1" }'
    (misfit,) = choose(vcs).misfits
    assert "version control" in misfit.reason


@pytest.mark.parametrize("text", ["lock-version = ", 'lock-version = "1.0"', 'created-by = "x"'])
def test_an_invalid_lock_is_an_error(text: str) -> None:
    with pytest.raises(ResolveError, match="is not valid"):
        select(text, {})


def test_two_of_one_name_are_an_error() -> None:
    with pytest.raises(ResolveError, match="more than one p"):
        choose(locked("p", "1", "p-1-py3-none-any.whl"), locked("p", "2", "p-2-py3-none-any.whl"))
