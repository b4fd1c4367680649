"""One file for all the modules that a script of the runtime imports.

Runs on CPython at build time. A browser asks for modules level by level and one by one, which on a
return visit was a tenth of the time until the app's page. Each module keeps a scope of its own.
Nothing is parsed: the runtime's modules are written in the few ways that this understands, and
another one is an error, which tests find.
"""

import re
from collections.abc import Mapping
from posixpath import normpath

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_STATEMENT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

# Whole lines of it: who reads the runtime reads it in the package.
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)


class UnknownStatementError(ValueError):
    """A module imports or exports in a way that is not understood here."""


def join(files: Mapping[str, bytes], path: str) -> bytes:
    """Put a module and all that it imports into one, which exports what the first one does.

    Raises `UnknownStatementError`, also for modules that import each other in a circle.
    """
    *imported, last = _in_order(files, path)
    scopes = [_scope(module, files) for module in imported]
    return "".join([*scopes, _with_constants(files, last)]).encode()


def without_comments(text: str) -> str:
    """Leave out the lines that hold nothing but a comment."""
    return COMMENT.sub("", text)


def _in_order(files: Mapping[str, bytes], path: str) -> list[str]:
    """Name the modules in the order in which they run."""
    done: list[str] = []

    def visit(module: str, above: tuple[str, ...]) -> None:
        if module in above:
            raise UnknownStatementError(f"{' -> '.join(above)} -> {module}")
        if module in done:
            return
        for _names, name in _IMPORT.findall(files[module].decode()):
            visit(_resolved(name, module), (*above, module))
        done.append(module)

    visit(path, ())
    return done


def _scope(module: str, files: Mapping[str, bytes]) -> str:
    text = _with_constants(files, module)
    names = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", text)
    if other := _STATEMENT.search(body):
        raise UnknownStatementError(f"{module}: {other.group()}")
    return f"const {_identifier(module)} = (() => {{\n{body}return {{ {names} }};\n}})();\n"


def _with_constants(files: Mapping[str, bytes], module: str) -> str:
    """Take what a module imports from the scopes of the others."""

    def constant(found: re.Match[str]) -> str:
        names, name = found.groups()
        return (
            f"const {{{names.replace(' as ', ': ')}}} = {_identifier(_resolved(name, module))};\n"
        )

    return _IMPORT.sub(constant, without_comments(files[module].decode()))


def _resolved(name: str, module: str) -> str:
    return normpath(f"{module}/../{name}")


def _identifier(module: str) -> str:
    return re.sub(r"\W", "_", module)
