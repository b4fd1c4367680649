import logging
from collections.abc import Iterator

import pytest

from tabcorn.server import logs
from tabcorn.server.scope import Site, http_scope

NAMES = ("tabcorn", "tabcorn.access", "uvicorn", "uvicorn.access")


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [(item.handlers, item.level, item.propagate) for item in loggers]
    yield
    for item, (handlers, level, propagate) in zip(loggers, before, strict=True):
        item.handlers, item.propagate = handlers, propagate
        item.setLevel(level)


def access(path: str = "/", query: str = "", status: int = 200) -> None:
    logs.access(http_scope(Site(), "GET", path, query, "", 50123), status)


def test_levels_are_padded_as_uvicorn_does(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", True)
    logs.logger.info("hello")
    logs.logger.warning("careful")
    logging.getLogger("uvicorn.error").info("from the app")
    assert capsys.readouterr().err == (
        "INFO:     hello\nWARNING:  careful\nINFO:     from the app\n"
    )


def test_the_access_line_is_uvicorns(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", True)
    access("/caf%C3%A9", "x=1", 404)
    access("/", "", 599)
    assert capsys.readouterr().out == (
        'INFO:     127.0.0.1:50123 - "GET /caf%C3%A9?x=1 HTTP/1.1" 404 Not Found\n'
        'INFO:     127.0.0.1:50123 - "GET / HTTP/1.1" 599 \n'
    )


@pytest.mark.parametrize(("level", "access_log"), [("info", False), ("warning", True)])
def test_the_access_log_can_be_off(
    capsys: pytest.CaptureFixture[str], level: str, access_log: bool
) -> None:
    logs.configure(level, access_log)
    access()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("level", logs.LEVELS)
def test_every_level(capsys: pytest.CaptureFixture[str], level: str) -> None:
    logs.configure(level, True)
    for number in logs.LEVELS.values():
        logs.logger.log(number, "x")
    logged = [line.partition(":")[0].lower() for line in capsys.readouterr().err.splitlines()]
    assert logged[-1] == level
    assert logged == list(logs.LEVELS)[: len(logged)]


def test_the_apps_own_logging_is_left_alone() -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    logs.configure("debug", True)
    assert (list(root.handlers), root.level) == before
