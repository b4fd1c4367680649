"""From what the user typed to the app's module: 'main:app', 'pkg.mod:make', 'dir/main.py[:app]'.

Runs on CPython at build time and never imports the app: its packages are for another interpreter.
So only what the source alone makes certain is an error here; the rehearsal finds the rest.
"""

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path

from tabcorn.errors import TargetError, UsageError

# With one of these in it, a module may have names that its source does not show.
_DYNAMIC = {"__getattr__", "globals", "vars", "locals", "exec", "eval", "setattr", "modules"}


@dataclass(frozen=True)
class Entry:
    """Where the app is. `source` is None when its module is not one of the app's own files."""

    module: str
    attribute: str
    app_dir: Path
    search_path: tuple[str, ...]
    """Folders to import from, relative to `app_dir`, first one first."""
    source: Path | None

    @property
    def target(self) -> str:
        """The target in uvicorn's form."""
        return f"{self.module}:{self.attribute}"

    @property
    def source_path(self) -> str:
        """The source's path relative to `app_dir`, '/' between parts; empty without a source."""
        return self.source.relative_to(self.app_dir).as_posix() if self.source else ""


def find_entry(target: str, app_dir: Path | None) -> Entry:
    """Find the app's module. Raises UsageError for a malformed target, TargetError otherwise."""
    name, attribute = _split(target)
    if name.endswith(".py") or "/" in name or "\\" in name:
        return _from_file(Path(name), attribute or "app", app_dir)
    return _from_module(name, attribute or "app", app_dir or Path())


def check_entry(entry: Entry) -> None:
    """Raise TargetError for an attribute that the module cannot have."""
    tree = _parse(entry)
    if tree is None:
        return
    first = entry.attribute.split(".")[0]
    names = _bound_names(tree)
    if first in names or _is_dynamic(tree):
        return
    raise TargetError(
        f"{entry.source} defines no '{first}'.{suggestion(first, names)} "
        f"Name the app as {entry.module}:<attribute>."
    )


def known_attributes(entry: Entry) -> set[str]:
    """Give the names that the module's source binds; empty when there is no source."""
    tree = _parse(entry)
    return _bound_names(tree) if tree else set()


def seems_broken(entry: Entry) -> bool:
    """Tell whether this Python cannot parse the module; Pyodide's is newer and has the say."""
    return entry.source is not None and _parse(entry) is None


def suggestion(name: str, known: set[str]) -> str:
    """Give ' Did you mean ...?' when something is close to `name`, else an empty string."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.4)  # app, application
    return f" Did you mean '{close[0]}'?" if close else ""


def _split(target: str) -> tuple[str, str]:
    name, colon, attribute = target.rpartition(":")
    if not colon or name == "" or (len(name) == 1 and attribute[:1] in "/\\"):  # C:\app\main.py
        name, attribute = target, ""
    if not name.strip() or name.startswith(":") or (colon and not attribute and target[-1] == ":"):
        raise UsageError(
            f"'{target}' names no app. Use <module>:<attribute>, as in main:app, "
            "or a file, as in main.py or main.py:app."
        )
    if attribute and not all(part.isidentifier() for part in attribute.split(".")):
        raise UsageError(
            f"'{attribute}' in '{target}' is not the name of an attribute. Use main:app, or "
            "main:make with --factory for a function that makes the app."
        )
    return name, attribute


def _from_file(file: Path, attribute: str, app_dir: Path | None) -> Entry:
    if file.is_dir():
        raise TargetError(f"{file} is a folder. Name a file in it, as in {file / 'main.py'}.")
    if not file.is_file():
        near = {path.name for path in file.parent.glob("*.py")} if file.parent.is_dir() else set()
        raise TargetError(f"There is no file {file}.{suggestion(file.name, near)}")
    source = file.resolve()
    root = app_dir.resolve() if app_dir else _above_packages(source.parent)
    if not source.is_relative_to(root):
        raise UsageError(f"{file} is not inside of --app-dir {app_dir}.")
    parts = source.relative_to(root).with_suffix("").parts
    names = parts[:-1] if parts[-1] == "__init__" else parts
    if not names or not all(name.isidentifier() for name in names):
        raise TargetError(
            f"{file} cannot be imported under the name '{'.'.join(names) or source.stem}'. "
            "Rename it so that it is a Python identifier."
        )
    return Entry(".".join(names), attribute, root, (".",), source)


def _above_packages(folder: Path) -> Path:
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def _from_module(module: str, attribute: str, app_dir: Path) -> Entry:
    if not app_dir.is_dir():
        raise UsageError(f"--app-dir {app_dir} is not a folder.")
    names = module.split(".")
    if not all(name.isidentifier() for name in names):
        raise UsageError(f"'{module}' is not a module name. Use <module>:<attribute> or a file.")
    root = app_dir.resolve()
    for place in (".", "src"):
        if source := _module_source(root / place, names):
            search_path = (".",) if place == "." else (".", "src")
            return Entry(module, attribute, root, search_path, source)
    return Entry(module, attribute, root, (".",), None)


def _module_source(folder: Path, names: list[str]) -> Path | None:
    base = folder.joinpath(*names)
    candidates = (base / "__init__.py", base.with_name(base.name + ".py"))
    return next((path for path in candidates if path.is_file()), None)


def missing_module(entry: Entry) -> TargetError:
    """Make the error for a module that neither the app's folder nor a dependency has."""
    first = entry.module.split(".")[0]
    files = {path.stem for path in entry.app_dir.glob("*.py")}
    folders = {path.parent.name for path in entry.app_dir.glob("*/__init__.py")}
    return TargetError(
        f"There is no module '{entry.module}' in {entry.app_dir}."
        f"{suggestion(first, files | folders)} "
        "Run from the folder that holds it, or name that folder with --app-dir."
    )


def _parse(entry: Entry) -> ast.Module | None:
    try:
        return ast.parse(entry.source.read_bytes()) if entry.source else None
    except (SyntaxError, ValueError):
        return None
    except OSError as error:
        raise TargetError(f"{entry.source} cannot be read: {error.strerror}.") from error


def _bound_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=alias):
                names.add(alias or name.split(".")[0])
    return names


def _is_dynamic(tree: ast.Module) -> bool:
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool(used & _DYNAMIC) or bool({"*", "__getattr__"} & _bound_names(tree))
