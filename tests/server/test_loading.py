import asyncio
import importlib
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tabcorn.server.errors import AppImportError, StartError
from tabcorn.server.loading import Interface, detect_interface, load
from tests.server.recorder import log_of, request

Module = Callable[[str], str]
numbers = itertools.count()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Return a function that writes a module and returns its name."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write(source: str) -> str:
        name = f"loaded_app_{next(numbers)}"
        (tmp_path / f"{name}.py").write_text(source)
        return name

    return write


ASGI3 = "async def app(scope, receive, send): pass\n"


def failure(target: str, factory: bool = False, interface: Interface = Interface.AUTO) -> Any:
    with pytest.raises(StartError) as caught:
        load(target, factory, interface)
    return caught.value


# Import strings


@pytest.mark.parametrize("target", ["main", "main:", ":app", ""])
def test_a_target_must_name_a_module_and_an_attribute(target: str) -> None:
    error = failure(target)
    assert error.stage == "import"
    assert error.message == (
        f'Error loading ASGI app. Import string "{target}" must be in format '
        '"<module>:<attribute>".'
    )


@pytest.mark.parametrize("name", ["no_such_module", "no_such_package.main", "json.no_such_module"])
def test_a_module_that_is_not_there(name: str) -> None:
    error = failure(f"{name}:app")
    assert error.message == f'Error loading ASGI app. Could not import module "{name}".'
    assert error.traceback == ""


def test_an_attribute_that_is_not_there(module: Module) -> None:
    name = module(ASGI3)
    error = failure(f"{name}:app.inner")
    assert error.message == (
        f'Error loading ASGI app. Attribute "app.inner" not found in module "{name}".'
    )


def test_an_attribute_of_an_attribute(module: Module) -> None:
    name = module("class box:\n    async def app(scope, receive, send): pass\n")
    assert load(f"{name}:box.app", False, Interface.AUTO)[1] is Interface.ASGI3


# Errors in the app's own code


def test_a_dependency_that_is_missing_is_no_missing_app(module: Module) -> None:
    name = module("def helper():\n    import no_such_package\n\nhelper()\n")
    error = failure(f"{name}:app")
    assert isinstance(error, AppImportError)
    assert "No module named 'no_such_package'" in error.message
    assert "Declare the package" in error.message
    assert f"{name}.py" in error.traceback


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def broken(:\n    pass\n", "SyntaxError"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise SystemExit('no config')\n", "SystemExit: no config"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("import _winapi\n", "No module named '_winapi'"),
        ("raise AttributeError('app')\n", "AttributeError: app"),
    ],
)
def test_a_module_that_raises(module: Module, source: str, words: str) -> None:
    name = module(source)
    error = failure(f"{name}:app")
    assert error.stage == "import"
    assert words in error.message
    assert words in error.traceback
    assert f'{name}.py", line 1' in error.traceback


def test_a_traceback_holds_the_apps_frames_alone(module: Module) -> None:
    inner = module("try:\n    {}['a']\nexcept KeyError:\n    1 / 0\n")
    outer = module(f"import {inner}\n")
    trace = failure(f"{outer}:app").traceback
    files = [line.split('"')[1] for line in trace.splitlines() if line.startswith("  File")]
    assert [Path(file).stem for file in files] == [inner, outer, inner]


# Factories


def test_a_factory(module: Module) -> None:
    name = module(f"def create():\n    {ASGI3}\n    return app\n")
    with log_of() as log:
        load(f"{name}:create", True, Interface.AUTO)
    assert log == []


def test_a_factory_is_detected_with_a_warning(module: Module) -> None:
    name = module(f"def create():\n    {ASGI3}\n    return app\n")
    with log_of() as log:
        load(f"{name}:create", False, Interface.AUTO)
    assert log[0].startswith("WARNING: ASGI app factory detected. Using it, but please consider")


@pytest.mark.parametrize("factory", [True, False])
def test_a_factory_that_raises(module: Module, factory: bool) -> None:
    name = module("def create():\n    raise ValueError('no settings')\n")
    error = failure(f"{name}:create", factory)
    assert error.message == "Error loading ASGI app factory: ValueError: no settings"
    assert f"{name}.py" in error.traceback


def test_an_app_is_no_factory(module: Module) -> None:
    name = module(ASGI3)
    error = failure(f"{name}:app", factory=True)
    assert error.message.startswith("Error loading ASGI app factory: TypeError")


# Interfaces


@pytest.mark.parametrize(
    ("source", "interface"),
    [
        (ASGI3, Interface.ASGI3),
        ("class App:\n    async def __call__(self, s, r, d): pass\napp = App()", Interface.ASGI3),
        ("class app:\n    def __init__(self, scope): pass", Interface.ASGI2),
        ("def app(scope): pass", Interface.ASGI2),
    ],
)
def test_interfaces_are_told_apart(module: Module, source: str, interface: Interface) -> None:
    assert load(f"{module(source)}:app", False, Interface.AUTO)[1] is interface


@pytest.mark.parametrize(
    ("source", "interface"),
    [
        ("def app(environ, start_response): pass", Interface.WSGI),
        ("def app(environ, start_response, /): pass", Interface.WSGI),
        ("class App:\n    def __call__(self, env, start): pass\napp = App()", Interface.WSGI),
        ("app = (lambda wrapped: lambda e, s: wrapped(e, s))(None)", Interface.WSGI),
        ("def app(scope, receive, send): return None", Interface.ASGI3),
        ("def app(scope, receive=None): pass", Interface.ASGI2),
        ("def app(*args): pass", Interface.ASGI2),
        ("def app(environ, start_response, third=None): pass", Interface.ASGI2),
    ],
)
def test_those_that_uvicorn_takes_for_asgi_2(
    module: Module, source: str, interface: Interface
) -> None:
    name = module(f"{source}\nplain = app\ndel app\nclass box: app = plain")
    assert detect_interface(importlib.import_module(name).plain) is interface


def test_wsgi_is_served() -> None:
    app, interface = load("wsgiref.simple_server:demo_app", False, Interface.AUTO)
    assert interface is Interface.WSGI
    page = request(app)
    assert page.status == 200
    assert page.content.startswith(b"Hello world!")


def test_wsgi_on_request(module: Module) -> None:
    name = module(
        "def app(environ, start_response, third=None):\n"
        "    start_response('200 OK', [('x', 'y')])\n"
        "    return [b'asked for']\n"
    )
    app, _ = load(f"{name}:app", False, Interface.WSGI)
    assert request(app).content == b"asked for"


def test_what_cannot_be_called_is_no_app(module: Module) -> None:
    error = failure(f"{module('app = 42')}:app")
    assert error.stage == "interface"
    assert "'int' objects cannot be called" in error.message


def test_asgi_2_is_served(module: Module) -> None:
    name = module(
        "def app(scope):\n"
        "    async def instance(receive, send):\n"
        "        await send({'type': 'http.response.start', 'status': 200})\n"
        "        await send({'type': 'http.response.body', 'body': scope['path'].encode()})\n"
        "    return instance\n"
    )
    app, _ = load(f"{name}:app", False, Interface.AUTO)
    assert request(app, path="/two").content == b"/two"
    assert asyncio.iscoroutinefunction(app)
