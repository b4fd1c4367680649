"""What modules drew from entropy and clocks when they were imported, and what is done about it.

Runs in Pyodide, at the boot that restores a snapshot. RENEWED is made anew then. HARMLESS names
what may stay as it was, with the reason. A module that draws and is in neither is not imported
before a snapshot, nor is any that imports it: build/preloading.py sees to it.
"""

import os
import sys
import time
from collections.abc import Callable
from types import ModuleType


def _seed(module: ModuleType) -> None:
    module.seed()


def _restart_clock(module: ModuleType) -> None:
    """`relativeCreated` of a log record counts from here."""
    module._startTime = time.time_ns()  # type: ignore[attr-defined]


def _read_time_zone(module: ModuleType) -> None:
    """`time.timezone` and its kin: the visitor may have travelled since."""
    if hasattr(module, "tzset"):
        module.tzset()


def _draw_key(module: ModuleType) -> None:
    current = module.current_process()
    current.authkey = os.urandom(32)


def _read_year(module: ModuleType) -> None:
    """By this it tells the century of a year with two digits."""
    info = module.DEFAULTPARSER.info
    info._year = time.localtime().tm_year
    info._century = info._year // 100 * 100


RENEWED: dict[str, Callable[[ModuleType], None]] = {
    "dateutil.parser._parser": _read_year,
    "logging": _restart_clock,
    "multiprocessing.process": _draw_key,
    "random": _seed,
    "time": _read_time_zone,
}

_SEEDS = "seeds of its hash tables, like Python's own hash seed: an order, no secret"
_NAMES = "UUIDs that make names unique within the process"

HARMLESS = {
    "dash._jupyter": _NAMES,
    "fastapi.telemetry._api": _NAMES,
    "litestar.constants": _NAMES,
    "litestar.openapi.controller": _NAMES,
    "opentelemetry.baggage": _NAMES,
    "opentelemetry.context": _NAMES,
    "opentelemetry.trace.propagation": _NAMES,
    "pydantic.types": _SEEDS,
    "pydantic_core._pydantic_core": _SEEDS,
}


def is_known(module: str) -> bool:
    """Say whether what a module draws at its import is taken care of."""
    return module in RENEWED or module in HARMLESS


def renew() -> None:
    """Make anew what was drawn; nothing else may have run since the restore."""
    if sys.path.count("") > 1:  # Pyodide puts it in front at each start
        sys.path.remove("")
    for name, renewal in RENEWED.items():
        if name in sys.modules:
            renewal(sys.modules[name])
