"""The lock's text: valid by the standard, the same for the same content, and never half a lock."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.pylock import (
    PackageArchive,
    PackageDirectory,
    PackageSdist,
    PackageWheel,
    Pylock,
    is_valid_pylock_path,
)

from tabcorn.build.lockfile import NAME, Lock, from_text, to_text
from tabcorn.build.plan import Plan
from tabcorn.build.select import Choice, LeftOut
from tabcorn.build.target import MARKERS, tags
from tabcorn.errors import LockError

HASHES = {"sha256": "ab" * 32}
CHOICES = (
    Choice("a", "1", PackageWheel(url="https://x.test/a-1-py3-none-any.whl", hashes=HASHES)),
    Choice("b", "2", PackageSdist(url="https://x.test/b-2.tar.gz", size=3, hashes=HASHES)),
    Choice("c", "3", PackageArchive(path='../ä "q"/c-3-py3-none-any.whl', hashes=HASHES)),
    Choice("d", "", PackageDirectory(path="./d", editable=True)),
)
LOCK = Lock(
    Plan(CHOICES, (LeftOut("uvloop", "1", 'it is an "event loop"\\\x7f'),), {"b": ("a", "c")}),
    {"requirements.txt": ("a", "d @ ./d"), "the script header": ()},
    frozenset({"x", "y"}),
    {"b": "cd" * 32},
)
TEXT = to_text(LOCK)
PATH = Path(NAME)


def test_it_is_a_lock_by_the_standard() -> None:
    pylock = Pylock.from_dict(tomllib.loads(TEXT))
    assert is_valid_pylock_path(PATH)
    chosen = [package.name for package, _ in pylock.select(environment=MARKERS, tags=tags())]
    assert chosen == ["a", "b", "c", "d"]
    assert pylock.packages[0].dependencies == [{"name": "b"}]


def test_what_is_written_is_read() -> None:
    assert from_text(TEXT, PATH) == LOCK
    assert to_text(from_text(TEXT, PATH)) == TEXT


def test_a_lock_of_nothing() -> None:
    empty = Lock(Plan(()))
    assert from_text(to_text(empty), PATH) == empty


def test_a_lock_that_was_cut_off_anywhere_is_refused() -> None:
    for end in range(len(TEXT.rstrip())):
        with pytest.raises(LockError, match="not as tabcorn wrote it"):
            from_text(TEXT[:end], PATH)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('lock-version = "1.0"', 'lock-version = "2.0"', "another version of tabcorn"),
        ("version = 1\npyodide", "version = 2\npyodide", "of version 2, not 1"),
        ("packages = 4", "packages = 5", "not all of its packages"),
        ("packages = 4", "packages = 4\n<<<<<<< HEAD", "not as tabcorn wrote it"),
        ('hashes = { sha256 = "' + "ab" * 32 + '" }', "hashes = {}", "At least one hash"),
        ("exclude-packages", "excluded", "exclude-packages"),
    ],
)
def test_a_lock_of_another_kind_is_refused(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(LockError, match=message):
        from_text(TEXT.replace(old, new), PATH)
