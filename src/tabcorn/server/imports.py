"""Following the import of modules: a function is called with a module once it was imported.

Runs in Pyodide and under pytest. Works for any loader, and leaves no trace in the module: its
spec and its loader are the original ones when the function is called.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Follower = Callable[[ModuleType], None]


def follow(followers: Mapping[str, Follower]) -> None:
    """Call each follower when the module of its name is imported, or now when it was already."""
    finder = _the_finder()
    for name, follower in followers.items():
        if name in sys.modules:
            follower(sys.modules[name])
        else:
            finder.followers[name] = follower


def _the_finder() -> "FollowingFinder":
    for finder in sys.meta_path:
        if isinstance(finder, FollowingFinder):
            return finder
    sys.meta_path.insert(0, FollowingFinder())
    return _the_finder()


class FollowingFinder(MetaPathFinder):
    """Finds what the other finders find, and puts a loader around the loader."""

    def __init__(self) -> None:
        self.followers: dict[str, Follower] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for the modules that are followed; all others are left to the others."""
        if name not in self.followers:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _FollowingLoader(spec.loader, self.followers[name])
                return spec
        return None


class _FollowingLoader(Loader):
    def __init__(self, loader: Loader, follower: Follower) -> None:
        self._loader = loader
        self._follower = follower

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._follower(module)
