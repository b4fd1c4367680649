"""Bookmarks in Bottle: a plugin for SQLite, SimpleTemplate, a signed cookie and static files.

Run it with `python main.py`, with any WSGI server, or with `tabcorn serve main:app`.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bottle
from bottle import Bottle, HTTPResponse, abort, redirect, request, response, static_file, view

HERE = Path(__file__).parent
SECRET = "not a secret in an example"

app = Bottle()
bottle.TEMPLATE_PATH.insert(0, str(HERE / "views"))
bottle.BaseTemplate.defaults["url"] = app.get_url


class SQLitePlugin:
    """Gives a connection to every route that has a parameter `db`; commits when it has answered."""

    name, api = "sqlite", 2

    def __init__(self, path: Path) -> None:
        self.path = path

    def setup(self, app: Bottle) -> None:
        with sqlite3.connect(self.path) as db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS bookmark "
                "(id INTEGER PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL, visits INTEGER)"
            )

    def apply(self, callback: Callable[..., Any], route: Any) -> Callable[..., Any]:
        if "db" not in route.get_callback_args():
            return callback

        def with_database(*args: Any, **kwargs: Any) -> Any:
            db = sqlite3.connect(self.path)
            db.row_factory = sqlite3.Row
            try:
                answer = callback(*args, db=db, **kwargs)
                db.commit()
                return answer
            except HTTPResponse:  # a redirect is an answer, too
                db.commit()
                raise
            finally:
                db.close()

        return with_database


app.install(SQLitePlugin(HERE / "bookmarks.sqlite3"))


@app.get("/", name="home")
@view("bookmarks")
def bookmarks(db: sqlite3.Connection) -> dict[str, Any]:
    order = request.query.order or request.get_cookie("order", secret=SECRET) or "title"
    if order not in ("title", "visits"):
        abort(400, "Bookmarks are in order of their title or their visits.")
    response.set_cookie("order", order, secret=SECRET, path="/", httponly=True)
    direction = "ASC" if order == "title" else "DESC"
    rows = db.execute(f"SELECT * FROM bookmark ORDER BY {order} {direction}").fetchall()
    return {"bookmarks": rows, "order": order}


@app.post("/")
def add(db: sqlite3.Connection) -> None:
    url, title = request.forms.url, request.forms.title
    if not url.startswith(("http://", "https://")):
        abort(400, "A bookmark begins with http:// or https://.")
    db.execute("INSERT INTO bookmark (url, title, visits) VALUES (?, ?, 0)", (url, title or url))
    redirect(app.get_url("home"))


@app.get("/visit/<number:int>", name="visit")
def visit(number: int, db: sqlite3.Connection) -> None:
    row = db.execute("SELECT url FROM bookmark WHERE id = ?", (number,)).fetchone()
    if row is None:
        abort(404, "There is no such bookmark.")
    db.execute("UPDATE bookmark SET visits = visits + 1 WHERE id = ?", (number,))
    redirect(row["url"])


@app.get("/api/bookmarks")
def api(db: sqlite3.Connection) -> dict[str, Any]:
    rows = db.execute("SELECT * FROM bookmark ORDER BY id")
    return {"bookmarks": [dict(row) for row in rows]}


@app.get("/static/<path:path>", name="static")
def static(path: str) -> HTTPResponse:
    return static_file(path, root=HERE / "static")


@app.error(400)
@app.error(404)
@view("error")
def error(error: bottle.HTTPError) -> dict[str, Any]:
    return {"status": error.status_line, "words": error.body}


if __name__ == "__main__":
    app.run(debug=True, reloader=True)
