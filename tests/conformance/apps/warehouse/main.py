# /// script
# dependencies = ["fastapi", "python-multipart", "itsdangerous", "jinja2"]
# ///
"""FastAPI at large: routers, dependencies, middleware, security, uploads, tasks, sub-apps."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import (
    APIRouter,
    BackgroundTasks,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
    Security,
    UploadFile,
)
from fastapi import (
    Path as PathParam,
)
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from fastapi.security import (
    APIKeyHeader,
    HTTPBasic,
    HTTPBasicCredentials,
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
    SecurityScopes,
)
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.middleware.sessions import SessionMiddleware

HERE = Path(__file__).parent
log: list[str] = []
user: contextvars.ContextVar[str] = contextvars.ContextVar("user", default="nobody")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {"opened": "by the lifespan"}


app = FastAPI(title="Warehouse", lifespan=lifespan)
app.add_middleware(SessionMiddleware, secret_key="not a secret in a test")
app.add_middleware(GZipMiddleware, minimum_size=500)
app.add_middleware(CORSMiddleware, allow_origins=["https://else.example"], allow_credentials=True)
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1"])


@app.middleware("http")
async def mark(request: Request, call_next: Any) -> Response:
    response: Response = await call_next(request)
    response.headers["X-Marked"] = request.url.path
    return response


@app.get("/", response_class=HTMLResponse)
async def home() -> str:
    return "<!doctype html><title>Warehouse</title><h1>Warehouse</h1>"


# Parameters and models


class Size(BaseModel):
    """Centimetres."""

    width: float = Field(gt=0)
    height: float = Field(gt=0)


class Thing(BaseModel):
    """What is stored."""

    name: str = Field(min_length=1)
    size: Size | None = None
    tags: set[str] = set()


class Stored(BaseModel):
    """What is told of it."""

    number: int
    name: str


things = APIRouter(prefix="/things", tags=["things"])


@things.post("/", status_code=201, response_model=Stored)
async def store(thing: Thing, response: Response) -> dict[str, Any]:
    response.headers["Location"] = "/things/1"
    return {"number": 1, **thing.model_dump(), "secret": "not told"}


@things.get("/{number}", responses={404: {"description": "None such"}})
def thing(number: Annotated[int, PathParam(ge=1)], wide: bool = False) -> dict[str, Any]:
    if number > 5:
        raise HTTPException(404, "no such thing", {"X-Reason": "too high"})
    return {"number": number, "wide": wide}


@things.get("/")
async def search(
    q: Annotated[str | None, Query(max_length=5)] = None,
    tag: Annotated[list[str] | None, Query()] = None,
    agent: Annotated[str, Header(alias="x-agent")] = "none",
    first: Annotated[str | None, Cookie()] = None,
) -> dict[str, Any]:
    return {"q": q, "tag": tag, "agent": agent, "first": first}


@things.delete("/{number}", status_code=204)
async def remove(number: int) -> None:
    log.append(f"removed {number}")


app.include_router(things)


# Dependencies


def opened() -> Iterator[str]:
    log.append("open")
    try:
        yield "sync"
    except HTTPException:
        log.append("seen")
        raise
    finally:
        log.append("close")


async def opened_async(outer: Annotated[str, Depends(opened)]) -> AsyncIterator[str]:
    log.append("open async")
    yield f"{outer}, async"
    log.append("close async")


async def set_user() -> str:
    user.set("set by a dependency")
    return user.get()


@app.get("/dependent")
def dependent(
    word: Annotated[str, Depends(opened_async)],
    who: Annotated[str, Depends(set_user)],
    fail: bool = False,
) -> list[str]:
    log.append("endpoint")
    if fail:
        raise HTTPException(418, "refused inside")
    return [word, who, user.get()]


@app.get("/log")
async def told(entries: int = 0) -> list[str]:
    """Tell in which order things were done, as soon as so many were, and forget it."""
    for _ in range(200):
        if len(log) < entries:
            await asyncio.sleep(0.01)
    done, log[:] = log[:], []
    return done


@app.post("/tasks")
def tasks(background: BackgroundTasks) -> str:
    async def later(name: str) -> None:
        await asyncio.sleep(0)
        log.append(name)

    background.add_task(log.append, "sync task")
    background.add_task(later, "async task")
    return "begun"


@app.get("/state")
async def state(request: Request) -> str:
    return str(request.state.opened)


# Bodies


@app.post("/form")
def form(name: Annotated[str, Form()], age: Annotated[int, Form()] = 0) -> dict[str, Any]:
    return {"name": name, "age": age}


@app.post("/upload")
def upload(file: UploadFile, note: Annotated[str, Form()] = "") -> dict[str, Any]:
    content = file.file.read()
    return {"name": file.filename, "type": file.content_type, "size": len(content), "note": note}


@app.post("/uploads")
async def uploads(files: list[UploadFile]) -> list[Any]:
    return [[file.filename, file.size, (await file.read(3)).decode()] for file in files]


@app.post("/bytes")
async def raw(data: Annotated[bytes, File()]) -> int:
    return len(data)


# Answers


@app.get("/large")
def large() -> dict[str, Any]:
    return {"words": ["warehouse"] * 200}


@app.get("/stream")
def stream() -> StreamingResponse:
    return StreamingResponse((f"line {number}\n" for number in range(100)), media_type="text/plain")


@app.get("/events")
async def events() -> StreamingResponse:
    async def numbers() -> AsyncIterator[str]:
        for number in range(3):
            yield f"data: {number}\n\n"

    return StreamingResponse(numbers(), media_type="text/event-stream")


@app.get("/file")
def file() -> FileResponse:
    return FileResponse(HERE / "pages/index.html", filename="a page ü.html")


@app.get("/go")
def go() -> RedirectResponse:
    return RedirectResponse("/things/2", 303)


@app.get("/plain", response_class=PlainTextResponse)
def plain(response: Response) -> str:
    response.set_cookie("first", "1", httponly=True, samesite="strict")
    return "plain"


@app.get("/session")
def session(request: Request) -> int:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return int(request.session["visits"])


# Security

oauth2 = OAuth2PasswordBearer("token", scopes={"read": "Read", "write": "Write"})


@app.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if form.password != "open sesame":
        raise HTTPException(400, "Incorrect username or password")
    return {"access_token": f"{form.username}:{' '.join(form.scopes)}", "token_type": "bearer"}


def signed_in(scopes: SecurityScopes, token: Annotated[str, Depends(oauth2)]) -> str:
    name, _, granted = token.partition(":")
    if not set(scopes.scopes) <= set(granted.split()):
        challenge = {"WWW-Authenticate": f'Bearer scope="{scopes.scope_str}"'}
        raise HTTPException(403, "Not enough permissions", challenge)
    return name


@app.get("/me")
def me(name: Annotated[str, Security(signed_in, scopes=["read"])]) -> str:
    return name


@app.get("/write")
def write(name: Annotated[str, Security(signed_in, scopes=["write"])]) -> str:
    return name


@app.get("/basic")
def basic(given: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> list[str]:
    return [given.username, given.password]


@app.get("/key")
def key(key: Annotated[str, Depends(APIKeyHeader(name="X-Key"))]) -> str:
    return key


# Errors


class OutOfStockError(Exception):
    """There is none left."""


@app.exception_handler(OutOfStockError)
async def out_of_stock(_request: Request, error: OutOfStockError) -> JSONResponse:
    return JSONResponse({"out of stock": str(error)}, 409)


@app.exception_handler(RequestValidationError)
def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({"invalid": [each["loc"] for each in error.errors()]}, 422)


@app.get("/order")
def order() -> None:
    raise OutOfStockError("shovels")


@app.get("/fail")
def fail() -> None:
    logging.getLogger("warehouse").info("about to fail")
    raise ValueError("failed")


# Mounts

annex = FastAPI(title="Annex")


@annex.get("/where")
def where(request: Request) -> dict[str, str]:
    return {"root": str(request.scope["root_path"]), "url": str(request.url_for("where"))}


app.mount("/annex", annex)
app.mount("/pages", StaticFiles(directory=HERE / "pages", html=True), name="pages")
