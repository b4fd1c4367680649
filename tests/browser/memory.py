"""How much memory a running browser takes, all its processes together, while bodies pass.

Proportional set size: what several processes share is counted once. Sampled beside what
happens, since an engine may free in the end what it held meanwhile.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from tests.browser.known import STREAMS

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.tab import Tab

BODIES = (STREAMS.folder / "bodies.js").read_text()

MB = 1024 * 1024
EVERY = 0.1  # seconds between two samples
STILL = 1.5  # seconds in which a browser at rest neither shrinks nor grows


@dataclass
class Growth:
    """What was taken at first, and at most from then on; in bytes."""

    before: int
    peak: int = 0

    @property
    def megabytes(self) -> float:
        return max(0, self.peak - self.before) / MB


def held(engine: Engine) -> int:
    """Return the bytes that the browser's processes hold now."""
    driver: Any = engine.driver
    total = 0
    for process in psutil.Process(driver.service.process.pid).children(recursive=True):
        with suppress(psutil.Error):  # one that has just ended
            total += process.memory_full_info().pss
    return total


def settled(engine: Engine, patience: float) -> int:
    """Wait until the browser has come to rest, or for so long; return what it then holds."""
    end = time.monotonic() + patience
    seen = [held(engine)]
    while time.monotonic() < end:
        time.sleep(STILL / 3)
        seen.append(held(engine))
        if len(seen) > 3 and max(seen[-4:]) - min(seen[-4:]) < MB:
            break
    return seen[-1]


@contextmanager
def growth(engine: Engine, patience: float = 20) -> Iterator[Growth]:
    """Watch how much more the browser takes than before, until the block ends."""
    grown = Growth(settled(engine, patience))
    over = threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            grown.peak = max(grown.peak, held(engine))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        over.set()
        watcher.join()


@dataclass
class Bodies:
    """Large bodies to and from the page of a tab: of a site, or, not `framed`, of uvicorn's."""

    tab: Tab
    framed: bool = True

    @property
    def folder(self) -> Path:
        """Where the browser saves; the file that goes up is kept there, too."""
        return self.tab.engine.folder

    def run(self, body: str, *args: object) -> Any:
        return (self.tab.run_in_frame if self.framed else self.tab.run)(body, *args)

    def choose(self, size: int) -> None:
        """Choose a file of this size to go up."""
        file = self.folder / f"{size}.up"
        if not file.exists():
            file.write_bytes(bytes(range(256)) * (size // 256))
        if self.framed:
            self.tab.fill("#file", str(file))
        else:
            self.tab.driver.find_element("id", "file").send_keys(str(file))

    def upload(self, way: str, size: int) -> None:
        """Send the file that was chosen: by "fetch", "XMLHttpRequest" or in "FormData"."""
        received = self.run(BODIES, way, str(uuid.uuid4()), size)
        assert size <= received < size + 1000, received

    def read(self, size: int) -> None:
        """Let a script read a body to its end."""
        assert self.run(BODIES, "read", str(uuid.uuid4()), size) == size

    def download(self, size: int) -> None:
        """Let the browser save a file, and wait until it is there."""
        self.run(BODIES, "download", str(uuid.uuid4()), size)
        saved = self.tab.wait(lambda: self._saved(size), 60)
        saved.unlink()

    def _saved(self, size: int) -> Path | None:
        found = [file for file in self.folder.glob("large*") if file.stat().st_size == size]
        return found[0] if found and len(list(self.folder.glob("large*"))) == 1 else None


WAYS: dict[str, Callable[[Bodies, int], None]] = {
    "download to a file": lambda bodies, size: bodies.download(size),
    "read by a script": lambda bodies, size: bodies.read(size),
    "upload by fetch": lambda bodies, size: bodies.upload("fetch", size),
    "upload by XMLHttpRequest": lambda bodies, size: bodies.upload("XMLHttpRequest", size),
    "upload in FormData": lambda bodies, size: bodies.upload("FormData", size),
}


def grown_by(bodies: Bodies, way: str, size: int, patience: float = 20) -> float:
    """Return the megabytes that the browser grew by at most while a body passed.

    A small one passes first: what is taken once is no body's. For `patience`, see above.
    """
    bodies.choose(MB)
    WAYS[way](bodies, MB)
    bodies.choose(size)
    with growth(bodies.tab.engine, patience) as grown:
        WAYS[way](bodies, size)
    return grown.megabytes
