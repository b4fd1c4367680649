# /// script
# dependencies = ["starlette>=0.46", "itsdangerous", "python-multipart"]
# ///
"""The app that the cookie tests walk through; it keeps sessions with Starlette's middleware."""

from __future__ import annotations

import functools
import secrets

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

PAGE = """<!doctype html><title>{title}</title><h1>{title}</h1>
<script>window.atOnce = document.cookie</script><pre id="sent">{sent}</pre>
<form id="login" method="post" action="{login}"><input name="name"><button>log in</button></form>
<form id="enter" method="post" action="{enter}"><button>enter</button></form>
<form id="pay" method="post" action="{pay}"><input name="token" value="{token}"><button>pay</button>
</form><form id="logout" method="post" action="{logout}"><button>log out</button></form>"""


def with_cookies(request: Request, response: Response) -> Response:
    """Set what the query says, header by header."""
    for line in request.query_params.getlist("set"):
        response.headers.append("set-cookie", line)
    return response


def page(request: Request, title: str) -> Response:
    links = {name: request.url_for(name) for name in ("login", "logout", "enter", "pay")}
    sent, token = request.headers.get("cookie", ""), request.cookies.get("token", "")
    text = PAGE.format(title=title, sent=sent, token=token, **links)
    return with_cookies(request, HTMLResponse(text))


async def home(request: Request) -> Response:
    return page(request, f"Hello {request.session.get('name', 'stranger')}")


async def login(request: Request) -> Response:
    async with request.form() as form:
        request.session["name"] = form["name"]
    return RedirectResponse(request.url_for("home"), 303)


async def logout(request: Request) -> Response:
    request.session.clear()
    return RedirectResponse(request.url_for("home"), 303)


async def enter(request: Request) -> Response:
    """Log in as careful apps do: a session that no script sees, a token that forms repeat."""
    response = RedirectResponse(request.url_for("home"), 303)
    set_cookie = functools.partial(response.set_cookie, value=secrets.token_hex(), secure=True)
    set_cookie("__Host-id", httponly=True, samesite="strict")
    set_cookie("token", samesite="none")
    return response


async def pay(request: Request) -> Response:
    """Do it for whoever is logged in and repeats the token."""
    async with request.form() as form:
        known = "__Host-id" in request.cookies
        repeated = form.get("token", "") == request.cookies.get("token", "none")
    return page(request, "Paid") if known and repeated else page(request, "Refused")


async def sent(request: Request) -> Response:
    """The Cookie headers, as JSON or as a page."""
    if "page" in request.query_params:
        return page(request, "Sent")
    status = int(request.query_params.get("status", "200"))
    return with_cookies(request, JSONResponse(request.headers.getlist("cookie"), status))


async def lines(request: Request) -> Response:
    """Set what the body lists, octet by octet."""
    response = Response(status_code=204)
    headers = [(b"set-cookie", line.encode("latin-1")) for line in await request.json()]
    response.raw_headers += headers
    return response


noted: dict[str, str] = {}


async def note(request: Request) -> Response:
    """Keep the Cookie header of what a page cannot read, or tell it; the answer is an error."""
    key = request.path_params["key"]
    if "tell" in request.query_params:
        return JSONResponse(noted.pop(key, None))
    noted[key] = request.headers.get("cookie", "")
    return Response(status_code=404)


async def names(request: Request) -> Response:
    """The names of all headers, in order."""
    return JSONResponse([name.decode() for name, _ in request.headers.raw])


async def clear(request: Request) -> Response:
    """Delete every cookie that came, wherever it was set and whatever its prefix asks for."""
    response = Response(status_code=204)
    for pair in request.headers.get("cookie", "").split("; "):
        for path in ("/", "/folder", "/folder/page"):
            response.headers.append(
                "set-cookie", f"{pair.partition('=')[0]}=; Max-Age=0; Path={path}; Secure; HttpOnly"
            )
    return response


async def forget(_request: Request) -> Response:
    """Delete every cookie, those among them that no name deletes."""
    return Response(status_code=204, headers={"clear-site-data": '"cookies"'})


async def redirect(request: Request) -> Response:
    status = int(request.query_params.get("status", "302"))
    return with_cookies(request, RedirectResponse(request.query_params["to"], status))


async def socket(websocket: WebSocket) -> None:
    await websocket.accept(headers=[(b"set-cookie", b"from-socket=1")])
    await websocket.send_text(websocket.headers.get("cookie", ""))
    await websocket.close()


app = Starlette(
    routes=[
        Route("/", home),
        Route("/login", login, methods=["POST"]),
        Route("/logout", logout, methods=["POST"]),
        Route("/enter", enter, methods=["POST"]),
        Route("/pay", pay, methods=["POST"]),
        Route("/sent", sent, methods=["GET", "POST"]),
        Route("/folder/sent", sent),
        Route("/folder/clear", clear),
        Route("/folder/forget", forget),
        Route("/folder/lines", lines, methods=["POST"]),
        Route("/folder/page", sent),
        Route("/names", names),
        Route("/note/{key}", note),
        Route("/redirect", redirect, methods=["GET", "POST"]),
        WebSocketRoute("/socket", socket),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key="a key for tests only")],
)
