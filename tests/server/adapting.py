"""Trying an adaptation: where no thread can start, without it and with it."""

# An interface is implemented whole, whether all arguments are needed or not.
# ruff: noqa: ARG001, ARG002

import asyncio
import importlib
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tabcorn.server.adaptations import ADAPTATIONS
from tabcorn.server.sync.gate import gate

Adapt = Callable[[str], None]


@pytest.fixture(autouse=True)
def _no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


@pytest.fixture
def adapt(monkeypatch: pytest.MonkeyPatch) -> Adapt:
    """Return a function that applies a package's adaptations, to be undone after the test."""

    def apply(package: str) -> None:
        for adaptation in ADAPTATIONS:
            if adaptation.package == package:
                module = importlib.import_module(adaptation.module)
                remember(monkeypatch, module)
                adaptation.apply(module)

    return apply


def remember(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Have every class of a module be again, after the test, what it is now."""
    for owner in list(vars(module).values()):
        if isinstance(owner, type) and owner.__module__.startswith(module.__name__.split(".")[0]):
            for name, value in list(vars(owner).items()):
                if callable(value) or isinstance(value, (classmethod, staticmethod)):
                    monkeypatch.setattr(owner, name, value)


class PyodideLikeLoop(asyncio.SelectorEventLoop):
    """Runs executor functions as the browser's loop does, once the interpreter was set up."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        return gate.submit(lambda: func(*args))


def run(coroutine: Any) -> Any:
    """Run a coroutine on such a loop."""
    with asyncio.Runner(loop_factory=PyodideLikeLoop) as runner:
        return runner.run(coroutine)
