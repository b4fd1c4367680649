# /// script
# dependencies = ["starlette", "python-multipart"]
# ///
"""An app that knows nothing of root_path: every URL in it begins with a slash."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

HOME = """<!doctype html><title>home</title><link rel=stylesheet href=/static/style.css>
<h1>Home</h1><a id=link href=/about>about</a>
<svg width=9 height=9><a id=drawn href=/about?drawn><rect width=9 height=9 /></a></svg>
<form id=post method=post action=/save><input name=word value=w><button>save</button></form>
<a id=header href=/refresh?header>header</a> <a id=element href=/refresh?element>element</a>
<form id=get action=/about><input name=q value=2><button>ask</button></form>
<iframe src=/about?framed></iframe>"""


async def home(_request: Request) -> Response:
    return HTMLResponse(HOME)


async def about(request: Request) -> Response:
    path, root = request.url.path, request.scope["root_path"]
    return HTMLResponse(f"<title>about</title><p>about {path} in {root} {request.url.query}")


async def save(request: Request) -> Response:
    form = await request.form()
    return RedirectResponse(f"/about?saved={form['word']}", 303)


async def api(request: Request) -> Response:
    return JSONResponse({"path": request.url.path, "query": request.url.query})


async def go(_request: Request) -> Response:
    return RedirectResponse("/about?gone")


async def refresh(request: Request) -> Response:
    """Go on to /about by the header, or by the element that stands for it."""
    if "header" in request.query_params:
        return HTMLResponse("<title>refresh</title>", headers={"refresh": "0; url=/about?header"})
    meta = '<meta http-equiv=refresh content="0; url=/about?element">'
    return HTMLResponse(f"<!doctype html><title>refresh</title>{meta}")


app = Starlette(
    routes=[
        Route("/", home),
        Route("/about", about),
        Route("/save", save, methods=["POST"]),
        Route("/api", api),
        Route("/go", go),
        Route("/refresh", refresh),
        Mount("/static", StaticFiles(directory="static")),
    ]
)
