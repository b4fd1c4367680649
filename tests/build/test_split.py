"""What a first visit waits for, and what comes afterwards."""

from __future__ import annotations

from tabcorn.build.contents import SITE_PACKAGES
from tabcorn.build.packs import Files, Part, make_pack
from tabcorn.build.split import LARGE, SLICE, NamedPack, split

AT = f"/{SITE_PACKAGES}"
CODE = f"{AT}/a/__pycache__/used.cpython-314.pyc"
PACKAGES = {
    f"{AT}/a/used.py": b"source",
    CODE: b"code",
    f"{AT}/a/idle.py": b"source",
    f"{AT}/a/__pycache__/idle.cpython-314.pyc": b"code",
    f"{AT}/a/data.json": b"{}",
    f"{AT}/tabcorn/server/x.py": b"source",
    f"{AT}/tabcorn/server/__pycache__/x.cpython-314.pyc": b"code",
}


def paths(pack: NamedPack) -> list[str]:
    return [f"{folder}/{name}" for folder, *files in pack.pack.listing for name in files[::2]]


def first(part: Part, files: Files, opened: set[str] | None) -> set[str]:
    """Split, check that nothing is lost, and give what comes first."""
    packs = split({part: files}, opened)
    assert sorted(path for pack in packs for path in paths(pack)) == sorted(files)
    return {path for pack in packs if not pack.later for path in paths(pack)}


def test_what_was_opened_comes_first_and_the_server_with_it() -> None:
    server = f"{AT}/tabcorn/server/__pycache__/x.cpython-314.pyc"
    assert first("packages", PACKAGES, {CODE}) == {CODE, server}


def test_without_a_trial_only_sources_of_bytecode_come_later() -> None:
    sources = {path for path in PACKAGES if path.endswith(".py")}
    assert first("packages", PACKAGES, None) == PACKAGES.keys() - sources


def test_the_apps_files_come_first_but_for_large_ones_that_were_not_opened() -> None:
    large = {"/app/a.db": bytes(LARGE + 1), "/app/b.db": bytes(LARGE + 1)}
    app = {"/app/main.py": b"", "/app/x.bin": bytes(LARGE), **large}
    assert first("app", app, {"/app/a.db"}) == app.keys() - {"/app/b.db"}
    assert first("app", app, None) == app.keys()


def test_the_rest_is_cut_into_small_packs() -> None:
    files = {f"/lib/{n}.bin": bytes(SLICE // 3) for n in range(7)} | {"/lib/big": bytes(5 * SLICE)}
    packs = split({"python": files}, set())
    assert [pack.name for pack in packs] == ["python", *(f"python-later-{n}" for n in range(4))]
    assert [len(paths(pack)) for pack in packs] == [0, 3, 3, 1, 1]
    assert all(pack.later for pack in packs[1:])


def test_a_pack_is_what_its_listing_says() -> None:
    pack = make_pack({"/a/x": b"12", "/a/y": b"", "/b/z": b"3", "/a/w": b"4"}, ["/empty"])
    assert pack.data == b"1234"
    assert pack.listing == (
        ("/empty",),
        ("/a", "x", 2, "y", 0),
        ("/b", "z", 1),
        ("/a", "w", 1),
    )


def test_the_folder_of_an_app_without_files_is_there() -> None:
    (pack,) = split({"app": {}}, None)
    assert pack.pack.listing == (("/app",),)
