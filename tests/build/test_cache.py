"""The cache: nothing damaged is ever read, nothing half-written is ever seen."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import pytest

from tabcorn.build.cache import ENVIRONMENT_VARIABLE, Cache
from tabcorn.errors import CacheError


def add(cache: Cache, content: bytes) -> tuple[Path, str]:
    with cache.workspace() as folder:
        (folder / "file").write_bytes(content)
        return cache.add_blob(folder / "file", "a.whl")


def test_a_blob_is_found_by_its_hash_and_name(cache: Cache) -> None:
    path, sha256 = add(cache, b"content")
    assert sha256 == hashlib.sha256(b"content").hexdigest()
    assert cache.blob(sha256, "a.whl") == path
    assert cache.blob(sha256, "b.whl") is None


def test_a_damaged_blob_is_deleted(cache: Cache) -> None:
    path, sha256 = add(cache, b"content")
    path.write_bytes(b"contenx")
    assert cache.blob(sha256, "a.whl") is None
    assert not path.exists()


def test_an_entry_comes_back(cache: Cache) -> None:
    cache.add_entry("kind", "any / key", b"one\ntwo")
    assert cache.entry("kind", "any / key") == b"one\ntwo"
    assert cache.entry("kind", "other") is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"short\nrest"])
def test_a_damaged_entry_is_deleted(cache: Cache, damage: bytes) -> None:
    cache.add_entry("kind", "key", b"content")
    (path,) = (cache.root / "kind").iterdir()
    path.write_bytes(damage)
    assert cache.entry("kind", "key") is None
    assert not path.exists()


def test_nothing_is_left_of_a_write_that_fails(cache: Cache) -> None:
    def fill(file: Path) -> None:
        file.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.write(cache.root / "target", fill)
    assert list(cache.root.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match=f"cannot be used.*\n.*{ENVIRONMENT_VARIABLE}"):
        Cache(tmp_path / "file" / "cache").add_entry("kind", "key", b"")


def test_a_disk_that_is_full_while_something_is_made_there(cache: Cache) -> None:
    with (
        pytest.raises(CacheError, match=r"No space left.*\n.*its disk has room"),
        cache.workspace(),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FileNotFoundError), cache.workspace() as folder:  # about something else
        (folder / "none").read_bytes()
    assert list(cache.root.iterdir()) == []


def test_what_a_build_left_that_was_killed_goes_after_a_day(cache: Cache) -> None:
    for name, age in (("tmp-old", 25), ("tmp-new", 1)):
        (cache.root / name).mkdir(parents=True)
        (cache.root / name / "file").touch()
        then = time.time() - age * 3600
        os.utime(cache.root / name, (then, then))
    with cache.workspace():
        assert not (cache.root / "tmp-old").exists()
        assert (cache.root / "tmp-new/file").exists()


def test_the_place_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    assert Cache.default().root == tmp_path
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    assert "tabcorn" in Cache.default().root.parts
