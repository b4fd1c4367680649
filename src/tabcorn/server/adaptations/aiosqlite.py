"""aiosqlite: a connection does its work when it is asked, instead of in a thread of its own.

Runs in Pyodide.
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation


class _NoThread:
    """What a connection starts; SQLAlchemy sets `daemon` on it."""

    daemon = True

    def start(self) -> None:
        """Nothing has to run."""

    def is_alive(self) -> bool:
        """Say what is_alive says of a thread that waits for work."""
        return True


class _InlineQueue:
    """Does what is put into it."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def put_nowait(self, item: tuple[Any, Any]) -> None:
        """Call the function and settle the future, as the thread does."""
        future, function = item
        try:
            result = function()
        except BaseException as exc:
            if future:
                self._module.set_exception(future, exc)
        else:
            if future:
                self._module.set_result(future, result)


def apply(module: ModuleType) -> None:
    """Give each connection a queue and a thread that are none."""
    original = module.Connection.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._tx = _InlineQueue(module)
        self._thread = _NoThread()

    module.Connection.__init__ = __init__


ADAPTATIONS = (
    Adaptation(
        package="aiosqlite",
        versions=">=0.22,<0.23",
        module="aiosqlite.core",
        reason="starts a thread for every connection",
        apply=apply,
    ),
)
