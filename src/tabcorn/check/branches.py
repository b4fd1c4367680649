"""Which way an `if` goes in the browser, where its condition alone tells.

Runs on CPython at build time; the answers are those of target.py's interpreter.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from tabcorn.build.target import MARKERS, PYTHON_FULL_VERSION

_VERSION = tuple(int(part) for part in PYTHON_FULL_VERSION.split("."))

_KNOWN: dict[str, Any] = {
    "TYPE_CHECKING": False,
    "typing.TYPE_CHECKING": False,
    "t.TYPE_CHECKING": False,
    "__name__": "",  # some module's name; never "__main__"
    "sys.platform": MARKERS["sys_platform"],
    "os.name": MARKERS["os_name"],
    "platform.system()": MARKERS["platform_system"],
    "sys.version_info": _VERSION,
}

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class _Unknown(Exception):
    """The condition depends on something that is known only when it runs."""


def holds(test: ast.expr) -> bool | None:
    """Tell whether a condition is true in the browser; None when that cannot be told."""
    try:
        return bool(_value(test))
    except (_Unknown, TypeError, AttributeError):
        return None


def ends(body: list[ast.stmt]) -> bool:
    """Tell whether nothing after this block is reached."""
    return bool(body) and isinstance(body[-1], _LEAVING)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return tuple(_value(item) for item in items)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand)
        case ast.BoolOp(op=op, values=values):
            return _joined(isinstance(op, ast.Or), values)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return _COMPARISONS[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[prefix]):
            return _value(value).startswith(_value(prefix))
        case ast.Name() | ast.Attribute() | ast.Call() if ast.unparse(node) in _KNOWN:
            return _KNOWN[ast.unparse(node)]
    raise _Unknown


def _joined(decisive: bool, values: list[ast.expr]) -> bool:
    """Decide `or` (decisive: True) and `and`: one decisive value is enough."""
    truths = [holds(value) for value in values]
    if decisive in truths:
        return decisive
    if None in truths:
        raise _Unknown
    return not decisive
