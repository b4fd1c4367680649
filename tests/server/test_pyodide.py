"""The bridge in the interpreter that it was written for: Pyodide, under node."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import tabcorn
from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodejs import find_node
from tabcorn.build.progress import Silent

pytestmark = pytest.mark.network

HERE = Path(__file__).parent / "pyodide"
SOURCES = Path(tabcorn.__file__).parents[1]


@pytest.fixture(scope="module")
def probe() -> Any:
    core = core_folder(Cache.default(), Silent())
    command = [find_node().executable, HERE / "probe.mjs", core, SOURCES, HERE]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_pyodide_still_lacks_what_adaptations_add(probe: Any) -> None:
    """What is no longer listed here needs its adaptation no more."""
    assert probe["lacking"] == [
        "_multiprocessing",
        "hashlib.pbkdf2_hmac",
        "hashlib.scrypt",
        "sockets",
        "threads",
    ]


def test_start_tells_what_failed(probe: Any) -> None:
    assert probe["missing"] == {
        "ok": False,
        "stage": "import",
        "message": 'Error loading ASGI app. Could not import module "nothing".',
        "traceback": "",
    }
    assert probe["started"] == {"ok": True}


def test_a_request_without_a_body_may_say_so_with_undefined_or_null(probe: Any) -> None:
    for page in probe["seen"][:2]:
        assert (page["status"], page["how"]) == (200, "complete")


def test_headers_cross_as_latin_1(probe: Any) -> None:
    assert probe["seen"][0]["headers"].split("\n")[-2:] == ["x-path", "/café"]


def test_an_upload_in_pieces(probe: Any) -> None:
    upload = probe["seen"][2]
    assert (upload["consumed"], upload["sum"], upload["how"]) == (4, 10, "complete")


def test_an_exception_is_a_500_with_the_apps_traceback(probe: Any) -> None:
    assert (probe["seen"][3]["status"], probe["seen"][3]["how"]) == (500, "complete")
    assert '  File "/app/app.py", line 11, in app' in probe["printed"]


def test_a_large_response_waits_for_the_page_and_can_be_transferred(probe: Any) -> None:
    large = probe["seen"][4]
    assert large["heldBack"] == 4
    assert large["chunks"] == [256 * 1024] * 8 + [0]
    assert large["sum"] == sum(range(256)) * 8192 % 65521
    assert all(page["standalone"] for page in probe["seen"])


def test_the_page_leaves(probe: Any) -> None:
    assert "the page has left" in probe["printed"]


def test_nothing_is_kept_of_a_request(probe: Any) -> None:
    assert probe["leaked"] < 20  # over 200 requests


def test_it_logs_as_uvicorn_does(probe: Any) -> None:
    line = 'INFO:     127.0.0.1:50000 - "GET /caf%C3%A9?a=b HTTP/1.1" 200 OK'
    assert line in probe["printed"]
