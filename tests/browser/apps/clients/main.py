# /// script
# dependencies = ["python-socketio>=5.13", "starlette>=0.46"]
# ///
"""What talks to clients that pages load: socket.io's, htmx's. The test puts their files here."""

import asyncio
from pathlib import Path
from typing import Any

import socketio  # type: ignore[import-untyped]
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

server = socketio.AsyncServer(async_mode="asgi", ping_interval=1, ping_timeout=5)
left: list[list[Any]] = []  # who has gone, and why


async def connect(sid: str, environ: dict[str, Any], auth: Any) -> None:
    if auth == "wrong":
        raise socketio.exceptions.ConnectionRefusedError("who?", {"code": 7})
    await server.save_session(sid, {"cookie": environ.get("HTTP_COOKIE"), "auth": auth})


async def disconnect(sid: str, reason: str) -> None:
    left.append([(await server.get_session(sid))["auth"], reason])


async def echo(_sid: str, *values: Any) -> Any:
    return list(values)


async def session(sid: str) -> Any:
    return await server.get_session(sid)


async def join(sid: str, room: str) -> None:
    await server.enter_room(sid, room)


async def say(sid: str, room: str, text: str) -> None:
    await server.emit("said", {"text": text, "bytes": b"\0\xff"}, room=room, skip_sid=sid)


async def ask_me(sid: str, question: str) -> Any:
    """Answer with what the page has answered."""
    return await server.call("question", question, to=sid)


async def count(sid: str, number: int) -> None:
    for i in range(number):
        await server.emit("number", i, to=sid)


async def go(sid: str) -> None:
    await server.disconnect(sid)


async def shout(_sid: str, text: str) -> str:
    await asyncio.sleep(0)
    return text.upper()


for handler in (connect, disconnect, echo, session, join, say, ask_me, count, go):
    server.on(handler.__name__, handler)
server.on("shout", shout, namespace="/other")


async def home(_request: Request) -> Response:
    response = HTMLResponse(
        "<!doctype html><title>socket.io</title><script src=socket.io.js></script>"
    )
    response.set_cookie("who", "me", httponly=True)
    return response


async def htmx(_request: Request) -> Response:
    return HTMLResponse(
        "<!doctype html><title>htmx</title>"
        "<script src=htmx.js></script><script src=hx-ws.js></script>"
        "<div hx-ws:connect='/htmx/ws' hx-target='#said' hx-swap='beforeend'>"
        "<form hx-ws:send><input name=text><button>Send</button></form></div><ul id=said></ul>"
    )


async def htmx_socket(websocket: WebSocket) -> None:
    await websocket.accept()
    async for message in websocket.iter_json():
        await websocket.send_text(f"<li>{message['text'].upper()}</li>")


async def script(request: Request) -> Response:
    path = Path(__file__).with_name(f"{request.path_params['name']}.js")
    return FileResponse(path, media_type="text/javascript")


async def gone(_request: Request) -> Response:
    return JSONResponse(left)


pages = Starlette(
    routes=[
        Route("/", home),
        Route("/gone", gone),
        Route("/htmx", htmx),
        WebSocketRoute("/htmx/ws", htmx_socket),
        Route("/{name}.js", script),
    ]
)
app = socketio.ASGIApp(server, pages)
