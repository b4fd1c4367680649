"""From `module:attribute` to something that can be called as an ASGI 3 app.

Runs in Pyodide and under pytest. The rules and words are uvicorn's; on top of them an error in
the app's own code is told apart from a module that is not there, and comes with its traceback.
"""

import enum
import importlib
import inspect
import sys
from collections.abc import Callable
from typing import Any

from tabcorn.server.errors import AppImportError, InterfaceError, app_traceback, last_line
from tabcorn.server.logs import logger
from tabcorn.server.types import App, Receive, Scope, Send
from tabcorn.server.wsgi import as_asgi

if sys.version_info >= (3, 14):
    from inspect import iscoroutinefunction
else:
    from asyncio import iscoroutinefunction


class Interface(enum.StrEnum):
    """What `--interface` may say."""

    AUTO = "auto"
    ASGI3 = "asgi3"
    ASGI2 = "asgi2"
    WSGI = "wsgi"


ASGI_VERSIONS = {Interface.ASGI2: "2.0", Interface.ASGI3: "3.0", Interface.WSGI: "3.0"}


def load(target: str, factory: bool, interface: Interface) -> tuple[App, Interface]:
    """Import the app and return it as ASGI 3, with the interface that it was written for."""
    loaded = _call_factory(import_target(target), factory)
    if not callable(loaded):
        raise InterfaceError(
            f'"{target}" is not an ASGI app: {type(loaded).__name__!r} objects cannot be called. '
            "Name the app itself, or use --factory for a function that returns it."
        )
    found = detect_interface(loaded) if interface is Interface.AUTO else interface
    return _WRAPPERS[found](loaded), found


def import_target(target: str) -> Any:
    """Import `module:attribute.attribute` and return what it names."""
    module_name, _, attributes = target.partition(":")
    if not module_name or not attributes:
        raise _not_loaded(f'Import string "{target}" must be in format "<module>:<attribute>".')
    instance = _import_module(module_name)
    try:
        for attribute in attributes.split("."):
            instance = getattr(instance, attribute)
    except AttributeError:
        raise _not_loaded(
            f'Attribute "{attributes}" not found in module "{module_name}".'
        ) from None
    return instance


def _import_module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as exc:
        # `import missing` inside the app has the same type: only the name tells them apart.
        if exc.name and f"{name}.".startswith(f"{exc.name}."):
            raise _not_loaded(f'Could not import module "{name}".') from None
        raise _module_raised(name, exc) from exc
    except BaseException as exc:  # SystemExit too: nothing else would tell of it
        raise _module_raised(name, exc) from exc


def _not_loaded(reason: str, traceback: str = "") -> AppImportError:
    return AppImportError(f"Error loading ASGI app. {reason}", traceback)


def _module_raised(name: str, exc: BaseException) -> AppImportError:
    reason = f'Importing module "{name}" raised {last_line(exc)}'
    if isinstance(exc, ModuleNotFoundError) and not _is_pythons_own(exc.name):
        reason += ". Declare the package that provides it as a dependency of the app."
    return _not_loaded(reason, app_traceback(exc))


def _is_pythons_own(module: str | None) -> bool:
    return (module or "").partition(".")[0] in sys.stdlib_module_names


def _call_factory(loaded: Any, factory: bool) -> Any:
    """Return what a factory returns; without --factory, whatever can be called with nothing."""
    try:
        app = loaded()
    except TypeError as exc:
        if not factory:
            return loaded
        raise _factory_raised(exc) from exc
    except BaseException as exc:
        raise _factory_raised(exc) from exc
    if not factory:
        logger.warning(
            "ASGI app factory detected. Using it, "
            "but please consider setting the --factory flag explicitly."
        )
    return app


def _factory_raised(exc: BaseException) -> AppImportError:
    return AppImportError(f"Error loading ASGI app factory: {last_line(exc)}", app_traceback(exc))


def detect_interface(app: Any) -> Interface:
    """Tell ASGI 3 by its coroutine function, as uvicorn does, and others by what they take.

    uvicorn takes all of them for ASGI 2, one argument; a WSGI app has two and can do with no fewer.
    """
    if inspect.isclass(app):
        return Interface.ASGI3 if hasattr(app, "__await__") else Interface.ASGI2
    call = app if inspect.isfunction(app) else getattr(app, "__call__", None)  # noqa: B004
    if iscoroutinefunction(call):
        return Interface.ASGI3
    takes = tuple(number for number in (1, 2, 3) if _takes(app, number))
    return _BY_ARGUMENTS.get(takes, Interface.ASGI2)


_BY_ARGUMENTS: dict[tuple[int, ...], Interface] = {(2,): Interface.WSGI, (3,): Interface.ASGI3}


def _takes(app: Callable[..., Any], arguments: int) -> bool:
    try:
        inspect.signature(app).bind(*range(arguments))
    except (TypeError, ValueError):
        return False
    return True


def _as_asgi3(app: Callable[[Scope], Any]) -> App:
    """Wrap the two calls of ASGI 2 into one."""

    async def asgi2(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope)(receive, send)

    return asgi2


_WRAPPERS: dict[Interface, Callable[[Any], App]] = {
    Interface.ASGI2: _as_asgi3,
    Interface.ASGI3: lambda app: app,
    Interface.WSGI: as_asgi,
}
