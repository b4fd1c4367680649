"""Files that no first page opens: there from the start, fetched at once when they are opened."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.hosts import Host
    from tests.browser.sites import Sites
    from tests.browser.tab import Tab

APP = """# /// script
# dependencies = []
# ///
import inspect
import os


def lazily():
    import mailbox
    return "imported " + mailbox.Maildir.__name__


def sized():
    path = os.path.dirname(inspect.__file__) + "/mailbox.pyc"
    return f"{os.path.getsize(path) > 50_000} {os.path.exists('/app/large.bin')}"


def large():
    with open("/app/large.bin", "rb") as file:
        file.seek(200_000)
        return file.read().decode()


def source():
    import tabcorn.server.flow
    return inspect.getsource(tabcorn.server.flow).partition("\\n")[0]


ACTIONS = {"/lazily": lazily, "/sized": sized, "/large": large, "/source": source}


async def app(scope, receive, send):
    assert scope["type"] == "http"
    try:
        text = ACTIONS.get(scope["path"], lambda: "home")()
    except OSError as error:
        text = f"OSError {error}"
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
"""


@pytest.fixture(scope="session")
def built(sites: Sites) -> Path:
    app = sites.write("later-files", APP)
    (app.folder / "large.bin").write_bytes(bytes(200_000) + b"the end")
    return sites.build(app)


@pytest.fixture
def host(built: Path, serve: Callable[..., Host], tmp_path: Path) -> Host:
    return serve(shutil.copytree(built, tmp_path / "site"))


def asked(tab: Tab, path: str) -> str:
    return str(tab.run_in_frame("return await (await fetch(arguments[0])).text()", path))


def later(host: Host) -> list[Path]:
    (manifest,) = host.folder.glob("_tabcorn/*/manifest.json")
    packs = json.loads(manifest.read_bytes())["packs"]
    parts = [part["path"] for pack in packs if pack["later"] for part in pack["asset"]["parts"]]
    return [manifest.parent / part for part in parts]


def test_they_are_there_when_they_are_opened(tab: Tab, host: Host) -> None:
    tab.open(host.url)
    assert asked(tab, "sized") == "True True"
    assert asked(tab, "lazily") == "imported Maildir"
    assert asked(tab, "large") == "the end"
    assert asked(tab, "source").startswith('"""')


def test_without_network_when_all_has_come(tab: Tab, host: Host) -> None:
    tab.open(host.url)
    wanted = {f"/{path.relative_to(host.folder).as_posix()}" for path in later(host)}
    tab.wait(lambda: wanted <= set(host.asked), 30)
    tab.wait(lambda: tab.run(KEPT) >= len(wanted), 30)
    host.stop()
    tab.reload()
    assert asked(tab, "lazily") == "imported Maildir"
    assert asked(tab, "large") == "the end"


KEPT = """
return (await Promise.all((await caches.keys()).map(async (name) =>
  (await (await caches.open(name)).keys()).filter(({ url }) => url.includes("-later-")).length
))).reduce((sum, n) => sum + n, 0)
"""


def test_what_is_gone_is_an_error_that_names_it(tab: Tab, host: Host) -> None:
    host.record_console()
    for path in later(host):
        path.unlink()
    tab.open(host.url)
    assert asked(tab, "lazily").startswith("OSError [Errno 23] Host is unreachable: '/lib/")
    assert asked(tab, "large") == "OSError [Errno 23] Host is unreachable: '/app/large.bin'"
    assert asked(tab, "sized") == "True True"
    assert "is missing on the server (status 404)" in tab.console()


def test_what_was_changed_on_the_way_is_not_used(tab: Tab, host: Host) -> None:
    for path in later(host):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    tab.open(host.url)
    assert asked(tab, "large") == "OSError [Errno 23] Host is unreachable: '/app/large.bin'"


def test_a_policy_that_forbids_blobs(tab: Tab, built: Path, serve: Callable[..., Host]) -> None:
    policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'"
    host = serve(built, headers={"content-security-policy": policy})
    tab.open(host.url)
    assert "home" in tab.text()
    assert any(path.endswith("core/pyodide.asm.js") for path in host.asked)
