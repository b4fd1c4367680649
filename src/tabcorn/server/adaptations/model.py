"""What an adaptation is: a change to one module of one package, and why.

Runs in Pyodide and under pytest; imports nothing of the packages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Adaptation:
    """A change to one module of one package."""

    package: str
    versions: str  # a specifier set: the releases it was tried with; empty for Python's own
    module: str
    reason: str
    apply: Callable[[ModuleType], None]
