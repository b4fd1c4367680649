# /// script
# dependencies = ["flask[async]"]
# ///
"""Flask: blueprints, sessions, flashes, uploads, files, streams, async views, hooks, errors."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    flash,
    g,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    send_file,
    session,
    stream_with_context,
    url_for,
)
from flask.views import MethodView

app = Flask(__name__)
app.secret_key = "not a secret in a test"
ended: list[str] = []


@app.before_request
def begin() -> Any:
    g.steps = ["before"]
    if request.args.get("stop"):
        return "stopped before the view", 403
    return None


@app.after_request
def finish(response: Response) -> Response:
    response.headers["X-Steps"] = " ".join([*g.get("steps", []), "after"])
    return response


@app.teardown_request
def end(error: BaseException | None) -> None:
    if request.path not in ("/", "/favicon.ico"):
        ended.append(f"{request.path} {type(error).__name__}")


@app.get("/")
def home() -> str:
    page = "<!doctype html><title>Flask</title>{% for m in messages %}<p>{{ m }}{% endfor %}"
    return render_template_string(page, messages=get_flashed_messages())


@app.route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def echo() -> Any:
    """Tell what Flask makes of a request."""
    return jsonify(
        method=request.method,
        path=request.full_path,
        args=list(request.args.items(multi=True)),
        form=list(request.form.items(multi=True)),
        files=[[f.filename, f.mimetype, len(f.read())] for f in request.files.values()],
        data=request.get_data(as_text=True),
        json=request.get_json(silent=True),
        length=request.content_length,
        url=request.url,
        root=request.script_root,
        secure=request.is_secure,
    )


@app.get("/outside")
def outside() -> str:
    return url_for("home", _external=True)


@app.get("/ended")
def teardown() -> Any:
    """Tell of the requests that ended before this one."""
    told, ended[:] = ended[:], []
    return jsonify(told)


@app.post("/sign-in")
def sign_in() -> Any:
    session["name"] = request.form["name"]
    flash(f"Welcome, {session['name']}.")
    return redirect(url_for("home"), 303)


@app.get("/who")
def who() -> str:
    return str(session.get("name", "nobody"))


@app.get("/sign-out")
def sign_out() -> Any:
    session.clear()
    return redirect("/who")


@app.get("/cookies")
def cookies() -> Response:
    response = make_response("two cookies")
    response.set_cookie("first", "1", max_age=60, samesite="Lax")
    response.set_cookie("second", "zwei", path="/cookies")
    return response


@app.get("/cookies/seen")
def seen() -> Any:
    return jsonify(sorted(name for name in request.cookies if name in ("first", "second")))


@app.get("/file")
def file() -> Response:
    data = io.BytesIO(bytes(range(256)) * 8)
    return send_file(data, "application/x-bytes", download_name="bytes ü.bin", as_attachment=True)


@app.get("/conditional")
def conditional() -> Any:
    response = make_response("the same every time")
    response.add_etag()
    return response.make_conditional(request)


@app.get("/count")
def count() -> Response:
    def lines() -> Iterator[str]:
        for number in range(3):
            yield f"{number} {request.args.get('who')}\n"
            time.sleep(0.05)

    return Response(stream_with_context(lines()), mimetype="text/plain")


@app.get("/breaks")
def breaks() -> Response:
    def lines() -> Iterator[str]:
        yield "one\n"
        raise ValueError("no second line")

    return Response(lines(), mimetype="text/plain")


@app.get("/async")
async def asynchronous() -> str:
    await asyncio.sleep(0.01)
    return f"async, {request.args.get('who')}"


@app.get("/fail")
def fail() -> str:
    raise ValueError("failed")


@app.get("/refuse/<int:code>")
def refuse(code: int) -> Any:
    abort(code)


@app.errorhandler(404)
def missing(error: Exception) -> Any:
    return jsonify(error=str(error)), 404


class Things(MethodView):
    """A resource by method."""

    def get(self, number: int) -> Any:
        return jsonify(number=number)

    def put(self, number: int) -> Any:
        return jsonify(number=number, stored=request.get_json()), 201, {"X-Stored": "yes"}

    def delete(self, number: int) -> Any:
        del number
        return "", 204


app.add_url_rule("/things/<int:number>", view_func=Things.as_view("things"))

shelf = Blueprint("shelf", __name__, url_prefix="/shelf")


@shelf.get("/")
def books() -> str:
    return url_for("shelf.books")


@shelf.errorhandler(KeyError)
def no_book(error: KeyError) -> Any:
    return f"no book {error}", 410


@shelf.get("/<title>")
def book(title: str) -> Any:
    raise KeyError(title)


app.register_blueprint(shelf)
