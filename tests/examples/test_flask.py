"""The Flask example: a session, flashed messages, orders in SQLite, an upload, a slow stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.tab import Tab

EXAMPLE = example("flask")


def test_keeps_a_session_and_flashes(page: Tab) -> None:
    page.fill("#add [name=name]", "coffee")
    page.click("#add button")
    page.sees("Added coffee")
    page.sees("coffee: 7.90")
    page.reload()
    page.sees("coffee: 7.90")
    assert "Added" not in page.text()
    assert page.in_frame("return document.styleSheets[0].cssRules.length") == 2


def test_takes_a_file_and_an_order(page: Tab, tmp_path: Path) -> None:
    page.run_in_frame("await fetch('/clear', { method: 'POST' })")
    (tmp_path / "list.csv").write_text("bread\ncrème fraîche\n", "utf-8")
    page.fill("#add [name=file]", str(tmp_path / "list.csv"))
    page.click("#add button")
    page.sees("Added bread, crème fraîche")
    page.click("#order button")
    page.sees("Ordered for 3.20")
    page.reload()
    page.sees("bread, crème fraîche: 3.20")
    page.sees("Nothing yet")


def test_streams_while_it_sleeps(page: Tab) -> None:
    script = """
        const reader = (await fetch('/count')).body.getReader();
        const pieces = [];
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return pieces;
          pieces.push(new TextDecoder().decode(value).trim());
        }
    """
    pieces = page.run_in_frame(script)
    assert "\n".join(pieces) == "1\n2\n3\n4\n5"
    assert len(pieces) > 2  # a browser may join two, but waits for no end


def test_answers_errors_in_its_own_words(page: Tab) -> None:
    script = "const r = await fetch('/nowhere'); return [r.status, await r.text()]"
    status, text = page.run_in_frame(script)
    assert status == 404
    assert "There is no such page." in text
