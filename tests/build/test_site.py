"""What a site consists of, without a disk."""

import hashlib
import json
from typing import Any

import pytest

from tabcorn.build.archive import make_asset
from tabcorn.build.runtimefiles import PACKAGE
from tabcorn.build.site import DOCUMENT, MARKER, PackAsset, Site, canonical_json, fill_document

TEMPLATE = '<title>{{title}}</title><script>"{{build}}" "{{base}}"</script>'


def make_site(text: str = "hello", **changes: Any) -> Site:
    parts: dict[str, Any] = {
        "app": {"target": "main:app"},
        "title": "main:app",
        "pyodide": "314.0.7",
        "python": "3.14",
        "wasm": make_asset("wasm", b"wasm"),
        "script": make_asset("script", b"js"),
        "listings": make_asset("listings", b"[]"),
        "packs": (PackAsset("app", False, make_asset("app", text.encode())),),
        "spare": ("core/pyodide.asm.js", b"js"),
        "files": {DOCUMENT: fill_document(TEMPLATE, "main:app"), "core/pyodide.js": b"js"},
    }
    return Site(**{**parts, **changes})


def test_build_id_is_the_hash_of_the_manifest() -> None:
    site = make_site()
    assert site.build == hashlib.sha256(site.build_files()["manifest.json"]).hexdigest()[:20]


def test_manifest_describes_every_other_file_of_the_build() -> None:
    site = make_site()
    manifest = json.loads(site.manifest)
    assets = [*manifest["interpreter"].values(), manifest["listings"]]
    assets += [pack["asset"] for pack in manifest["packs"]]
    described = [*manifest["files"], manifest["spare"]]
    described += [part for asset in assets for part in asset["parts"]]
    files = site.build_files()
    del files["manifest.json"]
    assert {each["path"]: (each["size"], each["sha256"]) for each in described} == {
        path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()
    }


def test_equal_inputs_give_equal_sites() -> None:
    assert make_site().build_files() == make_site().build_files()
    assert make_site().entries() == make_site().entries()


@pytest.mark.parametrize(
    "changes", [{"title": "other"}, {"dev": True}, {"app": {"target": "main:other"}}]
)
def test_every_difference_makes_another_build(changes: dict[str, Any]) -> None:
    assert make_site(**changes).build != make_site().build


def test_entry_documents_lead_to_the_build() -> None:
    site = make_site()
    entries = site.entries()
    assert f'"{site.build}"'.encode() in entries["index.html"]
    assert entries["404.html"] == entries["index.html"]
    assert f'import "./_tabcorn/{site.build}/runtime/sw/main.js";'.encode() in entries["sw.js"]
    assert json.loads(entries[MARKER])["build"] == site.build


def test_the_document_inside_the_build_keeps_its_placeholders() -> None:
    document = make_site(base_url="/base/").build_files()[DOCUMENT]
    assert b"{{build}}" in document
    assert b"{{base}}" in document


def test_the_base_url_is_told_to_whom_the_static_host_serves() -> None:
    entries = make_site(base_url="/base/").entries()
    assert b'"/base/"' in entries["index.html"]
    assert b"{{" not in entries["404.html"]


def test_title_is_escaped() -> None:
    filled = fill_document(TEMPLATE, "<b> & co").decode()
    assert "<title>&lt;b&gt; &amp; co</title>" in filled


def test_the_shell_is_ascii_and_declares_no_encoding() -> None:
    assert b"<title>Gr&#252;n &#128578;</title>" in fill_document(TEMPLATE, "Grün 🙂")
    shell = (PACKAGE / "runtime/shell/document.html").read_bytes()
    assert shell.isascii()
    assert b"charset" not in shell


def test_canonical_json_sorts_and_keeps_unicode() -> None:
    assert canonical_json({"b": "ü", "a": 1}) == '{"a":1,"b":"ü"}\n'.encode()
