"""The page script, put together from its files."""

import re
import subprocess
from pathlib import Path

import pytest

from tabcorn.build.joined import without_comments
from tabcorn.build.nodejs import find_node
from tabcorn.build.pagescript import page_script, sockets_script
from tabcorn.build.runtimefiles import runtime_modules

RUNTIME = runtime_modules()


@pytest.mark.parametrize("port", [True, False])
def test_it_is_a_classic_script(port: bool, tmp_path: Path) -> None:
    script = tmp_path / "page.cjs"
    script.write_text(page_script(RUNTIME, port))
    subprocess.run([find_node().executable, "--check", script], check=True)
    assert not re.search(r"^(import|export)\b", script.read_text(), re.MULTILINE)


def test_every_file_of_the_folder_is_in_it() -> None:
    script = page_script(RUNTIME, True)
    for path, data in RUNTIME.items():
        if path.startswith("page/"):
            # What carries a line's bytes is wanted in both of the inner functions.
            expected = 2 if path == "page/line.js" else 1
            assert script.count(without_comments(data.decode())) == expected, path


def test_without_the_port_fetch_is_left_alone() -> None:
    requests = without_comments(RUNTIME["page/portable.js"].decode())
    assert requests in page_script(RUNTIME, True)
    assert requests not in page_script(RUNTIME, False)


def test_the_part_for_workers_is_one_function() -> None:
    script = sockets_script(RUNTIME)
    assert script.startswith("function installSockets(place) {")
    assert script in page_script(RUNTIME, False)
