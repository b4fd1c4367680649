"""Datasette: its own mode without threads.

Runs in Pyodide.
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation


def apply(module: ModuleType) -> None:
    """Let Datasette use its own mode without threads, whatever the app's settings say."""
    original = module.Datasette.setting

    def setting(self: Any, key: str) -> Any:
        return 0 if key == "num_sql_threads" else original(self, key)

    module.Datasette.setting = setting


ADAPTATIONS = (
    Adaptation(
        package="datasette",
        versions=">=0.61,<2",
        module="datasette.app",
        reason="runs queries in a thread pool and writes in a thread of their own, "
        "unless the setting num_sql_threads is 0",
        apply=apply,
    ),
)
