"""What a site consists of: the manifest, the build's files and the entry documents, as bytes.

Runs on CPython at build time and touches no disk; publish.py writes it out. The build id is a hash
of the manifest and the manifest holds a hash of everything else, so the same inputs give the same
site, byte for byte, and a file below `_tabcorn/<build>/` never changes.
"""

import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tabcorn import __version__
from tabcorn.build.archive import Asset
from tabcorn.build.packs import Part

FORMAT = 2
MARKER = "_tabcorn/site.json"
DOCUMENT = "runtime/shell/document.txt"


@dataclass(frozen=True)
class PackAsset:
    """A pack of the tab's files; `later`: no first page needs it."""

    part: Part
    later: bool
    asset: Asset


@dataclass(frozen=True)
class Preload:
    """What a visitor's browser makes a snapshot of; preloading.py finds it."""

    modules: tuple[str, ...]
    """Packages' modules, in the order in which they are imported, ahead of the app."""
    libraries: tuple[str, ...]
    """Paths of the shared objects that they load, in their order."""

    def as_json(self) -> dict[str, list[str]]:
        """Describe it as the manifest does."""
        return {"modules": list(self.modules), "libraries": list(self.libraries)}


@dataclass(frozen=True)
class Site:
    """All of a site. `files` are plain files of the build, without the parts of the assets.

    `base_url` stands in a script's string: the caller sees to it that it holds URL characters only.
    """

    app: Mapping[str, object]
    title: str
    pyodide: str
    python: str
    wasm: Asset
    script: Asset
    listings: Asset
    """What lies where in the packs, in their order, as JSON."""
    packs: tuple[PackAsset, ...]
    files: Mapping[str, bytes] = field(repr=False)
    spare: tuple[str, bytes]
    """The script once more, as a plain file: path and contents."""
    dev: bool = False
    persist: tuple[str, ...] = ()
    """Absolute paths in the tab that are kept; those of folders end with a slash."""
    base_url: str = ""
    preload: Preload | None = None
    """None where no snapshot is to be made."""

    @cached_property
    def manifest(self) -> bytes:
        """The manifest as canonical JSON."""
        return canonical_json(
            {
                "format": FORMAT,
                "tabcorn": __version__,
                "pyodide": self.pyodide,
                "python": self.python,
                "dev": self.dev,
                "persist": list(self.persist),
                "title": self.title,
                "app": self.app,
                "interpreter": {"wasm": self.wasm.as_json(), "script": self.script.as_json()},
                "listings": self.listings.as_json(),
                "packs": [
                    {"part": pack.part, "later": pack.later, "asset": pack.asset.as_json()}
                    for pack in self.packs
                ],
                "snapshot": self.preload.as_json() if self.preload else None,
                "files": [_file_entry(path, data) for path, data in sorted(self.files.items())],
                "spare": _file_entry(*self.spare),
            }
        )

    @cached_property
    def build(self) -> str:
        """The build id: 20 hex digits of the manifest's SHA-256."""
        return hashlib.sha256(self.manifest).hexdigest()[:20]

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every asset that the manifest names."""
        return (self.wasm, self.script, self.listings, *(pack.asset for pack in self.packs))

    def build_files(self) -> dict[str, bytes]:
        """Everything below `_tabcorn/<build>/`: path relative to that folder -> contents."""
        parts = {part.path: part.data for asset in self.assets for part in asset.parts}
        path, data = self.spare
        return {**self.files, **parts, path: data, "manifest.json": self.manifest}

    def entries(self) -> dict[str, bytes]:
        """The documents at fixed places, which lead to the build; the marker comes last."""
        document = self.files[DOCUMENT].replace(b"{{build}}", self.build.encode())
        document = document.replace(b"{{base}}", self.base_url.encode())
        document = document.replace(b"{{agreed}}", b"")
        documents = {
            ".nojekyll": b"",
            "404.html": document,
            "index.html": document,
            "sw.js": _service_worker(self.build),
        }
        return {**documents, MARKER: _marker(self.build, documents)}


def fill_document(template: str, title: str) -> bytes:
    """Fill in the title.

    `{{build}}` stays, since the build id depends on these bytes.
    So do `{{base}}` and `{{agreed}}`: the service worker, which serves this document, knows where
    it is, and must say so, or else the shell would look for its site among the paths of an app that
    is not up; and it alone knows that no other build is about to follow.

    The document declares no encoding: what is not ASCII is written as character references.
    """
    return template.replace("{{title}}", html.escape(title)).encode("ascii", "xmlcharrefreplace")


def canonical_json(value: object) -> bytes:
    """Encode so that equal values give equal bytes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def _file_entry(path: str, data: bytes) -> dict[str, object]:
    return {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _service_worker(build: str) -> bytes:
    # The script's bytes change with the build, which is how browsers find out about a new one.
    return f'// Written by tabcorn.\nimport "./_tabcorn/{build}/runtime/sw/main.js";\n'.encode()


def _marker(build: str, documents: Mapping[str, bytes]) -> bytes:
    # The hashes let a later build see whether somebody else has changed an entry document since.
    entries = {path: hashlib.sha256(data).hexdigest() for path, data in documents.items()}
    marker = {"tabcorn": __version__, "format": FORMAT, "build": build, "entries": entries}
    return canonical_json(marker)
