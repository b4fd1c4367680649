# /// script
# dependencies = ["starlette>=0.46", "python-multipart"]
# ///
"""The app that the browser tests walk through: one route for each thing to be seen."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import hashlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.responses import StreamingResponse as Stream
from starlette.routing import Route

visits = 0
asked: dict[str, list[list[str]]] = {}  # the headers of the first request of each name
streams: dict[str, str] = {}  # what became of each endless stream, by its name

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>{body}</body></html>"""

HOME = """
<a id="about" href="{about}">about</a>
<a id="blank" href="{count}" target="_blank">count in a new tab</a>
<a id="opener" href="{count}" target="_blank" rel="opener">count in a new tab, with an opener</a>
<a id="top" href="{about}" target="_top">about in the top window</a>
<a id="off" href="{off}">off the site</a>
<a id="hash" href="#part">a part of this page</a>
<form id="form" method="post" action="{save}"><input name="word"><button>save</button></form>
<form id="file" method="post" action="{upload}" enctype="multipart/form-data">
<input name="file" type="file"><button>upload</button></form>
<p id="part">the part</p>
"""


def page(title: str, body: str = "") -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=title, body=body))


async def home(request: Request) -> Response:
    links = {name: request.url_for(name) for name in ("about", "count", "save", "upload")}
    off = request.query_params.get("off", "")
    return page("Home", HOME.format(off=off, **links))


async def about(request: Request) -> Response:
    return page("About", f'<a id="home" href="{request.url_for("home")}">home</a>')


async def count(_request: Request) -> Response:
    global visits
    visits += 1
    return page("Count", f"visit {visits}")


async def save(request: Request) -> Response:
    async with request.form() as form:
        target = request.url_for("saved").include_query_params(word=form["word"])
    return RedirectResponse(target, status_code=303)


async def saved(request: Request) -> Response:
    return page("Saved", f"the word is {request.query_params['word']}")


async def upload(request: Request) -> Response:
    async with request.form() as form:
        file = form["file"]
        assert not isinstance(file, str)
        content = await file.read()
        digest = hashlib.sha256(content).hexdigest()
        return page("Uploaded", f"{file.filename} {len(content)} {digest}")


async def speak(request: Request) -> Response:
    print(request.query_params["words"])
    return JSONResponse("said")


async def headers(request: Request) -> Response:
    """The request's own headers, as JSON or, below a title, for people."""
    pairs = [
        [name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw
    ]
    if "page" in request.query_params:
        lines = "\n".join(f"{name}: {value}" for name, value in pairs)
        return page("Headers", f"<pre>{lines}</pre>")
    return JSONResponse(pairs)


async def kept(request: Request) -> Response:
    """Keep the headers that something named asks with, and tell them when asked for."""
    if "of" in request.query_params:
        return JSONResponse(asked.get(request.query_params["of"]))
    pairs = [[name.decode(), value.decode("latin-1")] for name, value in request.headers.raw]
    asked.setdefault(request.query_params["name"], pairs)
    return Response(status_code=200, media_type="text/javascript")


async def five(request: Request) -> Response:
    """Five chunks, 0.3 seconds apart, as text or as a page."""
    as_page = "page" in request.query_params
    return Stream(chunks(as_page), media_type="text/html" if as_page else "text/plain")


async def chunks(as_page: bool) -> AsyncIterator[str]:
    if as_page:
        yield "<!doctype html><title>Stream</title><body>"
    for number in range(5):
        mark = f"<script>(window.times ??= []).push(performance.now())</script><p>{number}</p>"
        yield mark if as_page else f"{number}\n"
        await asyncio.sleep(0.3)
    if as_page:
        yield "<p>end</p>"


async def endless(request: Request) -> Response:
    """A stream that only ends when its page goes away; /fate tells."""
    kind = request.query_params.get("type", "text/plain")
    return Stream(ticks(request.query_params["name"]), media_type=kind)


async def ticks(name: str) -> AsyncIterator[str]:
    streams[name] = "open"
    try:
        while True:
            yield "data: tick\n\n"
            await asyncio.sleep(0.1)
    except BaseException as end:
        streams[name] = type(end).__name__
        raise


async def slow(request: Request) -> Response:
    """Answer nothing, and note the http.disconnect that ends the wait."""
    name = request.query_params["name"]
    streams[name] = "waiting"
    message = await request.receive()
    while message["type"] != "http.disconnect":
        message = await request.receive()
    streams[name] = "disconnected"
    return JSONResponse("nobody reads this")


async def fate(request: Request) -> Response:
    """Tell what became of one stream, or of all."""
    gc.collect()  # a generator that `send` has raised in ends when it is collected
    name = request.query_params.get("name")
    return JSONResponse(streams.get(name) if name else streams)


async def measure(request: Request) -> Response:
    """Read the body to its end and tell its size and hash."""
    size, digest = 0, hashlib.sha256()
    async for chunk in request.stream():
        size += len(chunk)
        digest.update(chunk)
    return JSONResponse([size, digest.hexdigest()])


async def big(request: Request) -> Response:
    """Send as many bytes as asked for."""
    return Response(bytes(int(request.query_params["size"])))


async def broken(request: Request) -> Response:
    """A script that breaks off after its first piece."""
    script = b"window.ran = 1;"
    headers = {"content-length": "1000"} if "length" in request.query_params else {}
    if "gzip" in request.query_params:
        script, headers = gzip.compress(script * 1000)[:-20], {"content-encoding": "gzip"}
    return Stream(half(script), media_type="text/javascript", headers=headers)


async def half(script: bytes) -> AsyncIterator[bytes]:
    yield script
    await asyncio.sleep(0.2)
    raise RuntimeError("the app breaks off")


async def crash(_request: Request) -> Response:
    raise RuntimeError("the app's own bug")


@contextlib.asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    print("the tour begins")
    yield


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/", home),
        Route("/about", about),
        Route("/places/far/away", about, name="deep"),
        Route("/count", count),
        Route("/save", save, methods=["POST"]),
        Route("/saved", saved),
        Route("/upload", upload, methods=["POST"]),
        Route("/speak", speak),
        Route("/headers", headers, methods=["GET", "POST", "PUT"]),
        Route("/kept", kept, methods=["GET", "POST", "PATCH"]),
        Route("/five", five),
        Route("/endless", endless),
        Route("/slow", slow),
        Route("/fate", fate),
        Route("/measure", measure, methods=["POST"]),
        Route("/big", big),
        Route("/broken", broken),
        Route("/crash", crash),
    ],
)
