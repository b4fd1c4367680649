"""The apps that browser tests and the conformance suite run, each with where it lives."""

from __future__ import annotations

from tests.browser.sites import ROOT, App

TOUR = App(ROOT / "tests/browser/apps/tour", name="tour")
GUESTBOOK = App(ROOT / "examples/fastapi", name="guestbook")
DATASETTE = App(ROOT / "examples/datasette", name="datasette")
ITEMS = App(ROOT / "tests/conformance/apps", "items:app", name="items")
