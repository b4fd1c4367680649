"""Pyodide's distribution as the builder sees it: what it offers, where it is, how files come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tabcorn.build import transfer
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.distribution import LOCK, load_distribution, parse
from tabcorn.build.fetch import Remote, fetch
from tabcorn.build.place import VARIABLE, place_of, relocated
from tabcorn.build.progress import Silent
from tabcorn.build.settings import read_settings
from tabcorn.build.target import DISTRIBUTION_URL
from tabcorn.errors import DownloadError, UnreachableError, UsageError
from tests.build.imitation import INFO, Distribution, Server, serving
from tests.build.making import Recorder

FILE = "big.whl"
CONTENT = bytes(range(256)) * 4000


@pytest.fixture
def theirs(tmp_path: Path) -> Distribution:
    theirs = Distribution(tmp_path / "theirs")
    file = theirs.folder / FILE
    file.write_bytes(CONTENT)
    theirs.add(file, name="Big", version="1.0", depends=("lib_a", "other.thing"))
    for name, depends in (("lib-a", ("lib-b",)), ("lib-b", ()), ("lib-c", ())):
        archive = theirs.folder / f"{name}.zip"
        archive.write_bytes(name.encode())
        theirs.add(archive, name=name, version="2", depends=depends)
    return theirs


@pytest.fixture
def server(theirs: Distribution, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(transfer, "PAUSES", (0.0, 0.0))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(theirs.folder) as server:
        yield server


def remote(server: Server, theirs: Distribution) -> Remote:
    offer = parse((theirs.folder / LOCK).read_bytes()).packages["big"]
    return Remote(offer.file, server.url + offer.file, offer.sha256)


def test_names_are_normalized_and_libraries_followed(theirs: Distribution) -> None:
    found = parse((theirs.folder / LOCK).read_bytes())
    assert list(found.packages) == ["big"]
    assert [each.name for each in found.libraries_of(["big", "else"])] == ["lib-a", "lib-b"]
    assert found.companions("big") == {"other-thing"}


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"packages": {"a": 1}}', b'{"packages": {"a": {}}}']
)
def test_what_is_no_lock_is_told(text: bytes) -> None:
    with pytest.raises(DownloadError, match=r"is no lock of Pyodide's"):
        parse(text, "http://mirror/")


def test_a_distribution_of_another_pyodide_is_refused(theirs: Distribution) -> None:
    text = (theirs.folder / LOCK).read_bytes()
    like = json.dumps({"info": {**INFO, "python": "3.15.0"}, "packages": {}}).encode()
    with pytest.raises(DownloadError, match=r"its python is 3\.14\.2, and 3\.15\.0 is needed"):
        parse(text, "http://mirror/", like)


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, pyproject = DISTRIBUTION_URL + "a.whl", tmp_path / "pyproject.toml"
    assert (place_of(tmp_path), relocated(url, tmp_path)) == ("", url)
    (tmp_path / "unpacked/pyodide").mkdir(parents=True)
    (tmp_path / "unpacked/pyodide" / LOCK).touch()
    pyproject.write_text('[tool.tabcorn]\npyodide-distribution = "unpacked"')
    assert read_settings(tmp_path).table["pyodide-distribution"] == "unpacked"
    inside = (tmp_path / "unpacked/pyodide").as_uri() + "/"
    assert (place_of(tmp_path), relocated(url, tmp_path)) == (inside, inside + "a.whl")
    monkeypatch.setenv(VARIABLE, "https://mirror.test/pyodide")
    assert relocated(url, tmp_path) == "https://mirror.test/pyodide/a.whl"


@pytest.mark.parametrize("setting", ['"nowhere"', "1", '["a"]'])
def test_a_wrong_place_is_told(tmp_path: Path, setting: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.tabcorn]\npyodide-distribution = {setting}")
    with pytest.raises(UsageError, match=r"pyodide-distribution in .*pyproject\.toml"):
        place_of(tmp_path)


@pytest.mark.parametrize("faults", [[], ["slow"], ["busy"], ["cut"], ["cut", "cut"]])
def test_a_file_comes_whole(
    theirs: Distribution, server: Server, cache: Cache, faults: list[str]
) -> None:
    server.faults[FILE] = [*faults]
    recorder = Recorder()
    (local,) = fetch([remote(server, theirs)], cache, recorder)
    assert local.path.read_bytes() == CONTENT
    assert recorder.steps == {"Download 1 package": (None, len(CONTENT))}
    assert len(server.asked) == len([fault for fault in faults if fault != "slow"]) + 1


def test_a_cut_download_goes_on_where_it_was(
    theirs: Distribution, server: Server, cache: Cache
) -> None:
    server.faults[FILE] = ["cut", "cut"]
    fetch([remote(server, theirs)], cache, Silent())
    half = len(CONTENT) // 2
    spans = [span for _, span in server.asked]
    assert spans == ["", f"bytes={half}-", f"bytes={half + half // 2}-"]


def test_a_file_that_changed_meanwhile_is_begun_anew(
    theirs: Distribution, server: Server, cache: Cache
) -> None:
    right, file = remote(server, theirs), theirs.folder / FILE
    file.write_bytes(b"before" * 9000)
    server.faults[FILE], server.later[FILE] = ["cut"], CONTENT
    (local,) = fetch([right], cache, Silent())
    assert local.path.read_bytes() == CONTENT
    assert [span for _, span in server.asked] == ["", "bytes=27000-"]


STALLED = "nothing came for 0.3 seconds, after 896000 of 1024000 bytes"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("missing", "big.whl could not be downloaded: 127.0.0.1 answered 404"),
        ("busy", "answered 503"),
        ("cut", "1024000 bytes"),
        ("stall", STALLED),
        ("other", "its sha256 is"),
        ("short", "its sha256 is"),
    ],
)
def test_each_failure_has_its_words_and_leaves_nothing(
    theirs: Distribution,
    server: Server,
    cache: Cache,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    message: str,
) -> None:
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "0.3")
    server.faults[FILE] = [fault] * 3
    with pytest.raises(DownloadError) as caught:
        fetch([remote(server, theirs)], cache, Silent())
    assert message in str(caught.value)
    assert list(cache.root.rglob("*.whl")) == []
    assert len(server.asked) == (3 if fault in ("busy", "cut", "stall") else 1)


def test_a_wrong_length_is_told(theirs: Distribution, server: Server, cache: Cache) -> None:
    server.faults[FILE] = ["short"]
    right = remote(server, theirs)
    sized = Remote(right.name, right.url, right.sha256, len(CONTENT))
    with pytest.raises(DownloadError, match="it has 512000 bytes, and 1024000 were expected"):
        fetch([sized], cache, Silent())


def test_a_login_in_an_address_is_not_shown(
    theirs: Distribution, server: Server, cache: Cache
) -> None:
    right = remote(server, theirs)
    server.faults[FILE] = ["other", "missing"]
    secret = Remote(right.name, right.url.replace("127", "me:secret@127"), right.sha256)
    for error in (DownloadError, UnreachableError):
        with pytest.raises(error) as caught:
            fetch([secret], cache, Silent())
        assert "secret" not in str(caught.value)


@pytest.mark.network
def test_the_usual_distribution(with_core: Cache, tmp_path: Path) -> None:
    found = load_distribution(tmp_path, with_core, Silent())
    numpy = found.packages["numpy"]
    assert found.wheel(numpy).url == DISTRIBUTION_URL + numpy.file
    assert found.companions("pandas") >= {"numpy", "python-dateutil"}
    assert [each.name for each in found.libraries_of(["inspice"])] == ["libngspice"]
    assert not [name for name in found.packages if name.endswith("-tests") and "numpy" not in name]
    text = (core_folder(with_core, Silent()) / "pyodide.mjs").read_text()
    assert DISTRIBUTION_URL.partition("pyodide/")[0] in text


@pytest.mark.network
def test_a_lock_of_its_own_decides_and_is_kept(
    with_core: Cache,
    theirs: Distribution,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, server.url)
    found = load_distribution(tmp_path, with_core, Silent())
    assert (list(found.packages), list(found.libraries)) == (["big"], ["lib-a", "lib-b", "lib-c"])
    assert found.wheel(found.packages["big"]).url == server.url + FILE
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert load_distribution(tmp_path, with_core, Silent()).packages == found.packages
    monkeypatch.delenv("UV_OFFLINE")
    server.faults[LOCK] = ["missing"]
    assert "numpy" in load_distribution(tmp_path, with_core, Silent()).packages
    monkeypatch.setenv(VARIABLE, str(theirs.folder))
    local = load_distribution(tmp_path, with_core, Silent())
    assert local.wheel(local.packages["big"]).url == (theirs.folder / FILE).as_uri()
