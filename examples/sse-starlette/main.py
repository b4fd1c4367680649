"""A chat by server-sent events: every page hears what any page says, and what it has missed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from sse_starlette import EventSourceResponse, JSONServerSentEvent, ServerSentEvent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

HERE = Path(__file__).parent

templates = Jinja2Templates(HERE / "templates")


class Chat:
    """All that was said; whoever listens is woken by the next word."""

    def __init__(self) -> None:
        self.words: list[dict[str, str]] = []
        self.changed = asyncio.Condition()

    async def say(self, name: str, text: str) -> None:
        async with self.changed:
            self.words.append({"name": name, "text": text})
            self.changed.notify_all()

    async def listen(self, heard: int) -> AsyncIterator[ServerSentEvent]:
        """Begin behind the last word that was heard; an EventSource that comes back tells it."""
        while True:
            async with self.changed:
                while len(self.words) <= heard:
                    await self.changed.wait()
            word = self.words[heard]
            heard += 1
            yield JSONServerSentEvent(word, event="word", id=str(heard))


chat = Chat()


async def home(request: Request) -> Response:
    return templates.TemplateResponse(request, "home.html")


async def join(request: Request) -> Response:
    async with request.form() as form:
        request.session["name"] = form["name"]
    return RedirectResponse(request.url_for("home"), 303)


async def say(request: Request) -> Response:
    if "name" not in request.session:
        return PlainTextResponse("Join first.", 403)
    async with request.form() as form:
        await chat.say(request.session["name"], str(form["text"]))
    return Response(status_code=204)


async def events(request: Request) -> Response:
    heard = int(request.headers.get("last-event-id", 0))
    return EventSourceResponse(chat.listen(heard), ping=15)


async def countdown(request: Request) -> Response:
    """Count down, and end: the client closes when it is told."""

    async def numbers() -> AsyncIterator[dict[str, str]]:
        for number in range(3, 0, -1):
            yield {"data": str(number)}
            await asyncio.sleep(0.3)
        yield {"event": "end", "data": "Go!"}

    return EventSourceResponse(numbers())


app = Starlette(
    routes=[
        Route("/", home),
        Route("/join", join, methods=["POST"]),
        Route("/say", say, methods=["POST"]),
        Route("/events", events),
        Route("/countdown", countdown),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key="not a secret in an example")],
)
