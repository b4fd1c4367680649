"""What of a wheel lands in site-packages."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

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


def test_stubs_and_bytecode_are_left_out(tmp_path: Path) -> None:
    paths = ["p/__init__.py", "p/__init__.pyi", "p/py.typed", "p/__pycache__/m.cpython-311.pyc"]
    assert unpacked(tmp_path, *paths) == {"p/__init__.py", "p/py.typed"}


def test_the_data_folder_is_mapped(tmp_path: Path) -> None:
    kinds = {"purelib": "p", "platlib": "q", "scripts": "s", "headers": "h", "data": "d"}
    paths = [f"thing-1.0.data/{kind}/{name}.py" for kind, name in kinds.items()]
    assert unpacked(tmp_path, *paths) == {"p.py", "q.py"}


def test_tests_inside_a_package_are_left_out(tmp_path: Path) -> None:
    paths = ["p/m.py", "p/tests/t.py", "p/sub/tests/data/x.json", "p/test/api.py", "p/tests.py"]
    assert unpacked(tmp_path, *paths) == {"p/m.py", "p/test/api.py", "p/tests.py"}


def test_tests_that_a_module_imports_stay(tmp_path: Path) -> None:
    files = {"p/m.py": "    from .tests import suite", "p/tests/__init__.py": ""}
    assert "p/tests/__init__.py" in unpack(make_wheel(tmp_path, files))


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
