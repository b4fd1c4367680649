"""What of a wheel lands in site-packages."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from tabcorn.build import wheelchecks
from tabcorn.build.wheels import unpack
from tabcorn.errors import WheelError
from tests.build.making import make_wheel


def unpacked(folder: Path, *paths: str) -> set[str]:
    files = unpack(make_wheel(folder, dict.fromkeys(paths, "")))
    return {path for path in files if ".dist-info" not in path}


def test_files_come_out_sorted_with_their_contents(tmp_path: Path) -> None:
    files = unpack(make_wheel(tmp_path, {"b.py": "B", "a/data.bin": b"\0A"}))
    assert list(files) == ["a/data.bin", "b.py", *sorted(p for p in files if "dist-info" in p)]
    assert files["a/data.bin"] == b"\0A"


def test_metadata_stays_without_the_record(tmp_path: Path) -> None:
    info = "thing-1.0.dist-info"
    extra = {f"{info}/entry_points.txt": "", f"{info}/licenses/LICENSE": ""}
    files = unpack(make_wheel(tmp_path, extra))
    names = ["METADATA", "WHEEL", "entry_points.txt", "licenses/LICENSE"]
    assert list(files) == [f"{info}/{name}" for name in names]


def test_what_no_tab_needs_is_left_out(tmp_path: Path) -> None:
    paths = ["p/__init__.py", "p/__init__.pyi", "p/py.typed", "p/__pycache__/m.cpython-311.pyc"]
    assert unpacked(tmp_path, *paths, "p/tests/t.py") == {"p/__init__.py", "p/py.typed"}


def test_the_data_folder_is_mapped(tmp_path: Path) -> None:
    kinds = {"purelib": "p", "platlib": "q", "scripts": "s", "headers": "h", "data": "d"}
    paths = [f"thing-1.0.data/{kind}/{name}.py" for kind, name in kinds.items()]
    assert unpacked(tmp_path, *paths) == {"p.py", "q.py"}


@pytest.mark.parametrize("path", ["../x.py", "p/../../x.py", "/etc/x", "C:/x", "p\\..\\x", "."])
def test_a_path_that_climbs_out_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(WheelError, match="outside of its folder"):
        unpack(make_wheel(tmp_path, {path: ""}))


def test_a_link_is_refused(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, {})
    with zipfile.ZipFile(wheel, "a") as archive:
        link = zipfile.ZipInfo("p/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(WheelError, match="outside of its folder"):
        unpack(wheel)


def test_a_damaged_wheel_is_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, {"m.py": "x" * 1000})
    content = wheel.read_bytes()
    wheel.write_bytes(content.replace(b"xxxx", b"yyyy", 1))
    with pytest.raises(WheelError, match=r"thing-1\.0-py3-none-any\.whl is damaged"):
        unpack(wheel)
    wheel.write_bytes(content[:100])
    with pytest.raises(WheelError, match="is damaged"):
        unpack(wheel)


def added(wheel: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(wheel, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about duplicates
        for name, content in members:
            archive.writestr(name, content)
    return wheel


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    wheel = added(make_wheel(tmp_path, {"m.py": "1"}), ("m.py", "1"))
    assert unpack(wheel)["m.py"] == b"1"  # nobody can mistake them
    with pytest.raises(WheelError, match=r"holds two files 'm\.py'"):
        unpack(added(wheel, ("m.py", "2")))


def test_a_file_that_is_also_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WheelError, match=r"'m\.py' as a file and as a folder"):
        unpack(make_wheel(tmp_path, {"m.py": "", "m.py/x.py": ""}))


def test_a_wheel_under_another_name_is_refused(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, {"m.py": ""})
    for name in ("other-1.0-py3-none-any.whl", "thing-1.1-py3-none-any.whl"):
        wheel = wheel.rename(tmp_path / name)
        with pytest.raises(WheelError, match=rf"{name} is thing 1\.0 by its own METADATA"):
            unpack(wheel)
    assert unpack(wheel.rename(tmp_path / "Thing-1.0.0-py3-none-any.whl"))


def test_a_wheel_without_metadata_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "thing-1.0-py3-none-any.whl"
    added(wheel, ("m.py", ""))
    with pytest.raises(WheelError, match="does not say what it is: it has 0 METADATA files"):
        unpack(wheel)


def test_a_wheel_that_unpacks_to_far_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it says of itself: nothing of it is unpacked first."""
    wheel = make_wheel(tmp_path, {"m.bin": bytes(2_000_000)})
    monkeypatch.setattr(wheelchecks, "MAX_UNPACKED", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(WheelError, match=r"unpacks to 2 MB.*\n.*--exclude-package"):
        unpack(wheel)
