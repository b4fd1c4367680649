"""Every module of the app and its packages, and which of them the app's own module leads to.

Runs on CPython at build time. Only what is reached is parsed. Names in strings count for the
app's own files, since frameworks import by them (Django's settings).
"""

from __future__ import annotations

import ast
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tabcorn.build.closure import Package
from tabcorn.build.project import Project
from tabcorn.check.visit import Facts, Import, visit


@dataclass
class Module:
    """One Python file that can be imported."""

    name: str
    path: str
    """Relative to the app's folder, or to site-packages."""
    data: bytes = field(repr=False)
    package: Package | None = None
    """The dependency that brings it; None for the app's own."""
    certain: bool = False
    """It is imported whenever the app starts."""
    importer: Module | None = field(default=None, repr=False)
    """Who was first seen to import it; None for the app's main module."""

    @property
    def parent(self) -> str:
        """The package that its relative imports start from."""
        is_package = self.path.endswith("__init__.py")
        return self.name if is_package else self.name.rpartition(".")[0]

    @cached_property
    def facts(self) -> Facts | None:
        """What the file does; None when this Python cannot parse it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in strings: the authors' business
            try:
                return visit(ast.parse(self.data), self.parent)
            except (SyntaxError, ValueError, RecursionError):
                return None

    def chain(self) -> str:
        """Say who leads here: 'main imports a, which imports b'; packages, not their modules."""
        steps = [self._owner]
        above = self.importer
        while above:
            steps += [above._owner] if above._owner != steps[-1] else []
            above = above.importer
        steps.reverse()
        text = f"{steps[0]} imports {steps[1]}" if len(steps) > 1 else ""
        return text + "".join(f", which imports {step}" for step in steps[2:])

    @property
    def _owner(self) -> str:
        return self.package.name if self.package else self.name


class Modules:
    """All modules by name; those that are reached are in `reached`, in the order found."""

    def __init__(self, project: Project, packages: tuple[Package, ...]) -> None:
        self._by_name: dict[str, Module] = {}
        self._names: set[str] = set()
        for package in packages:
            self._add(package.files(), "", package)
        for folder in reversed(project.entry.search_path):
            self._add(project.files, "" if folder == "." else f"{folder}/", None)
        self.own = [module for module in self._by_name.values() if module.package is None]
        self.reached: list[Module] = []
        self._reach(project.entry.module)

    def provides(self, name: str) -> bool:
        """Tell whether anything that is taken along has this top-level name."""
        return name.partition(".")[0] in self._names

    def _add(self, files: Mapping[str, bytes], prefix: str, package: Package | None) -> None:
        for path, data in files.items():
            if not path.startswith(prefix):
                continue
            inside = path.removeprefix(prefix)
            self._names.add(inside.partition("/")[0].partition(".")[0])
            if inside.endswith(".py"):
                name = inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                self._by_name[name] = Module(name, path, data, package)

    def _reach(self, start: str) -> None:
        """Follow the imports, those that are sure to happen first."""
        waiting = deque(each for each in self._named(start))
        for module in waiting:
            module.certain = True
        later: deque[Module] = deque()
        seen: set[str] = set()
        while waiting or later:
            module = waiting.popleft() if waiting else later.popleft()
            if module.name in seen:
                continue
            seen.add(module.name)
            self.reached.append(module)
            for target, certain in self._targets(module):
                if target.name not in seen:
                    target.importer = target.importer or module
                    target.certain = target.certain or certain
                    (waiting if target.certain else later).append(target)

    def _targets(self, module: Module) -> Iterator[tuple[Module, bool]]:
        facts = module.facts or Facts()
        for each in facts.imports:
            sure = module.certain and each.place.eager and not each.place.guarded
            yield from ((target, sure) for target in self._imported(each))
        if module.package is None:
            for text in facts.texts:
                yield from ((target, False) for target in self._in_string(text.value))

    def _imported(self, found: Import) -> Iterator[Module]:
        yield from self._named(found.module)
        for name in found.names:
            if target := self._by_name.get(f"{found.module}.{name}"):
                yield target

    def _in_string(self, text: str) -> Iterator[Module]:
        """A dotted name in a string: the module, what is around it, the app's own below it."""
        name = text.partition(":")[0]
        if not all(part.isidentifier() for part in name.split(".")):
            return
        found = list(self._named(name))
        yield from found
        if found and found[0].package is None:
            yield from (m for m in self.own if m.name.startswith(f"{name}."))

    def _named(self, name: str) -> Iterator[Module]:
        """Yield the module of this name, and the packages around it, which it loads first."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            if module := self._by_name.get(".".join(parts[:length])):
                yield module
