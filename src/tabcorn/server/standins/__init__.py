"""Python in the place of compiled packages that have no build for the browser.

Runs in Pyodide, where a build has left the package out (build/known.py). A module stands in only
when nothing else provides it, and does what its package does, more slowly.
"""

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

STANDINS = {"rpds": "tabcorn.server.standins.rpds"}


def install(force: bool = False) -> None:
    """Let each be found when every other finder has been asked."""
    there = any(isinstance(finder, StandInFinder) for finder in sys.meta_path)
    if (sys.platform == "emscripten" or force) and not there:
        sys.meta_path.append(StandInFinder())


class StandInFinder(MetaPathFinder):
    """Finds the stand-ins by the names of what they stand for."""

    def find_spec(
        self, name: str, path: object, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for what has a stand-in."""
        del path, target
        return ModuleSpec(name, StandInLoader()) if name in STANDINS else None


class StandInLoader(Loader):
    """Loads a module of ours by the other's name."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return it, imported."""
        return import_module(STANDINS[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """It has been."""
