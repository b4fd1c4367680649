"""The apps that browser tests and the conformance suite run, each with where it lives."""

from __future__ import annotations

from tests.browser.sites import ROOT, App


def example(name: str, target: str = "main:app") -> App:
    """An app of examples/, by its folder."""
    return App(ROOT / "examples" / name, target, name=f"example-{name}", newest=True)


TOUR = App(ROOT / "tests/browser/apps/tour", name="tour")
COOKIES = App(ROOT / "tests/browser/apps/cookies", name="cookies")
GUESTBOOK = example("fastapi")
DATASETTE = example("datasette")
ITEMS = App(ROOT / "tests/conformance/apps/items", name="items")
SOCKETS = App(ROOT / "tests/browser/apps/sockets", name="sockets")
SYNC = App(ROOT / "tests/browser/apps/sync", name="sync")
ABSOLUTE = App(ROOT / "tests/browser/apps/absolute", name="absolute")
FRONTENDS = App(ROOT / "tests/browser/apps/frontends", name="frontends")
EDGES = App(ROOT / "tests/browser/apps/edges", name="edges")
INJECTION = App(ROOT / "tests/browser/apps/injection", name="injection")
REQUESTS = App(ROOT / "tests/browser/apps/requests", name="requests")
REQUESTS_BY_SW = App(REQUESTS.folder, options=("--no-page-port",), name="requests-by-sw")
CACHING = App(ROOT / "tests/browser/apps/caching", name="caching")
CACHING_BY_SW = App(CACHING.folder, options=("--no-page-port",), name="caching-by-sw")
KEEPING = App(ROOT / "tests/browser/apps/keeping", options=("--persist", "data/"), name="keeping")
STREAMS = App(ROOT / "tests/browser/apps/streams", name="streams")

# Apps of the conformance suite alone.
BOTTLE = App(ROOT / "tests/conformance/apps/bottle", name="bottle")
DASH = App(ROOT / "tests/conformance/apps/dash", "main:server", name="dash")
LIBRARY = App(ROOT / "examples/django", "project.asgi:application", name="library")
KITCHEN = App(ROOT / "tests/conformance/apps/flask", name="kitchen")
THREADS = App(ROOT / "tests/conformance/apps/sync", name="threads")
WAREHOUSE = App(ROOT / "tests/conformance/apps/warehouse", name="warehouse")
