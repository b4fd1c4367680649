"""Fixtures for tests that need a browser; loaded as a plugin by tests/conftest.py.

An engine runs for the whole session (if it dies, the next test gets another) and a tab for one
test. Sites share what is costly: each is built once, and its Python lives on in a window kept open
beside the tests' own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import sites as building

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App, Sites
    from tests.browser.tab import Tab

ENGINES = ("chromium", "firefox", "webkit")


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """The sites built in this session."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return building.Sites(shared / "sites")


@pytest.fixture(scope="session", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A real browser with a fresh profile, one after the other."""
    from tests.browser import engines

    name = request.param
    if packages := engines.missing(name):
        absent(f"{name} needs the Debian packages {' '.join(packages)}: run scripts/browsers")
    with engines.start(name, tmp_path_factory.mktemp(name)) as running:
        yield running


def absent(reason: str) -> None:
    """Skip, loudly; where CI=true an engine that is missing is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(f"SKIPPED FOR WANT OF A BROWSER: {reason}")


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Host]]:
    """Serve a folder on an origin of its own until the session ends."""
    from tests.browser.hosts import static_host

    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(static_host(*arguments, **options))


@pytest.fixture(scope="session")
def visit(engine: Engine, sites: Sites, serve: Callable[[Path], Host]) -> Callable[[App], Host]:
    """Serve an app's site and keep it open in a window, so that its Python stays up."""
    open_sites: dict[tuple[int, App], Host] = {}

    def keep(app: App) -> Host:
        engine.revive()
        key = engine.lives, app
        if key not in open_sites:
            open_sites[key] = serve(sites.build(app))
            window = engine.tab()
            engine.kept.add(window.handle)
            window.open(open_sites[key].url)
        return open_sites[key]

    return keep


@pytest.fixture(scope="session")
def under_uvicorn() -> Iterator[Callable[[App], str]]:
    """Run an app under uvicorn until the session ends; give its URL."""
    with ExitStack() as stack:
        running: dict[App, str] = {}

        def run(app: App) -> str:
            if app not in running:
                running[app] = stack.enter_context(building.uvicorn_server(app))
            return running[app]

        yield run


@pytest.fixture
def fresh(sites: Sites, serve: Callable[..., Host], tmp_path: Path) -> Callable[..., Host]:
    """Serve a copy of an app's site on a new origin: the next visit is a first one."""

    def copy(app: App, **options: Any) -> Host:
        return serve(sites.copy(app, tmp_path / "site"), **options)

    return copy


@pytest.fixture
def tab(engine: Engine) -> Iterator[Tab]:
    """A window for this test; those that the test opened are closed with it."""
    own = engine.tab()
    before = {window.handle for window in engine.windows()} - {own.handle}
    yield own
    for window in engine.windows():
        if window.handle not in before | engine.kept:
            window.close()
