"""threading: `local` goes by the worker that sync code would be in.

Runs in Pyodide. The class is the standard library's own, in Python, which asks who runs.
"""

import _threading_local
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.sync import workers


def go_by_workers(module: ModuleType) -> None:
    """Give each worker values of its own."""
    the_one: Any = module.current_thread

    def current() -> Any:
        worker = workers.current.get()
        return the_one() if worker is workers.THE_THREAD else worker

    _threading_local.current_thread = current  # type: ignore[attr-defined]
    module.local = _threading_local.local  # type: ignore[attr-defined]


ADAPTATIONS = (
    Adaptation(
        package="threading",
        versions=">=3.11,<3.15",
        module="threading",
        reason="the responses of a WSGI app are made by turns in one thread, and would share "
        "what the app keeps in `threading.local` (Bottle its request)",
        apply=go_by_workers,
    ),
)
