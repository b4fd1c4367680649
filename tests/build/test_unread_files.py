"""Files of a pack, before and after they are opened, in Pyodide itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tabcorn.build.cache import Cache
from tabcorn.build.core import core_folder
from tabcorn.build.nodejs import find_node
from tabcorn.build.progress import Silent

HERE = Path(__file__).parent

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    core = core_folder(Cache.default(), Silent())
    node = str(find_node().executable)
    arguments = (core, core / "python_stdlib.zip", HERE / "unread_files.py")
    done = subprocess.run([node, HERE / "unread.mjs", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_they_are_there_with_their_size(found: dict[str, Any]) -> None:
    assert found["before"] == {"a.txt": 5, "b.txt": 5, "c.txt": 5, "e.txt": 0, "empty": 0}
    assert found["bare"] == []


def test_they_are_read_when_they_are_opened(found: dict[str, Any]) -> None:
    assert found["read"] == "firstfirst"
    assert found["empty"] == ""
    read = [path for path in found["opened"] if "/packs/" in path]
    assert read[0] == "/packs/here/a.txt"
    assert len(read) == len(set(read))


def test_they_are_changed_as_any_file(found: dict[str, Any]) -> None:
    assert found["changed"] == "otTER!"
    assert found["truncated"] == "thi-"
    assert found["overwritten"] == "new"
    assert found["unlinked"] == []


def test_what_cannot_be_fetched_is_an_error_with_its_name(found: dict[str, Any]) -> None:
    message = "[Errno 23] Host is unreachable: '/packs/gone/d.txt'"
    assert found["gone"] == found["gone again"] == message
    assert found["size of gone"] == 5
