"""What the bench asks for, one request after the other: a small answer and a large one."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse

app = FastAPI()

LARGE = bytes(range(256)) * 4096  # 1 MiB


@app.get("/", response_class=HTMLResponse)
async def home() -> str:
    return "<!doctype html><title>Requests</title><p>Requests</p>"


@app.get("/sum")
async def add(a: int, b: int) -> dict[str, int]:
    return {"sum": a + b}


@app.get("/sum/def")
def add_in_def(a: int, b: int) -> dict[str, int]:
    """What FastAPI runs in a thread, where there are threads."""
    return {"sum": a + b}


@app.get("/large")
async def large() -> Response:
    return Response(LARGE, media_type="application/octet-stream")
