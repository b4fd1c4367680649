# An ASGI app takes three arguments, whether it needs them or not.
# ruff: noqa: ARG001

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tabcorn.server.errors import LifespanError
from tabcorn.server.lifespan import Lifespan, Mode
from tabcorn.server.types import App, Receive, Scope, Send
from tests.server.recorder import log_of

STARTED = ["INFO: Waiting for application startup.", "INFO: Application startup complete."]
STOPPED = ["INFO: Waiting for application shutdown.", "INFO: Application shutdown complete."]
FAILED = "ERROR: Application startup failed. Exiting."


def run(app: App, mode: Mode, then: Callable[[Lifespan], Any] | None = None) -> list[str]:
    """Start and stop an app, and return the log."""

    async def main() -> None:
        lifespan = Lifespan(app, mode)
        await lifespan.startup()
        if then:
            then(lifespan)
        await lifespan.shutdown()

    with log_of() as log:
        asyncio.run(main())
    return [line for line in log if not line.startswith("DEBUG")]


async def polite(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "lifespan"
    assert scope["asgi"] == {"version": "3.0", "spec_version": "2.0"}
    scope["state"]["pool"] = "open"
    assert await receive() == {"type": "lifespan.startup"}
    await send({"type": "lifespan.startup.complete"})
    assert await receive() == {"type": "lifespan.shutdown"}
    await send({"type": "lifespan.shutdown.complete"})


async def without_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.ON])
def test_startup_and_shutdown(mode: Mode) -> None:
    seen: list[dict[str, Any]] = []
    assert run(polite, mode, lambda lifespan: seen.append(lifespan.state)) == STARTED + STOPPED
    assert seen == [{"pool": "open"}]


def test_off_never_calls_the_app() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    assert run(app, Mode.OFF) == []


def test_auto_tolerates_an_app_without_lifespan() -> None:
    unsupported = "INFO: ASGI 'lifespan' protocol appears unsupported."
    assert run(without_lifespan, Mode.AUTO) == [STARTED[0], unsupported, STARTED[1]]


def test_on_does_not() -> None:
    with log_of() as log, pytest.raises(LifespanError) as caught:
        asyncio.run(Lifespan(without_lifespan, Mode.ON).startup())
    assert log == [STARTED[0], "ERROR: Exception in 'lifespan' protocol", FAILED]
    assert caught.value.message.startswith("Application startup failed: AssertionError")
    assert "test_lifespan.py" in caught.value.traceback


def failing(message: dict[str, str]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", **message})
        raise ValueError("as Starlette does")

    return app


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.ON])
def test_a_failed_startup_stops_with_the_apps_message(mode: Mode) -> None:
    app = failing({"message": "The database is gone."})
    with log_of() as log, pytest.raises(LifespanError) as caught:
        asyncio.run(Lifespan(app, mode).startup())
    assert log == [STARTED[0], "ERROR: The database is gone.", FAILED]
    assert str(caught.value) == "Application startup failed: The database is gone."


def test_a_failed_startup_without_a_message() -> None:
    with log_of(), pytest.raises(LifespanError, match="no reason given"):
        asyncio.run(Lifespan(failing({}), Mode.AUTO).startup())


def test_a_traceback_as_a_message_is_shown_as_one() -> None:
    trace = 'Traceback (most recent call last):\n  File "x"\nKeyError: 1\n'
    with log_of(), pytest.raises(LifespanError) as caught:
        asyncio.run(Lifespan(failing({"message": trace}), Mode.AUTO).startup())
    assert caught.value.message == "Application startup failed: KeyError: 1"
    assert caught.value.traceback == trace


def test_returning_without_an_answer_is_a_startup() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    assert run(app, Mode.ON) == STARTED + STOPPED


def test_a_failed_shutdown_is_logged() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "stuck"})

    failed = ["ERROR: stuck", "ERROR: Application shutdown failed. Exiting."]
    assert run(app, Mode.AUTO) == [*STARTED, STOPPED[0], *failed]


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.ON])
def test_an_exception_at_shutdown(mode: Mode) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        raise ValueError

    end = {
        Mode.AUTO: ["INFO: ASGI 'lifespan' protocol appears unsupported.", STOPPED[1]],
        Mode.ON: [
            "ERROR: Exception in 'lifespan' protocol",
            "ERROR: Application shutdown failed. Exiting.",
        ],
    }
    assert run(app, mode) == [*STARTED, STOPPED[0], *end[mode]]


def test_the_same_answer_twice_is_an_error() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.complete"})
        with pytest.raises(RuntimeError, match="invalid state transition on lifespan protocol"):
            await send({"type": "lifespan.startup.complete"})

    assert run(app, Mode.ON) == STARTED + STOPPED
