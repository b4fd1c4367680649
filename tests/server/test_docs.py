"""docs/server-behavior.md names what the code holds."""

from pathlib import Path

import pytest

from tabcorn.server import logs
from tabcorn.server.adaptations import ADAPTATIONS, Adaptation
from tabcorn.server.defaults import DefaultHeaders
from tabcorn.server.flow import CHUNK, WINDOW
from tabcorn.server.lifespan import Mode
from tabcorn.server.loading import Interface
from tabcorn.server.scope import SPEC_VERSION, Site, http_scope

DOCS = (Path(__file__).parents[2] / "docs" / "server-behavior.md").read_text()


@pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda adaptation: adaptation.package)
def test_every_adaptation_has_its_row(adaptation: Adaptation) -> None:
    assert f"| {adaptation.package} | {adaptation.versions} | " in DOCS


def test_every_key_of_the_scope_is_named() -> None:
    scope = http_scope(Site(), "GET", "/", "", "", 1)
    missing = [key for key in scope if f"`{key}`" not in DOCS and key != "extensions"]
    assert missing == []
    assert all(f"`{name}`" in DOCS for name in scope["extensions"])
    assert f'`spec_version` "{SPEC_VERSION}"' in DOCS


@pytest.mark.parametrize("word", [*logs.LEVELS, *Mode, *Interface, DefaultHeaders().server])
def test_every_choice_is_named(word: str) -> None:
    assert word in DOCS.lower().replace("asgi 2", "asgi2").replace("asgi 3", "asgi3")


def test_the_sizes_are_right() -> None:
    assert (WINDOW, CHUNK) == (1024 * 1024, 256 * 1024)
    assert DOCS.count("1 MiB") == 2
    assert "256 KiB" in DOCS
