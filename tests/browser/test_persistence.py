"""Files that are kept in the browser: there at the next visit, and stored before an answer."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.browser.known import KEEPING
from tests.browser.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

# What the disk holds at this moment: each file's bytes by its path, as a host that starts would
# read them.
DISK = """
const database = await new Promise((resolve, reject) => {
  const request = indexedDB.open(`tabcorn ${location.origin}/ files`);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const transaction = database.transaction(['nodes', 'blocks']);
const [nodes, blocks] = ['nodes', 'blocks'].map((name) => transaction.objectStore(name));
const asked = [nodes.getAllKeys(), nodes.getAll(), blocks.getAllKeys(), blocks.getAll()];
await new Promise((resolve) => (transaction.oncomplete = resolve));
database.close();
const [paths, records, keys, values] = asked.map(({ result }) => result);
const files = {};
paths.forEach((path, at) => {
  const { kind, id, size } = records[at];
  if (kind !== 'file') return;
  const bytes = new Uint8Array(size);
  keys.forEach(([of, n], at) => {
    const block = new Uint8Array(values[at]).subarray(0, Math.max(0, size - n * 16384));
    if (of === id) bytes.set(block, n * 16384);
  });
  let text = '';
  for (let at = 0; at < size; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  files[path] = btoa(text);
});
return files;
"""


@pytest.fixture
def visitor(engine: Engine, tab: Tab, fresh: Callable[[App], Host]) -> Visitor:
    del tab  # so that windows are closed
    return Visitor(engine, fresh(KEEPING))


def told(tab: Tab, action: str, **arguments: object) -> Any:
    address = f"/{action}?{urlencode(arguments)}"
    return tab.run_in_frame("return await (await fetch(arguments[0])).json()", address)


def disk(tab: Tab) -> dict[str, bytes]:
    return {path: base64.b64decode(data) for path, data in tab.run(DISK).items()}


def test_files_are_there_at_the_next_visit(visitor: Visitor) -> None:
    tab = visitor.comes()
    assert told(tab, "read", path="shipped.txt") == "shipped\n"
    assert told(tab, "write", path="new.txt", text="new") == 3
    assert told(tab, "write", path="shipped.txt", text="changed") == 7
    told(tab, "remove", path="doomed.txt")
    told(tab, "folder", path="a/b")
    told(tab, "write", path="a/b/c.txt", text="deep")
    told(tab, "rename", path="a", to="z")
    told(tab, "link", path="pointer", to="z/b/c.txt")
    told(tab, "mode", path="new.txt", bits="600")
    told(tab, "write", path="large.txt", text="0123456789", times=100_000)
    told(tab, "write", path="large.txt", text="CHANGED", how="r+", at=500_000)
    told(tab, "write", path="cut.txt", text="x", times=100_000)
    told(tab, "truncate", path="cut.txt", size=20_000)
    told(tab, "truncate", path="cut.txt", size=40_000)
    before = told(tab, "tree")
    visitor.leaves(tab)

    tab = visitor.comes()
    assert told(tab, "tree") == before
    assert "doomed.txt" not in before
    assert before["new.txt"] == [3, "0o600"]
    assert told(tab, "read", path="shipped.txt") == "changed"
    assert told(tab, "read", path="pointer") == "deep"
    large = told(tab, "read", path="large.txt")
    assert large == "0123456789" * 50_000 + "CHANGED789" + "0123456789" * 49_999
    assert told(tab, "read", path="cut.txt") == "x" * 20_000 + "\0" * 20_000


def test_what_is_elsewhere_is_not_kept(visitor: Visitor) -> None:
    tab = visitor.comes()
    told(tab, "write", path="../beside.txt", text="beside")
    told(tab, "write", path="moved.txt", text="moved")
    told(tab, "rename", path="moved.txt", to="/tmp/moved.txt")
    visitor.leaves(tab)
    tab = visitor.comes()
    assert told(tab, "read", path="../beside.txt").startswith("FileNotFoundError")
    assert "moved.txt" not in told(tab, "tree")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_database_is_there_at_the_next_visit(visitor: Visitor, mode: str) -> None:
    tab = visitor.comes()
    for n in range(5):
        assert told(tab, "add", text=f"row {n}", mode=mode) == n + 1
    visitor.leaves(tab)
    tab = visitor.comes()
    state, used, texts = told(tab, "rows", mode=mode)
    assert (state, used) == ("ok", mode)
    assert texts == [f"row {n}" for n in range(5)]


ROWS = """
window.acknowledged = 0;
window.running = (async () => {
  for (let n = 0; n < arguments[1]; n += 1) {
    const response = await fetch(`/add?text=row${n}&mode=${arguments[0]}`);
    if (!response.ok) throw new Error(await response.text());
    window.acknowledged = n + 1;
  }
})();
"""


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_at_no_moment_is_an_answer_ahead_of_the_disk(
    visitor: Visitor, mode: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("disk")
    tab = visitor.comes()
    tab.run_in_frame(ROWS, mode, count := 60)
    moments = 0
    while (acknowledged := tab.in_frame("return window.acknowledged")) < count:
        found = disk(tab)
        assert len(_rows(found, folder)) >= acknowledged
        moments += 1
    assert moments > 3
    assert len(_rows(disk(tab), folder)) == count


def _rows(files: dict[str, bytes], folder: Path) -> list[str]:
    """Open the database as after a power cut, with all that lies beside it."""
    for old in folder.iterdir():
        old.unlink()
    for path, data in files.items():
        (folder / path.rsplit("/", 1)[1]).write_bytes(data)
    if not (folder / "rows.db").exists():
        return []
    database = sqlite3.connect(folder / "rows.db")
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    try:
        return [text for (text,) in database.execute("select text from rows order by n")]
    except sqlite3.OperationalError:  # there is no table yet
        return []
    finally:
        database.close()


def test_a_site_that_keeps_nothing_has_no_database(
    engine: Engine, tab: Tab, fresh: Callable[[App], Host]
) -> None:
    del engine
    tab.open(fresh(replace(KEEPING, options=(), name="keeping-nothing")).url)
    told(tab, "write", path="new.txt", text="new")
    names = "return (await indexedDB.databases()).map(({ name }) => name)"
    assert not any(name.endswith("files") for name in tab.run(names))


TAKE_OVER = """
const database = await new Promise((resolve) => {
  const request = indexedDB.open(`tabcorn ${location.origin}/ files`);
  request.onsuccess = () => resolve(request.result);
});
const transaction = database.transaction(['writer'], 'readwrite');
transaction.objectStore('writer').put('another', 'host');
await new Promise((resolve) => (transaction.oncomplete = resolve));
database.close();
"""
OUTCOME = "return fetch(arguments[0]).then(({ status }) => status, ({ name }) => name)"


def test_a_host_that_was_replaced_writes_no_more(visitor: Visitor) -> None:
    tab = visitor.comes()
    told(tab, "write", path="mine.txt", text="mine")
    tab.run(TAKE_OVER)
    assert tab.run_in_frame(OUTCOME, "/write?path=mine.txt&text=late") == "TypeError"
    assert disk(tab)["/app/data/mine.txt"] == b"mine"
    assert tab.run_in_frame(OUTCOME, "/read?path=mine.txt") == "TypeError"  # it serves no more


def test_a_full_disk_is_one_for_python_too(visitor: Visitor, engine: Engine) -> None:
    if engine.name != "chromium":
        pytest.skip("no other driver can set a quota")
    tab = visitor.comes()
    told(tab, "write", path="kept.txt", text="kept")
    visitor.leaves(tab)
    tab = engine.tab()
    quota = {"origin": visitor.host.url.rstrip("/"), "quotaSize": 1000}
    tab.driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
    tab.open(visitor.host.url)
    full = "OSError: [Errno 51] No space left on device"  # errno.ENOSPC, as WASI counts
    assert told(tab, "write", path="more.txt", text="more").startswith(full)
    assert told(tab, "write", path="kept.txt", text="kept and more", how="r+").startswith(full)
    assert told(tab, "read", path="kept.txt") == "kept"
    del quota["quotaSize"]
    tab.driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
    tab.wait(lambda: told(tab, "write", path="more.txt", text="more") == 4)
    assert disk(tab)["/app/data/more.txt"] == b"more"
