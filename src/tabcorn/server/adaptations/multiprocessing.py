"""multiprocessing: can be imported whole, and says what it cannot do when it is used.

Runs in Pyodide, where its compiled part is missing. Packages import it for what they run on a
server only, or for a type's name (Quart, through hypercorn).
"""

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation


class SemLock:
    """What every lock of multiprocessing is made of."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_args: Any) -> None:
        raise OSError(
            "A browser tab starts no processes, so that multiprocessing has nothing to share. "
            "Call the function itself, or asyncio.to_thread."
        )


def add_compiled_part(_module: ModuleType) -> None:
    """Put a module in the place of `_multiprocessing`, unless it is there."""
    if find_spec("_multiprocessing") is None:
        stand_in: Any = ModuleType("_multiprocessing")
        stand_in.__file__ = __file__  # from nowhere it would pass for a module of the app
        stand_in.SemLock = SemLock
        stand_in.sem_unlink = _unlink
        sys.modules["_multiprocessing"] = stand_in


def _unlink(_name: str) -> None:
    """Forget a name; none was ever given."""


ADAPTATIONS = (
    Adaptation(
        package="multiprocessing",
        versions=">=3.11,<3.15",
        module="multiprocessing",
        reason="its compiled part is missing in Pyodide, and imports fail of it",
        apply=add_compiled_part,
    ),
)
