"""What `tabcorn check` prints and how it exits; the docs; and the examples, which must pass."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tabcorn import cli
from tabcorn.check.findings import KINDS
from tabcorn.check.size import BUDGET
from tests.browser.sites import ROOT

DOCS = (ROOT / "docs/check.md").read_text(encoding="utf-8")
BAD = "import os\nos.fork()\n"
WARNED = "URL = 'http://localhost:8000'\n"
APP = "async def app(scope, receive, send): ...\n"


def run(folder: Path, text: str, *options: str) -> Result:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "main.py").write_text(text + APP)
    return CliRunner().invoke(cli.main, ["check", "main:app", "--app-dir", str(folder), *options])


@pytest.mark.parametrize(
    ("text", "options", "exit_code"),
    [
        ("", [], 0),
        ("", ["--strict"], 0),
        (WARNED, [], 0),
        (WARNED, ["--strict"], 1),
        (BAD, [], 1),
        (BAD, ["--format", "json"], 1),
        ("", ["--format", "xml"], 2),
    ],
)
def test_exit_codes(tmp_path: Path, text: str, options: list[str], exit_code: int) -> None:
    assert run(tmp_path, text, *options).exit_code == exit_code


def test_text(tmp_path: Path) -> None:
    lines = run(tmp_path, BAD).stdout.splitlines()
    assert lines[0] == "error[process] main.py:2"
    assert lines[1] == "  os.fork is used."
    assert lines[2].startswith("  Why: A browser tab starts no processes")
    assert lines[3].startswith("  Do:  ")
    assert "main:app: 1 error." in lines


def test_nothing_found(tmp_path: Path) -> None:
    assert run(tmp_path, "").stdout.startswith("main:app: nothing found.\n")


def test_json_alone_is_on_stdout(tmp_path: Path) -> None:
    said = json.loads(run(tmp_path, BAD + WARNED, "--format", "json").stdout)
    assert said["version"] == 1
    assert (said["target"], said["ok"]) == ("main:app", False)
    assert said["counts"] == {"error": 1, "warning": 1, "note": 0}
    first = said["findings"][0]
    assert list(first) == ["code", "severity", "file", "line", "package", "what", "why", "fix"]
    assert (first["code"], first["severity"], first["line"]) == ("process", "error", 2)
    assert said["size"]["budget"] == BUDGET["download"]
    assert sum(said["size"]["parts"].values()) == said["size"]["download"]


def test_a_missing_app_is_the_same_error_as_in_a_build(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    command = ["check", "mian:app", "--app-dir", str(tmp_path), "--format", "json"]
    result = CliRunner().invoke(cli.main, command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no module 'mian'" in result.stderr


def test_docs_list_every_code_with_its_severity() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.+?) \|$", DOCS, re.MULTILINE)
    assert rows == [(code, kind.severity.word, kind.title) for code, kind in KINDS.items()]


def test_docs_name_every_key_of_the_json(tmp_path: Path) -> None:
    said = json.loads(run(tmp_path, BAD, "--format", "json").stdout)
    keys = {*said, *said["findings"][0], *said["size"], *said["counts"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in DOCS] == []


def test_docs_state_the_budget() -> None:
    assert f"{BUDGET['download'] / 1e6:.0f} MB" in DOCS


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("fastapi", "main:app"),
        ("flask", "main:app"),
        ("datasette", "main:app"),
        ("django", "project.asgi:application"),
    ],
)
def test_the_examples_pass(name: str, target: str) -> None:
    folder = str(ROOT / "examples" / name)
    result = CliRunner().invoke(cli.main, ["check", target, "--app-dir", folder, "--strict"])
    assert result.exit_code == 0, result.output
