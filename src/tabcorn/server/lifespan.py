"""The app's startup and shutdown: ASGI's lifespan protocol with uvicorn's rules and words.

Runs in Pyodide and under pytest. `auto` takes an exception before the app has answered for an
app without lifespan; `on` takes it for a failure; `off` never calls the app.
"""

import asyncio
import enum
from typing import Any

from tabcorn.server.errors import LifespanError, app_traceback, last_line
from tabcorn.server.logs import logger
from tabcorn.server.states import Lifespan as State
from tabcorn.server.states import next_lifespan
from tabcorn.server.types import App, Message

_TRACEBACK = "Traceback (most recent call last)"


class Mode(enum.StrEnum):
    """What `--lifespan` may say."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Lifespan:
    """Runs the app's lifespan in one task, from startup to shutdown."""

    def __init__(self, app: App, mode: Mode, asgi_version: str = "3.0") -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._mode = mode
        self._asgi = {"version": asgi_version, "spec_version": "2.0"}
        self._state = State.STARTING
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._answered = asyncio.Event()
        self._error: BaseException | None = None
        self._failure = ""  # the app's own words
        self._task: asyncio.Task[None] | None = None

    async def startup(self) -> None:
        """Ask the app to start and wait for its answer; raises LifespanError when it failed."""
        if self._mode is Mode.OFF:
            return
        logger.info("Waiting for application startup.")
        self._task = asyncio.create_task(self._main())
        await self._ask("lifespan.startup")
        if self._state is State.STARTUP_FAILED or (self._error and self._mode is Mode.ON):
            logger.error("Application startup failed. Exiting.")
            raise self._startup_error()
        logger.info("Application startup complete.")

    async def shutdown(self) -> bool:
        """Ask the app to shut down and wait for its answer; returns False when it failed."""
        if self._task is None or self._error:
            return True
        logger.info("Waiting for application shutdown.")
        self._answered.clear()
        if self._task.done() or self._state is not State.RUNNING:
            self._answered.set()
        await self._ask("lifespan.shutdown")
        if self._state is State.SHUTDOWN_FAILED or (self._error and self._mode is Mode.ON):
            logger.error("Application shutdown failed. Exiting.")
            return False
        logger.info("Application shutdown complete.")
        return True

    async def _ask(self, message_type: str) -> None:
        self._messages.put_nowait({"type": message_type})
        await self._answered.wait()

    async def _main(self) -> None:
        scope = {"type": "lifespan", "asgi": self._asgi, "state": self.state}
        try:
            await self._app(scope, self._messages.get, self._send)
        except BaseException as exc:
            self._error = exc
            self._log_error(exc)
        finally:
            self._answered.set()

    def _log_error(self, exc: BaseException) -> None:
        if self._state in (State.STARTUP_FAILED, State.SHUTDOWN_FAILED):
            return  # the app has said so itself
        if self._mode is Mode.AUTO:
            logger.info("ASGI 'lifespan' protocol appears unsupported.")
            logger.debug("This is how the app answered to it:", exc_info=exc)
        else:
            logger.error("Exception in 'lifespan' protocol\n", exc_info=exc)

    async def _send(self, message: Message) -> None:
        self._state = next_lifespan(self._state, message["type"])
        if self._state in (State.STARTUP_FAILED, State.SHUTDOWN_FAILED):
            self._failure = message.get("message", "")
            if self._failure:
                logger.error(self._failure)
        self._answered.set()

    def _startup_error(self) -> LifespanError:
        """Say what the app said; frameworks put the whole traceback into their message."""
        if self._state is not State.STARTUP_FAILED and self._error:
            reason, trace = last_line(self._error), app_traceback(self._error)
        elif _TRACEBACK in self._failure:
            reason, trace = self._failure.strip().rpartition("\n")[2], self._failure
        else:
            reason, trace = self._failure, ""
        return LifespanError(f"Application startup failed: {reason or 'no reason given'}", trace)
