"""A shopping list: sessions, flashed messages, a form, an upload, JSON and a streamed response."""

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

app = Flask(__name__)
app.secret_key = "not a secret in an example"

PRICES = {"apples": 2.5, "bread": 3.2, "coffee": 7.9}


def basket() -> list[str]:
    """Return what this visitor has chosen; it lives in a signed cookie."""
    return list(session.get("basket", []))


@app.get("/")
def home() -> str:
    """Show the list."""
    return render_template("home.html", basket=basket(), prices=PRICES)


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
