"""The same files give the same bytes, in a form that every host and the runtime's reader take."""

import gzip
import hashlib
import tarfile
from io import BytesIO

import pytest

from tabcorn.build import archive
from tabcorn.build.archive import gzip_bytes, make_asset, make_tar, read_tar


def members(data: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=BytesIO(data)) as tar:
        return tar.getmembers()


def test_tar_holds_folders_and_files_in_sorted_order() -> None:
    found = members(make_tar({"b.py": b"2", "a/x.py": b"1"}))
    assert [(each.name, each.isdir()) for each in found] == [
        ("a", True),
        ("a/x.py", False),
        ("b.py", False),
    ]


def test_tar_does_not_depend_on_the_order_of_the_files() -> None:
    assert make_tar({"a": b"1", "b": b"2"}) == make_tar({"b": b"2", "a": b"1"})


def test_tar_tells_nothing_of_the_machine() -> None:
    (member,) = members(make_tar({"a": b"1"}))
    assert (member.mtime, member.uid, member.gid, member.uname) == (0, 0, 0, "")


def test_names_up_to_255_bytes_are_plain_ustar() -> None:
    name = "/".join(["folder"] * 30) + ".txt"
    data = make_tar({name: b"x"})
    assert b"PaxHeader" not in data
    assert read_tar(data) == {name: b"x"}


def test_longer_and_non_ascii_names_have_a_pax_header() -> None:
    files = {"/".join(["folder"] * 50): b"x", "grüße.html": b"y", "n" * 150: b"z"}
    assert read_tar(make_tar(files)) == files


def test_gzip_header_has_no_time_and_no_system() -> None:
    stored = gzip_bytes(b"hello")
    assert stored[4:8] == bytes(4)
    assert stored[9] == 255
    assert gzip.decompress(stored) == b"hello"


def test_asset_is_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PART_SIZE", 10)
    data = hashlib.sha256(b"no pattern").digest()
    asset = make_asset("app", data)
    assert [part.path for part in asset.parts] == [
        f"assets/app.{n}.bin" for n in range(len(asset.parts))
    ]
    assert max(len(part.data) for part in asset.parts) == 10
    assert gzip.decompress(b"".join(part.data for part in asset.parts)) == data


def test_asset_describes_its_stored_bytes() -> None:
    asset = make_asset("app", b"hello")
    (part,) = asset.parts
    assert asset.as_json() == {
        "encoding": "gzip",
        "size": 5,
        "parts": [
            {
                "path": "assets/app.0.bin",
                "size": len(part.data),
                "sha256": hashlib.sha256(part.data).hexdigest(),
            }
        ],
    }
