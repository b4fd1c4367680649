"""What a Python file does, as far as its syntax shows: imports, calls, strings, and where.

Runs on CPython at build time. Branches that a browser never takes (`if __name__ == "__main__"`,
TYPE_CHECKING, tests of sys.platform) are not looked at.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tabcorn.check.branches import ends, holds

# What code that expects to be refused catches.
_CAUGHT = """
    ImportError ModuleNotFoundError OSError RuntimeError NotImplementedError AttributeError
    Exception BaseException
"""
_CATCHING = frozenset(_CAUGHT.split())


@dataclass(frozen=True)
class Place:
    """Where something stands."""

    line: int = 0
    eager: bool = True
    """It runs whenever the module is imported."""
    guarded: bool = False
    """Its failure is caught."""
    in_async: bool = False
    """It is the body of an `async def`."""


@dataclass(frozen=True)
class Import:
    """`import module`, or `from module import names`; relative ones are made absolute."""

    module: str
    names: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Use:
    """A call, or a base class, by its full name: `subprocess.run`, `requests.Session().get`.

    What no import explains has '?' for its beginning.
    """

    name: str
    place: Place
    awaited: bool = False


@dataclass(frozen=True)
class Text:
    """A string that is not a docstring; `about` is the name that it is given to, or empty."""

    value: str
    line: int
    about: str


@dataclass
class Facts:
    """All that was seen in one file."""

    imports: list[Import] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def visit(tree: ast.Module, package: str) -> Facts:
    """Look through a module; relative imports start at `package`."""
    visitor = _Visitor(package)
    visitor.block(tree.body)
    return visitor.facts


class _Visitor(ast.NodeVisitor):
    def __init__(self, package: str) -> None:
        self.facts = Facts()
        self._package = package.split(".") if package else []
        self._place = Place()
        self._about = ""
        self._names: ChainMap[str, str] = ChainMap()  # local name -> full name
        self._awaited: set[ast.AST] = set()

    def block(self, body: list[ast.stmt]) -> None:
        """Visit statements, up to an `if` that always leaves."""
        for statement in body:
            self.visit(statement)
            if isinstance(statement, ast.If) and holds(statement.test) and ends(statement.body):
                return

    @contextmanager
    def _at(self, **changes: bool) -> Iterator[None]:
        before, self._place = self._place, replace(self._place, **changes)
        yield
        self._place = before

    @contextmanager
    def _naming(self, about: str) -> Iterator[None]:
        before, self._about = self._about, about or self._about
        yield
        self._about = before

    def _here(self, node: ast.stmt | ast.expr) -> Place:
        return replace(self._place, line=node.lineno)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.facts.imports.append(Import(alias.name, (), self._here(node)))
            if alias.asname:
                self._names[alias.asname] = alias.name
            else:
                first = alias.name.partition(".")[0]
                self._names[first] = first

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self._absolute(node.module or "", node.level)
        names = tuple(alias.name for alias in node.names)
        self.facts.imports.append(Import(module, names, self._here(node)))
        for alias in node.names:
            self._names[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        base = self._package[: len(self._package) - level + 1]
        return ".".join([*base, *filter(None, [module])])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node, in_async=False)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node, in_async=True)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, in_async: bool) -> None:
        for each in (*node.decorator_list, node.args):
            self.visit(each)
        with self._scope(node.args), self._at(eager=False, guarded=False, in_async=in_async):
            self.block(node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        with self._scope(node.args), self._at(eager=False, guarded=False, in_async=False):
            self.visit(node.body)

    @contextmanager
    def _scope(self, arguments: ast.arguments) -> Iterator[None]:
        outer = self._names
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        self._names = outer.new_child(dict.fromkeys((each.arg for each in every), "?"))
        yield
        self._names = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for base in node.bases:
            self.facts.uses.append(Use(self._full_name(base), self._here(base)))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        truth = holds(node.test)
        self.visit(node.test)
        with self._at(eager=self._place.eager and truth is not None):
            if truth is not False:
                self.block(node.body)
            if truth is not True:
                self.block(node.orelse)

    def visit_Try(self, node: ast.Try) -> None:
        with self._at(guarded=self._place.guarded or any(map(_catches, node.handlers))):
            self.block(node.body)
        with self._at(eager=False):
            for handler in node.handlers:
                self.block(handler.body)
        self.block([*node.orelse, *node.finalbody])

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.visit(node.value)

    def visit_Await(self, node: ast.Await) -> None:
        self._awaited.add(node.value)
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = self._full_name(node.func)
        self.facts.uses.append(Use(name, self._here(node), node in self._awaited))
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        with self._naming(node.arg or ""):
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        with self._naming(_written_name(target)):
            self.visit(node.value)
        if isinstance(target, ast.Name):
            self._bind(target.id, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            with self._naming(_written_name(node.target)):
                self.visit(node.value)
            if isinstance(node.target, ast.Name):
                self._bind(node.target.id, node.value)

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if isinstance(node.optional_vars, ast.Name):
            self._bind(node.optional_vars.id, node.context_expr)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            named = key.value if isinstance(key, ast.Constant) else ""
            with self._naming(named if isinstance(named, str) else ""):
                self.visit(value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value:
            self.facts.texts.append(Text(node.value, node.lineno, self._about))

    def _bind(self, name: str, value: ast.expr) -> None:
        self._names[name] = self._full_name(value)

    def _full_name(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self._names.get(name, "?")
            case ast.Attribute(value=value, attr=attribute):
                return f"{self._full_name(value)}.{attribute}"
            case ast.Call(func=function):
                return f"{self._full_name(function)}()"
            case ast.Await(value=value):
                return self._full_name(value)
        return "?"


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(caught & _CATCHING)


def _written_name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""
