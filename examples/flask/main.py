"""A shopping list: a session, flashed messages, orders in SQLite, an upload, JSON and a stream."""

import csv
import io
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

app = Flask(__name__)
app.secret_key = "not a secret in an example"
app.config["DATABASE"] = Path(app.root_path) / "shop.sqlite3"

PRICES = {"apples": 2.5, "bread": 3.2, "coffee": 7.9}


def basket() -> list[str]:
    """Return what this visitor has chosen; it lives in a signed cookie."""
    return list(session.get("basket", []))


def database() -> sqlite3.Connection:
    """Return the request's connection."""
    if "db" not in g:
        g.db = sqlite3.connect(app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close_database(_error: BaseException | None) -> None:
    """Close the connection, if the request had one."""
    if db := g.pop("db", None):
        db.close()


with app.app_context(), app.open_resource("schema.sql") as file:
    database().executescript(file.read().decode())


@app.get("/")
def home() -> str:
    """Show the list, and what was ordered."""
    orders = database().execute("SELECT items, total FROM purchase ORDER BY id").fetchall()
    return render_template("home.html", basket=basket(), prices=PRICES, orders=orders)


@app.post("/add")
def add() -> Any:
    """Add one thing, or the lines of a file."""
    names = [request.form.get("name", "").strip()]
    if upload := request.files.get("file"):
        text = io.TextIOWrapper(upload.stream, "utf-8", newline="")
        names += [row[0] for row in csv.reader(text) if row]
    chosen = [name for name in names if name]
    session["basket"] = basket() + chosen
    flash(f"Added {', '.join(chosen) or 'nothing'}")
    return redirect(url_for("home"), 303)


@app.post("/order")
def order() -> Any:
    """Order all that is in the basket."""
    if not basket():
        flash("There is nothing to order")
        return redirect(url_for("home"), 303)
    total = sum(PRICES.get(name, 0) for name in basket())
    with database() as db:
        db.execute(
            "INSERT INTO purchase (items, total) VALUES (?, ?)", (", ".join(basket()), total)
        )
    session.pop("basket")
    flash(f"Ordered for {total:.2f}")
    return redirect(url_for("home"), 303)


@app.post("/clear")
def clear() -> Any:
    """Forget everything."""
    session.clear()
    return redirect(url_for("home"), 303)


@app.get("/api/basket")
def api() -> Any:
    """Tell the list as JSON."""
    items = [{"name": name, "price": PRICES.get(name)} for name in basket()]
    return jsonify(items=items, total=sum(item["price"] or 0 for item in items))


@app.get("/count")
def count() -> Response:
    """Stream a line at a time, as a sync generator that sleeps."""

    def lines() -> Iterator[str]:
        for number in range(1, 6):
            yield f"{number}\n"
            time.sleep(0.1)

    return Response(lines(), mimetype="text/plain")


@app.errorhandler(404)
def missing(error: Exception) -> tuple[str, int]:
    """Answer in our own words."""
    del error
    return render_template("missing.html"), 404
