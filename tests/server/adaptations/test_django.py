"""Static files of a site below a path."""

import asyncio
from typing import Any
from urllib.parse import urlparse

import pytest
from django.contrib.staticfiles import handlers  # type: ignore[import-untyped]

from tabcorn.server.adaptations.django import look_below_the_root_path


async def app(*_: Any) -> None:
    """Stand for the rest of the site."""


@pytest.fixture
def handler() -> Any:
    """A handler without the settings of a project."""
    made: Any = object.__new__(handlers.ASGIStaticFilesHandler)
    made.application, made.base_url = app, urlparse("/static/")
    return made


@pytest.fixture
def adapted(monkeypatch: pytest.MonkeyPatch) -> None:
    cls = handlers.ASGIStaticFilesHandler
    monkeypatch.setattr(cls, "__call__", cls.__call__)  # to be undone
    look_below_the_root_path(handlers)


def called_below(root_path: str, handler: Any) -> None:
    scope = {"type": "http", "path": f"{root_path}/", "root_path": root_path}
    asyncio.run(handler(scope, None, None))


def test_static_files_below_a_path_are_still_not_found(handler: Any) -> None:
    called_below("/some/path", handler)
    assert not handler._should_handle("/some/path/static/x.css")


@pytest.mark.usefixtures("adapted")
def test_they_are_found(handler: Any) -> None:
    for _ in range(2):
        called_below("/some/path", handler)
    assert handler._should_handle("/some/path/static/x.css")
    assert handler.file_path("/some/path/static/x.css") == "x.css"
    assert not handler._should_handle("/some/path/other")


@pytest.mark.usefixtures("adapted")
def test_at_the_root_nothing_changes(handler: Any) -> None:
    called_below("", handler)
    assert handler.file_path("/static/x.css") == "x.css"
