"""A chat room in Quart: a session, SQLite, templates, and a WebSocket for every visitor.

Run it with `uvicorn main:app`, with `quart --app main run`, or with `tabcorn serve main:app`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from quart import (
    Quart,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
    websocket,
)

app = Quart(__name__)
app.config.from_mapping(
    DATABASE=Path(app.root_path) / "chat.sqlite3",
    SECRET_KEY="not a secret in an example",
)


class Room:
    """Everybody who is connected, by the queue of what they have not seen yet."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[dict[str, Any]]] = set()

    async def tell(self, event: dict[str, Any]) -> None:
        for queue in self.queues:
            await queue.put(event)

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.queues.add(queue)
        await self.tell({"present": len(self.queues)})
        try:
            yield queue
        finally:
            self.queues.discard(queue)
            await self.tell({"present": len(self.queues)})


room = Room()


@app.before_serving
async def create_tables() -> None:
    async with aiosqlite.connect(app.config["DATABASE"]) as db:
        async with await app.open_resource("schema.sql") as file:
            await db.executescript((await file.read()).decode())
        await db.commit()


async def database() -> aiosqlite.Connection:
    if "db" not in g:
        g.db = await aiosqlite.connect(app.config["DATABASE"])
        g.db.row_factory = aiosqlite.Row
    return g.db


@app.teardown_appcontext
async def close_database(_error: BaseException | None) -> None:
    if "db" in g:
        await g.pop("db").close()


@app.get("/")
async def index() -> Any:
    if "name" not in session:
        return redirect(url_for("enter"))
    db = await database()
    messages = await db.execute_fetchall("SELECT name, words FROM message ORDER BY id")
    return await render_template("room.html", messages=messages)


@app.route("/enter", methods=["GET", "POST"])
async def enter() -> Any:
    if request.method == "POST":
        name = (await request.form).get("name", "").strip()
        if name:
            session["name"] = name
            await flash(f"Welcome, {name}!")
            return redirect(url_for("index"))
        await flash("What shall we call you?")
    return await render_template("enter.html")


@app.post("/leave")
async def leave() -> Any:
    session.clear()
    return redirect(url_for("enter"))


@app.websocket("/ws")
async def chat() -> None:
    name = session.get("name", "someone")
    async with room.joined() as queue, asyncio.TaskGroup() as tasks:
        tasks.create_task(hear(name))
        while True:
            await websocket.send_json(await queue.get())


async def hear(name: str) -> None:
    """Keep what this visitor says, and pass it on."""
    db = await database()
    while True:
        words = json.loads(await websocket.receive())["words"]
        await db.execute("INSERT INTO message (name, words) VALUES (?, ?)", (name, words))
        await db.commit()
        await room.tell({"name": name, "words": words})
