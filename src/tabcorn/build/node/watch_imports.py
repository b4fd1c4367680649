"""Watches what each module does while it is imported: what it draws, reads, opens and imports.

Runs in Pyodide, under node, at build time (see rehearse.mjs); build/preloading.py says what follows
from it. What is seen of a module is what its own code did, less what the modules did that it
imported meanwhile.
"""

import builtins
import importlib._bootstrap as bootstrap
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Draws = Callable[[], Any]
"""How often entropy has been drawn and clocks been read so far: two numbers."""


@dataclass
class Seen:
    """Of one module."""

    entropy: int = 0
    clocks: int = 0
    changed_variables: set[str] = field(default_factory=set)
    """Variables of the environment that it read after somebody had set them."""
    opened: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)


class Watch:
    """Watches from the moment it is made until the interpreter ends."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._there = frozenset(sys.modules)
        self._seen: dict[str, Seen] = {}
        self._running: list[Seen] = []
        bootstrap._load_unlocked = self._loading(bootstrap._load_unlocked)  # type: ignore[attr-defined]
        builtins.__import__ = self._importing(builtins.__import__)
        os.environ._data = Variables(os.environ._data, self)  # type: ignore[attr-defined]
        sys.addaudithook(self._audit)

    def report(self) -> str:
        """Return, as JSON, what was imported since, in its order, and where each is from."""
        modules = {name: each for name, each in sys.modules.items() if name not in self._there}
        return json.dumps({name: self._told(name, each) for name, each in modules.items() if each})

    def _told(self, name: str, module: ModuleType) -> dict[str, Any]:
        seen = self._seen.get(name, Seen())
        return {
            "from": _origin(module),
            "entropy": seen.entropy,
            "clocks": seen.clocks,
            "changed_variables": sorted(seen.changed_variables),
            "opened": sorted(seen.opened),
            "imports": sorted(seen.imports),
        }

    def _loading(self, load: Callable[[ModuleSpec], ModuleType]) -> Any:
        def watched(spec: ModuleSpec) -> ModuleType:
            seen = self._seen.setdefault(spec.name, Seen())
            entropy, clocks = self._draws()
            outer = self._running[-1] if self._running else None
            self._running.append(seen)
            try:
                return load(spec)
            finally:
                self._running.pop()
                entropy_after, clocks_after = self._draws()
                _add(seen, outer, entropy_after - entropy, clocks_after - clocks)

        # So that a traceback leaves it out, as it does the frames of the import system.
        watched.__code__ = watched.__code__.replace(co_filename="<frozen importlib._bootstrap>")
        return watched

    def _importing(self, original: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
        def watched(
            name: str,
            globals: Any = None,
            locals: Any = None,
            fromlist: Any = (),
            level: int = 0,
        ) -> ModuleType:
            module = original(name, globals, locals, fromlist, level)
            if self._running:
                self._running[-1].imports |= _imported(module, name, fromlist, level)
            return module

        return watched

    def read(self, variable: str) -> None:
        """Note that a variable was read which has been set meanwhile."""
        if self._running:
            self._running[-1].changed_variables.add(variable)

    def _audit(self, event: str, given: tuple[Any, ...]) -> None:
        if self._running and event == "open" and isinstance(given[0], str):
            self._running[-1].opened.add(given[0])


def _add(seen: Seen, outer: Seen | None, entropy: int, clocks: int) -> None:
    seen.entropy += entropy
    seen.clocks += clocks
    if outer:
        outer.entropy -= entropy
        outer.clocks -= clocks


def _imported(module: ModuleType, name: str, fromlist: Any, level: int) -> set[str]:
    """What `import name` or `from name import fromlist` has got, by full names."""
    base = module.__name__ if fromlist or level else name
    names = {base, *(f"{base}.{each}" for each in fromlist or ())}
    return {each for each in names if each in sys.modules}


class Variables(dict[Any, Any]):
    """The environment's own dictionary, which tells of reads of what has been set since."""

    def __init__(self, given: dict[Any, Any], watch: Watch) -> None:
        super().__init__(given)
        self._watch = watch
        self._set: set[Any] = set()

    def __setitem__(self, key: Any, value: Any) -> None:
        self._set.add(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        self._set.add(key)
        super().__delitem__(key)

    def __getitem__(self, key: Any) -> Any:
        if key in self._set:
            self._watch.read(os.fsdecode(key))
        return super().__getitem__(key)

    def __iter__(self) -> Any:
        for key in self._set:
            self._watch.read(os.fsdecode(key))
        return super().__iter__()


def _origin(module: ModuleType) -> str:
    """A file's or a folder's path, `built-in` or `frozen`; empty where nothing tells."""
    file = getattr(module, "__file__", None)
    if file:
        return str(file)
    folders = list(getattr(module, "__path__", ()))
    if folders:
        return str(folders[0])
    return str(getattr(getattr(module, "__spec__", None), "origin", None) or "")
