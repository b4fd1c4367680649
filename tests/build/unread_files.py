"""Runs in Pyodide (see unread.mjs): what Python sees of files that were not opened yet."""

import json
import mmap
import os
from collections.abc import Callable
from pathlib import Path


def error_of(call: Callable[[], object]) -> str:
    """Give the message of the OSError that a call ends in."""
    try:
        call()
    except OSError as error:
        return str(error)
    return ""


here, gone = Path("/packs/here"), Path("/packs/gone/d.txt")
found: dict[str, object] = {
    "before": {name: (here / name).stat().st_size for name in sorted(os.listdir(here))},
    "bare": os.listdir("/packs/bare"),
    "read": (here / "a.txt").read_text() + (here / "a.txt").read_text(),
    "empty": (here / "empty").read_text() + (here / "e.txt").read_text(),
    "gone": error_of(gone.read_text),
    "gone again": error_of(gone.read_text),
    "size of gone": gone.stat().st_size,
}
with (here / "b.txt").open("r+") as changed:
    changed.seek(2)
    changed.write("TER!")
(here / "b.txt").rename(here / "moved.txt")
found["changed"] = (here / "moved.txt").read_text()
os.truncate(here / "c.txt", 3)
with (here / "c.txt").open("a") as appended:
    appended.write("-")
with (here / "c.txt").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
    found["truncated"] = bytes(m).decode()
gone.write_text("new")  # what it held is not needed for that
found["overwritten"] = gone.read_text()
gone.unlink()
found["unlinked"] = os.listdir("/packs/gone")
json.dumps(found)
