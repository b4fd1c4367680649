"""The Starlette example: signing in, pins that are kept, a socket that tells another tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("starlette")
POST = """
    const response = await fetch('/', { method: 'POST', body: new URLSearchParams(args[0]) });
    return [response.status, await response.text()];
"""


def test_visit(page: Tab, site: Host) -> None:
    assert page.run_in_frame(POST, {"text": "unsigned"})[0] == 403
    page.fill("#sign-in [name=name]", "Ada")
    page.click("#sign-in button")
    page.sees("Signed in as Ada")
    other = page.engine.tab().open(site.url)
    other.sees("Signed in as Ada")
    page.fill("#pin [name=text]", "Bonjour, été")
    page.click("#pin button")
    page.sees("Ada Bonjour, été")
    other.sees("Ada Bonjour, été")
    page.reload()
    page.sees("Signed in as Ada")
    page.sees("Ada Bonjour, été")
    status, text = page.run_in_frame(POST, {"text": " "})
    assert status == 400
    assert "A pin needs a text." in text
    script = "return (await (await fetch('/api/pins')).json()).at(-1)"
    assert page.run_in_frame(script) == {"id": 1, "author": "Ada", "text": "Bonjour, été"}
    page.click("#sign-out button")
    page.wait(lambda: "Signed in" not in page.text())


def test_static_files(page: Tab) -> None:
    shown = "return getComputedStyle(document.querySelector('#pins')).listStyleType"
    assert page.in_frame(shown) == "none"
