"""What holds for all adaptations."""

import importlib
import importlib.metadata
import platform
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tabcorn.server import adaptations
from tabcorn.server.adaptations import ADAPTATIONS, Adaptation
from tests.browser.sites import pinned

PYODIDE = "../test_pyodide.py::test_pyodide_still_lacks_what_adaptations_add"

# What fails when upstream no longer needs an adaptation.
STILL_NEEDED = {
    "a2wsgi.wsgi": "test_a2wsgi.py::test_a2wsgi_still_needs_threads",
    "aiosqlite.core": "test_aiosqlite.py::test_aiosqlite_still_needs_threads",
    "anyio._backends._asyncio": "test_anyio.py::test_anyio_still_needs_threads",
    "anyio.from_thread": "test_anyio.py::test_a_portal_still_tells_by_the_thread",
    "asgiref.sync": "test_asgiref.py::test_async_to_sync_still_needs_threads",
    "concurrent.futures._base": PYODIDE,
    "concurrent.futures.thread": "test_concurrent_futures.py::test_pools_still_need_threads",
    "datasette.app": "test_datasette.py::test_datasette_still_needs_threads",
    "django.contrib.staticfiles.handlers": (
        "test_django.py::test_static_files_below_a_path_are_still_not_found"
    ),
    "hashlib": PYODIDE,
    "http.client": "test_outside.py::test_urllib_still_needs_sockets",
    "httpx._transports.default": "test_outside.py::test_httpx_still_needs_sockets",
    "logging.handlers": "test_logging.py::test_a_listener_still_needs_a_thread",
    "multiprocessing": PYODIDE,
    "sanic.__version__": "test_sanic.py::test_httptools_is_still_compiled_code",
    "socket": PYODIDE,
    "sqlalchemy.util.concurrency": "test_sqlalchemy.py::test_greenlet_is_still_compiled_code",
    "threading": "test_threading.py::test_streams_still_share_a_thread",
    "urllib.request": "test_outside.py::test_urllib_still_lets_late_failures_pass",
    "urllib3": "test_urllib3.py::test_its_own_support_still_fails_without_a_body",
}

EACH = pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda each: each.module)

# Not installed for the tests: sites of the browser tests have them, in releases of this range.
ONLY_IN_SITES = {"sanic", "sqlalchemy"}
INSTALLED = pytest.mark.parametrize(
    "adaptation",
    [each for each in ADAPTATIONS if each.package not in ONLY_IN_SITES],
    ids=lambda each: each.module,
)


def release(package: str) -> str:
    """Return the release that tests use: that of the sites, or what is installed."""
    if package in ONLY_IN_SITES:
        return pinned()[package]
    of_python = package.partition(".")[0] in sys.stdlib_module_names
    return platform.python_version() if of_python else importlib.metadata.version(package)


@EACH
def test_the_release_in_use_is_one_it_was_tried_with(adaptation: Adaptation) -> None:
    version = release(adaptation.package)
    assert SpecifierSet(adaptation.versions).contains(version, prereleases=True)
    assert adaptation.reason


@INSTALLED
def test_its_module_is_there(adaptation: Adaptation) -> None:
    importlib.import_module(adaptation.module)


@EACH
def test_a_test_tells_when_it_is_no_longer_needed(adaptation: Adaptation) -> None:
    file, _, name = STILL_NEEDED[adaptation.module].partition("::")
    assert f"def {name}(" in (Path(__file__).parent / file).read_text()


def test_each_module_is_adapted_once() -> None:
    modules = [adaptation.module for adaptation in ADAPTATIONS]
    assert len(set(modules)) == len(modules)


def test_nothing_is_adapted_where_threads_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = list(sys.meta_path)
    adaptations.install()
    assert sys.meta_path == before
