"""Shares of one archive, and the ways to make it smaller."""

from __future__ import annotations

import random

from tabcorn.build.chances import MOST, chances
from tabcorn.build.filerules import matches
from tabcorn.build.weight import Chance, Laid, shares

KB = 1000


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def laid(name: str, files: dict[str, bytes]) -> Laid:
    return Laid(name, "1.0", files)


def test_shares_add_up_and_the_biggest_comes_first() -> None:
    packages = [laid("a", {"a": noise(KB)}), laid("b", {"b": noise(6 * KB), "c": bytes(90 * KB)})]
    later = [laid("a", {"c": noise(KB)}), laid("b", {})]
    found = shares(packages, later, 70 * KB, KB)
    assert [share.later for share in found] == [0, KB]
    assert [share.name for share in found] == ["b", "a"]
    assert sum(share.download for share in found) == 70 * KB
    assert found[0].unpacked == 96 * KB
    assert 5 < found[0].download / found[1].download < 7


def test_no_packages() -> None:
    assert shares([], [], 45, 0) == ()
    assert chances([], {}, [], 45) == ()


def offered(
    *packages: Laid, app: dict[str, bytes] | None = None, imported: str = ""
) -> list[Chance]:
    stored = sum(len(data) for package in packages for data in package.files.values())
    return list(chances(packages, app or {}, imported.split(), stored))


def test_small_things_are_not_worth_a_line() -> None:
    assert offered(laid("a", {"a/__init__.py": noise(KB)}), app={"x.bin": noise(KB)}) == []


def test_sources() -> None:
    files = {"a/__init__.py": noise(90 * KB), "a/__pycache__/__init__.x.pyc": noise(60 * KB)}
    (chance,) = offered(laid("a", files), imported="a")
    assert chance.how == "--no-sources"
    assert 85 * KB < chance.saves < 95 * KB


def test_sources_that_are_gone_are_not_offered() -> None:
    files = {"a/b.pyc": noise(90 * KB), "a/c.py": noise(90 * KB), "a/c.pyc": b""}
    assert offered(laid("a", files), imported="a.c") == []


def test_packages_that_were_not_imported() -> None:
    used = laid("used", {"ns/used.so": noise(60 * KB)})
    idle = laid("idle", {"ns/idle/__init__.py": b"", "ns/idle/x.so": noise(60 * KB)})
    data = laid("data", {"data/x.bin": noise(60 * KB)})
    assert [c.how for c in offered(used, idle, data, imported="ns ns.used")] == [
        "--exclude-package idle"
    ]


def test_without_a_trial_nobody_knows_what_is_imported() -> None:
    assert offered(laid("idle", {"idle.so": noise(60 * KB)})) == []


def test_the_patterns_for_translations_leave_english() -> None:
    files = {
        f"django/conf/locale/{language}/LC_MESSAGES/django.mo": noise(30 * KB, seed)
        for seed, language in enumerate(("de", "en", "fr"))
    }
    (chance,) = offered(laid("django", files))
    assert chance.what == "django's translations into 3 languages"
    patterns = tuple(word.strip("'") for word in chance.how.split()[1::2])
    assert {path.split("/")[3] for path in files if not matches(patterns, path)} == {"en"}


def test_big_files_of_packages_and_of_the_app() -> None:
    package = laid(
        "plots", {"plots/big file.js": noise(300 * KB), "plots/small.js": noise(90 * KB)}
    )
    found = offered(package, app={"data.db": noise(200 * KB), "main.py": noise(200 * KB)})
    assert [chance.how for chance in found] == [
        "--strip '/plots/big file.js'",
        "--exclude /data.db",
    ]
    assert matches(("/plots/big file.js",), "plots/big file.js")


def test_a_report_is_short() -> None:
    app = {f"{n}.bin": noise((200 + n) * KB, n) for n in range(MOST + 3)}
    found = offered(app=app)
    assert len(found) == MOST
    assert found[0].how == f"--exclude /{MOST + 2}.bin"
