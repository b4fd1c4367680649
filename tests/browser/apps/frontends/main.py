# /// script
# dependencies = ["fastapi", "python-multipart"]
# ///
"""Pages for clients as people use them: htmx 2 and 4, Swagger UI. Their scripts are put beside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response, UploadFile
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from fastapi.staticfiles import StaticFiles

HERE = Path(__file__).parent

app = FastAPI(title="Clients", docs_url=None)
app.mount("/scripts", StaticFiles(directory=HERE / "scripts"))
ticks = count(1)

SSE = '<p id="events" hx-sse:connect="/events" hx-swap="beforeend"></p>'

PAGE = (HERE / "htmx.html").read_text()


@app.get("/", response_class=HTMLResponse)
async def home() -> str:
    return "<!doctype html><title>Clients</title><p>clients"


@app.get("/htmx/{version}", response_class=HTMLResponse)
@app.get("/htmx/{version}/{part}", response_class=HTMLResponse)
async def page(version: int, part: int = 1) -> str:
    extension = '<script src="/scripts/hx-sse.js"></script>' if version == 4 else ""
    events = SSE if version == 4 else ""
    return PAGE.format(version=version, part=part, extension=extension, events=events)


@app.api_route("/said", methods=["GET", "POST", "PUT"], response_class=HTMLResponse)
async def said(request: Request) -> str:
    word = request.query_params.get("word") or (await request.form()).get("word")
    return f"{request.method} {word}, htmx: {request.headers.get('hx-request')}"


@app.delete("/item", response_class=HTMLResponse)
def delete() -> str:
    return ""


@app.post("/upload", response_class=HTMLResponse)
def upload(file: UploadFile) -> str:
    return f"{file.filename}: {len(file.file.read())} bytes"


@app.get("/tick", response_class=HTMLResponse)
def tick() -> str:
    return f"tick {next(ticks)}"


@app.get("/slow", response_class=HTMLResponse)
async def slow() -> str:
    await asyncio.sleep(1)
    return "slow, at last"


@app.get("/part/{part}", response_class=HTMLResponse)
def fragment(part: int) -> str:
    return f"part {part}"


@app.get("/head/{name}")
def head(name: str, to: str) -> Response:
    return Response(headers={name: to})


@app.get("/plain", response_class=HTMLResponse)
def plain() -> str:
    return "<!doctype html><title>Plain</title><p>a plain page"


@app.get("/events")
async def events() -> StreamingResponse:
    async def words() -> AsyncIterator[str]:
        for word in ("eins", "zwei", "drei"):
            yield f"data: <b>{word}</b>\n\n"
            await asyncio.sleep(0.05)
        await asyncio.sleep(60)

    return StreamingResponse(words(), media_type="text/event-stream")


# For Swagger UI

bearer = OAuth2PasswordBearer("token")


@app.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Clients",
        swagger_js_url="/scripts/swagger-ui-bundle.js",
        swagger_css_url="/scripts/swagger-ui.css",
    )


@app.post("/token", include_in_schema=False)
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if form.password != "open sesame":
        raise HTTPException(400, "Incorrect username or password")
    return {"access_token": form.username, "token_type": "bearer"}


@app.get("/me")
def me(name: Annotated[str, Depends(bearer)]) -> dict[str, str]:
    return {"signed in": name}
