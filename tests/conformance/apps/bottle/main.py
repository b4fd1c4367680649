# /// script
# dependencies = ["bottle"]
# ///
# mypy: disable-error-code="untyped-decorator"
"""Bottle: routes, forms, uploads, signed cookies, templates, streams, errors, plain WSGI below."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bottle
from bottle import HTTPError, HTTPResponse, redirect, request, response, static_file

HERE = Path(__file__).parent
SECRET = "not a secret in a test"

app = bottle.Bottle()


@app.hook("after_request")
def sign() -> None:
    response.headers["X-After"] = request.method


@app.get("/")
def home() -> str:
    return "<!doctype html><title>Bottle</title><h1>Bottle</h1>"


@app.route("/echo", method=["GET", "POST", "PUT", "PATCH", "DELETE"])
def echo() -> dict[str, Any]:
    """Tell what Bottle makes of a request."""
    return {
        "method": request.method,
        "path": request.path,
        "fullpath": request.fullpath,
        "query": [[name, value] for name, value in request.query.decode().allitems()],
        "forms": [[name, value] for name, value in request.forms.decode().allitems()],
        "json": request.json if request.content_type == "application/json" else None,
        "length": request.content_length,
        "body": len(request.body.read()),
        "ajax": request.is_ajax,
        "auth": request.auth,
    }


@app.post("/measure")
def measure() -> str:
    return f"{len(request.body.read())} of {request.content_length}"


@app.get("/hello/<name>/<count:int>")
def hello(name: str, count: int) -> Any:
    return bottle.template(
        "% for _ in range(count):\n<p>Hello {{name}}\n% end", name=name, count=count
    )


@app.post("/upload")
def upload() -> dict[str, Any]:
    file = request.files.get("file")
    content = file.file.read()
    return {"name": file.raw_filename, "type": file.content_type, "size": len(content)}


@app.get("/sign-in/<name>")
def sign_in(name: str) -> None:
    response.set_cookie("visitor", name, secret=SECRET, path="/", httponly=True)
    redirect("/who")


@app.get("/who")
def who() -> Any:
    return request.get_cookie("visitor", secret=SECRET) or "nobody"


@app.get("/file/<name>")
def file(name: str) -> Any:
    return static_file(name, root=HERE / "files", download=request.query.get("download") or False)


@app.get("/count")
def count() -> Iterator[str]:
    """Stream; each piece reads the request, which Bottle keeps in a thread-local."""
    response.content_type = "text/plain; charset=utf-8"
    for number in range(3):
        yield f"{number} {request.query.get('who')}\n"
        time.sleep(0.05)


@app.get("/answer/<code:int>")
def answer(code: int) -> Any:
    return HTTPResponse(f"status {code}", code, X_Code=str(code))


@app.get("/refuse/<code:int>")
def refuse(code: int) -> None:
    raise HTTPError(code, "No, thank you.")


@app.get("/fail")
def fail() -> None:
    raise ValueError("failed")


@app.error(404)
def missing(_error: Any) -> str:
    return f"There is no {request.path} here."


@app.get("/latin")
def latin() -> bytes:
    response.content_type = "text/plain; charset=latin-1"
    return "café".encode("latin-1")


def plain(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Write as PEP 3333 has it for old apps."""
    write = start_response(
        "200 OK", [("Content-Type", "text/plain"), ("X-Twice", "a"), ("X-Twice", "b")]
    )
    write(b"written, ")
    return [b"returned, ", environ["PATH_INFO"].encode("latin-1")]


app.mount("/plain", plain)
