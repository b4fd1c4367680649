"""Runs one script of node/ with a task, and passes on what Python prints in it.

Runs on CPython at build time. Task and result are JSON files; a run that takes too long or
breaks off becomes a BuildError.
"""

import errno
import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from tabcorn.build.nodejs import find_node
from tabcorn.errors import BuildError

SCRIPTS = Path(__file__).parent / "node"

# When node itself fails it prints the source line, and Pyodide's is a megabyte long.
_LONGEST_LINE = 500


class NodeTimeoutError(BuildError):
    """The script had not finished in time; `partial` is what it had written until then."""

    def __init__(self, script: str, seconds: float, partial: dict[str, Any]) -> None:
        super().__init__(f"{script} did not finish within {seconds:g} seconds.")
        self.partial = partial


def run_task(
    script: str,
    task: Mapping[str, object],
    folder: Path,
    seconds: float,
    on_line: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Run node/<script> with `task` in `folder` and return its result, a JSON object.

    Calls `on_line` in this thread with every line that it prints; raises BuildError, or OSError
    when the disk is full.
    """
    result = folder / "result.json"
    (folder / "task.json").write_text(json.dumps({**task, "result": str(result)}))
    command = [str(find_node().executable), str(SCRIPTS / script), str(folder / "task.json")]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            printed = _relay(process.stdout, on_line)
            status = process.wait()
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
            process.kill()
    found = _read(result)
    if timed_out:
        raise NodeTimeoutError(script, seconds, found or {})
    if status != 0 or found is None:
        if any("ENOSPC" in line for line in printed):
            raise OSError(errno.ENOSPC, "No space left on device")  # as a write of our own would
        raise BuildError(_broke_off(script, status, printed))
    return found


def _relay(stream: IO[bytes] | None, on_line: Callable[[str], None] | None) -> list[str]:
    lines: list[str] = []
    for raw in stream or ():
        line = raw[: _LONGEST_LINE * 4].decode(errors="replace").rstrip("\r\n")[:_LONGEST_LINE]
        lines.append(line)
        if on_line:
            on_line(line)
    return lines


def _read(result: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(result.read_text())
    except (OSError, ValueError):
        return None
    return found


def _broke_off(script: str, status: int, printed: list[str]) -> str:
    shown = "\n".join(f"  {line}" for line in printed[-20:])
    return f"Pyodide broke off in node ({script}, exit status {status}).\n{shown}".rstrip()
