"""A guestbook in FastAPI: pages, a form, a JSON API and a stream, the same on a server or in a tab.

Run it with `uvicorn main:app` or with `tabcorn serve main:app`. Entries live in memory: they
last as long as the process does, wherever it runs.
"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, Field

HERE = Path(__file__).parent
STATIONS = ("Aachen", "Brussels", "Calais", "Dover", "Exeter")

app = FastAPI(title="Guestbook", description="A small app that needs no server.")
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
templates = Jinja2Templates(directory=HERE / "templates")


@dataclass(frozen=True)
class Entry:
    """One line of the guestbook."""

    number: int
    name: str
    message: str
    written: str


class NewEntry(BaseModel):
    """What a visitor sends."""

    name: str = Field(min_length=1, max_length=40)
    message: str = Field(min_length=1, max_length=500)


entries: list[Entry] = []


def write(new: NewEntry) -> Entry:
    """Put an entry at the end of the book."""
    now = datetime.now(UTC).strftime("%H:%M:%S UTC")
    entry = Entry(len(entries) + 1, new.name, new.message, now)
    entries.append(entry)
    return entry


@app.get("/", response_class=HTMLResponse)
async def home(request: Request) -> HTMLResponse:
    return templates.TemplateResponse(request, "home.html", {"entries": entries[::-1]})


@app.post("/entries")
async def sign(
    request: Request,
    name: Annotated[str, Form(min_length=1, max_length=40)],
    message: Annotated[str, Form(min_length=1, max_length=500)],
) -> RedirectResponse:
    """Take the form; 303 makes the browser fetch the page anew, so a reload signs nothing twice."""
    entry = write(NewEntry(name=name, message=message))
    return RedirectResponse(request.url_for("read", number=entry.number), status_code=303)


@app.get("/entries/{number}", response_class=HTMLResponse, name="read")
async def read(request: Request, number: int) -> HTMLResponse:
    return templates.TemplateResponse(request, "entry.html", {"entry": find(number)})


@app.get("/calculator", response_class=HTMLResponse)
async def calculator(request: Request) -> HTMLResponse:
    return templates.TemplateResponse(request, "calculator.html")


@app.get("/journey", response_class=HTMLResponse)
async def journey(request: Request) -> HTMLResponse:
    return templates.TemplateResponse(request, "journey.html")


@app.get("/journey/live")
async def live(request: Request) -> StreamingResponse:
    """Send a page station by station, as the train gets there."""
    return StreamingResponse(stations(request), media_type="text/html")


async def stations(request: Request) -> AsyncIterator[str]:
    yield templates.get_template("live.html").render(request=request)
    for number, station in enumerate(STATIONS, start=1):
        yield f'<p class="station" id="station-{number}">{number}. {station}</p>\n'
        await asyncio.sleep(0.3)
    yield '<p id="end">All change, please.</p>\n'


@app.get("/journey/stations")
async def station_lines() -> StreamingResponse:
    """The same journey for a script: one station a line."""

    async def lines() -> AsyncIterator[str]:
        for station in STATIONS:
            yield f"{station}\n"
            await asyncio.sleep(0.3)

    return StreamingResponse(lines(), media_type="text/plain")


@app.get("/api/entries")
async def list_entries() -> list[dict[str, object]]:
    return [asdict(entry) for entry in entries]


@app.post("/api/entries", status_code=201)
async def add_entry(new: NewEntry) -> dict[str, object]:
    return asdict(write(new))


@app.get("/api/entries/{number}")
async def get_entry(number: int) -> dict[str, object]:
    return asdict(find(number))


@app.get("/api/sum")
def add(a: float, b: float) -> dict[str, float]:
    """Add two numbers; FastAPI runs a plain `def` in a thread where there are threads."""
    return {"a": a, "b": b, "sum": a + b}


@app.get("/api/where")
def where() -> dict[str, str]:
    """Tell what this Python runs on."""
    return {"python": platform.python_version(), "system": platform.system()}


def find(number: int) -> Entry:
    if not 1 <= number <= len(entries):
        raise HTTPException(404, f"There is no entry {number}.")
    return entries[number - 1]
