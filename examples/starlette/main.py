"""A pinboard: routes and middleware, a session to sign in, SQLite, templates, a live WebSocket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypedDict

import aiosqlite
from starlette.applications import Starlette
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    BaseUser,
    SimpleUser,
    requires,
)
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.websockets import WebSocket

HERE = Path(__file__).parent
SCHEMA = "CREATE TABLE IF NOT EXISTS pin (id INTEGER PRIMARY KEY, author TEXT, text TEXT)"
INSERT = "INSERT INTO pin (author, text) VALUES (:author, :text)"
INSERT = "INSERT INTO pin (author, text) VALUES (:author, :text)"

templates = Jinja2Templates(HERE / "templates")


class State(TypedDict):
    db: aiosqlite.Connection
    readers: set[WebSocket]


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[State]:
    async with aiosqlite.connect(HERE / "pins.db") as db:
        db.row_factory = aiosqlite.Row
        await db.execute(SCHEMA)
        yield {"db": db, "readers": set()}


class SessionBackend(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        if name := conn.session.get("name"):
            return AuthCredentials(["signed in"]), SimpleUser(name)
        return None


class Pins(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        cursor = await request.state.db.execute("SELECT * FROM pin ORDER BY id DESC LIMIT 20")
        return templates.TemplateResponse(request, "pins.html", {"pins": await cursor.fetchall()})

    @requires("signed in")
    async def post(self, request: Request) -> Response:
        async with request.form() as form:
            text = str(form["text"]).strip()
        if not text:
            raise HTTPException(400, "A pin needs a text.")
        pin = {"author": request.user.display_name, "text": text}
        await request.state.db.execute(INSERT, pin)
        await request.state.db.commit()
        for reader in request.state.readers:
            await reader.send_json(pin)
        return RedirectResponse(request.url_for("pins"), 303)


class Live(WebSocketEndpoint):
    """Tells of every new pin."""

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        websocket.state.readers.add(websocket)

    async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
        websocket.state.readers.discard(websocket)


async def sign_in(request: Request) -> Response:
    async with request.form() as form:
        request.session["name"] = form["name"]
    return RedirectResponse(request.url_for("pins"), 303)


async def sign_out(request: Request) -> Response:
    request.session.clear()
    return RedirectResponse(request.url_for("pins"), 303)


async def api(request: Request) -> Response:
    cursor = await request.state.db.execute("SELECT * FROM pin ORDER BY id")
    return JSONResponse([dict(row) for row in await cursor.fetchall()])


async def on_error(request: Request, exc: HTTPException) -> Response:
    context = {"status": exc.status_code, "detail": exc.detail}
    return templates.TemplateResponse(request, "error.html", context, status_code=exc.status_code)


app = Starlette(
    routes=[
        Route("/", Pins, name="pins"),
        Route("/sign-in", sign_in, methods=["POST"]),
        Route("/sign-out", sign_out, methods=["POST"]),
        Route("/api/pins", api),
        WebSocketRoute("/live", Live, name="live"),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ],
    middleware=[
        Middleware(GZipMiddleware),
        Middleware(SessionMiddleware, secret_key="not a secret in an example"),
        Middleware(AuthenticationMiddleware, backend=SessionBackend()),
    ],
    exception_handlers={HTTPException: on_error},
    lifespan=lifespan,
)
