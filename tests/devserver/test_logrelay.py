"""The terminal shows what the app printed; only the site's own pages may write there."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from tabcorn.devserver.logrelay import relay_log

client = TestClient(Starlette(routes=[Route("/log", relay_log, methods=["POST"])]))
OWN = "http://testserver"


def post(body: Any, origin: str | None = OWN) -> int:
    headers = {"Origin": origin} if origin else {}
    return client.post("/log", json=body, headers=headers).status_code


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_line_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], stream: str) -> None:
    assert post({"stream": stream, "text": "INFO:     grüße\n"}) == 204
    printed = capsys.readouterr()
    assert getattr(printed, "out" if stream == "stdout" else "err") == "INFO:     grüße\n"


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://testserver:1"])
def test_other_origins_are_refused(capsys: pytest.CaptureFixture[str], origin: str | None) -> None:
    assert post({"stream": "stdout", "text": "x"}, origin) == 403
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("body", [[], "x", {}, {"stream": "stdout"}, 1])
def test_malformed_entries(body: Any) -> None:
    assert post(body) == 400


def test_far_too_long_entries() -> None:
    assert post({"stream": "stdout", "text": "x" * 2_000_000}) == 413
