"""What the floor takes out of a manifest: all assets that a visit waits for, and no others."""

from __future__ import annotations

from typing import Any

from bench.built import assets


def asset(path: str) -> dict[str, Any]:
    return {"encoding": "gzip", "size": 1, "parts": [{"path": path, "size": 1, "sha256": ""}]}


def test_assets_by_the_key_they_are_at() -> None:
    manifest = {
        "format": 1,
        "interpreter": {"wasm": asset("w"), "script": asset("s")},
        "packs": [{"later": False, "asset": asset("a")}, {"later": True, "asset": asset("l")}],
        "files": [{"path": "f", "size": 1, "sha256": ""}],
    }
    found = [(name, each["parts"][0]["path"]) for name, each in assets(manifest)]
    assert found == [("wasm", "w"), ("script", "s"), ("asset", "a")]
