"""A pet shop: its OpenAPI document says what it answers, and Connexion holds everybody to it."""

import sqlite3
from pathlib import Path
from typing import Any

from connexion import AsyncApp, request
from connexion.exceptions import ProblemException
from connexion.middleware import MiddlewarePosition
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

HERE = Path(__file__).parent
SCHEMA = "CREATE TABLE IF NOT EXISTS pet (id INTEGER PRIMARY KEY, name TEXT, animal TEXT)"

templates = Jinja2Templates(HERE / "templates")


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(HERE / "pets.db")
    db.row_factory = sqlite3.Row
    db.execute(SCHEMA)
    return db


def bearer(token: str) -> dict[str, str] | None:
    """Tell whose token it is, for `x-bearerInfoFunc`."""
    return {"sub": "keeper"} if token == "keeper" else None


async def home() -> Response:
    visits = request.session["visits"] = request.session.get("visits", 0) + 1
    with connect() as db:
        pets = db.execute("SELECT * FROM pet ORDER BY name").fetchall()
    return templates.TemplateResponse(request, "home.html", {"pets": pets, "visits": visits})


async def submit(body: dict[str, Any]) -> Response:
    await create(body)
    return RedirectResponse("/", 303)


async def style() -> Response:
    return FileResponse(HERE / "static" / "style.css")


async def search(limit: int, animal: str | None = None) -> list[dict[str, Any]]:
    sql = "SELECT * FROM pet WHERE ?1 IS NULL OR animal = ?1 ORDER BY id LIMIT ?2"
    with connect() as db:
        return [dict(pet) for pet in db.execute(sql, (animal, limit))]


async def create(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    with connect() as db:
        made = db.execute("INSERT INTO pet (name, animal) VALUES (:name, :animal)", body)
    return {"id": made.lastrowid, **body}, 201


async def read(pet_id: int) -> dict[str, Any]:
    with connect() as db:
        if pet := db.execute("SELECT * FROM pet WHERE id = ?", (pet_id,)).fetchone():
            return dict(pet)
    raise ProblemException(status=404, title="No such pet", detail=f"There is no pet {pet_id}.")


async def delete(pet_id: int, user: str) -> tuple[None, int]:
    await read(pet_id)
    with connect() as db:
        db.execute("DELETE FROM pet WHERE id = ?", (pet_id,))
    return None, 204


app = AsyncApp(__name__, specification_dir=HERE)
app.add_middleware(
    SessionMiddleware,
    MiddlewarePosition.BEFORE_CONTEXT,
    secret_key="not a secret in an example",
)
app.add_api("openapi.yaml", validate_responses=True, strict_validation=True)
