"""A poll in Sanic: listeners, middleware, a blueprint, templates, a cookie, SQLite, live results.

Run it with `sanic main:app`, with `uvicorn main:app`, or with `tabcorn serve main:app`.
"""

import asyncio
import secrets
import sqlite3
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request, Sanic, Websocket, json, redirect
from sanic.exceptions import BadRequest
from sanic_ext import render

HERE = Path(__file__).parent
ANSWERS = ("Tabs", "Spaces", "Both at once")

app = Sanic("Poll")
app.config.TEMPLATING_PATH_TO_TEMPLATES = HERE / "templates"
app.static("/static", HERE / "static", name="static")


@app.before_server_start
async def open_database(app: Sanic) -> None:
    app.ctx.db = sqlite3.connect(HERE / "poll.sqlite3")
    app.ctx.db.execute("CREATE TABLE IF NOT EXISTS vote (voter TEXT PRIMARY KEY, answer TEXT)")
    app.ctx.news = asyncio.Condition()


@app.after_server_stop
async def close_database(app: Sanic) -> None:
    app.ctx.db.close()


@app.on_request
async def know_the_voter(request: Request) -> None:
    request.ctx.voter = request.cookies.get("voter") or secrets.token_urlsafe(12)


@app.on_response
async def remember_the_voter(request: Request, response: HTTPResponse) -> None:
    if request.cookies.get("voter") is None:
        response.add_cookie("voter", request.ctx.voter, secure=False, httponly=True)


def count() -> dict[str, int]:
    """Count the votes for every answer, also those without any."""
    rows = app.ctx.db.execute("SELECT answer, count(*) FROM vote GROUP BY answer")
    return dict.fromkeys(ANSWERS, 0) | dict(rows.fetchall())


def choice_of(voter: str) -> str | None:
    row = app.ctx.db.execute("SELECT answer FROM vote WHERE voter = ?", (voter,)).fetchone()
    return row[0] if row else None


@app.get("/", name="home")
async def home(request: Request) -> HTTPResponse:
    chosen = choice_of(request.ctx.voter)
    return await render("poll.html", context={"votes": count(), "chosen": chosen})


@app.post("/vote", name="vote")
async def vote(request: Request) -> HTTPResponse:
    answer = request.form.get("answer")
    if answer not in ANSWERS:
        raise BadRequest("That is none of the answers.")
    with app.ctx.db as db:
        db.execute("REPLACE INTO vote (voter, answer) VALUES (?, ?)", (request.ctx.voter, answer))
    async with app.ctx.news:
        app.ctx.news.notify_all()
    return redirect(app.url_for("home"))


results = Blueprint("results", url_prefix="/results")


@results.get("/")
async def as_json(request: Request) -> HTTPResponse:
    return json({"votes": count(), "yours": choice_of(request.ctx.voter)})


@results.websocket("/live")
async def live(request: Request, ws: Websocket) -> None:
    """Send the count now and after every vote."""
    while True:
        await ws.send(json(count()).body.decode())
        async with app.ctx.news:
            await app.ctx.news.wait()


app.blueprint(results)
