# /// script
# dependencies = ["starlette>=0.46"]
# ///
"""Sockets of every kind, and pages and workers that open them. Also run under uvicorn."""

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

heard: dict[str, list[Any]] = {}  # what the app was told on each socket, by the name it gave
room: set[WebSocket] = set()
scripts: dict[str, str] = {}


async def home(request: Request) -> Response:
    headers = {}
    if policy := request.query_params.get("policy"):
        headers["content-security-policy"] = policy
    meta = request.query_params.get("meta", "")
    html = f"<!doctype html><meta charset=utf-8>{meta}<title>Sockets</title><h1>Sockets</h1>"
    return HTMLResponse(html, headers=headers)


async def told(request: Request) -> Response:
    return JSONResponse(heard.get(request.query_params["name"]))


async def told_of_all(request: Request) -> Response:
    """What was heard on several sockets, the long messages cut short."""
    names = json.loads(request.query_params["names"])
    short = {name: [cut(each) for each in heard.get(name, [])] for name in names}
    return JSONResponse(short)


def cut(message: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [len(value), value[:20]] if key in ("text", "bytes") else value
        for key, value in message.items()
    }


async def keep_script(request: Request) -> Response:
    """Keep a script that a test would run in a worker."""
    scripts[request.query_params["name"]] = (await request.body()).decode()
    return Response(status_code=204)


async def kept_script(request: Request) -> Response:
    return Response(scripts[request.path_params["name"]], media_type="text/javascript")


WORKERS = {
    "plain.js": "",
    "strict.js": "// a licence\n'use strict';\n",
    "module.js": "import { early } from './early.js';\n"
    "globalThis.postMessage?.(['early', early]);\n",
    "early.js": "export const early = new WebSocket('/ws?mode=close').url;\n",
}
SPEAK = """
self.isStrict = (function () { return this === undefined; })();
const use = (port) => {
  const socket = new WebSocket(`/ws?name=${self.name}`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send('from a worker');
  socket.onmessage = ({ data }) => {
    port.postMessage([data, self.isStrict, socket instanceof WebSocket]);
  };
  socket.onerror = () => port.postMessage('error');
};
if ('onconnect' in self) self.onconnect = ({ ports }) => use(ports[0]);
else use(self);
"""


async def worker(request: Request) -> Response:
    name = request.path_params["name"]
    text = WORKERS[name] + ("" if name == "early.js" else SPEAK)
    return Response(text, media_type="text/javascript")


async def socket(websocket: WebSocket) -> None:
    """Do as the query says, then echo; write down all that is heard."""
    query = websocket.query_params
    mode, name = query.get("mode"), query.get("name", "")
    if mode == "deny":
        return await websocket.close()
    if mode == "deny-response":
        return await websocket.send_denial_response(PlainTextResponse("no", 401))
    if mode == "raise":
        raise RuntimeError("the app's own bug")
    if mode == "slow":
        await asyncio.sleep(float(query["seconds"]))
    await websocket.accept(subprotocol=query.get("sub"))
    if mode == "close":
        return await websocket.close(int(query.get("code", 1000)), query.get("reason"))
    if mode == "close-none":
        return await websocket.send({"type": "websocket.close", "code": None})
    if mode == "greet-close":
        for number in range(int(query["n"])):
            await websocket.send_text(str(number))
        return await websocket.close()
    if mode == "huge":
        await websocket.send_bytes(bytes(20 * 2**20))
    if mode == "chatty":
        return await chatter(websocket)
    if mode == "close-on-text":
        await websocket.receive()
        return await websocket.close(3006, "app")
    if mode in ("return", "raise-late"):
        await asyncio.sleep(0.1)  # Firefox does not tell of an opening that has already ended
    if mode == "return":
        return None
    if mode == "raise-late":
        raise RuntimeError("the app's own bug")
    if mode == "headers":
        pairs = [[name.decode(), value.decode("latin-1")] for name, value in websocket.headers.raw]
        await websocket.send_text(json.dumps([pairs, websocket.scope["subprotocols"]]))
    if mode == "flood":
        return await flood(websocket, name)
    if mode == "deaf":
        await asyncio.sleep(float(query["seconds"]))
    await echo(websocket, name)
    return None


async def echo(websocket: WebSocket, name: str) -> None:
    while True:
        message = await websocket.receive()
        if name:
            heard.setdefault(name, []).append(shown(message))
        if message["type"] == "websocket.disconnect":
            return
        if websocket.query_params.get("mode") == "quiet":
            continue
        await websocket.send({**message, "type": "websocket.send"})


async def chatter(websocket: WebSocket) -> None:
    """Send until the page has closed."""
    sending = asyncio.create_task(speak(websocket))
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
    sending.cancel()


async def speak(websocket: WebSocket) -> None:
    for number in range(200):
        await websocket.send_text(str(number))
        await asyncio.sleep(0.01)


def shown(message: Any) -> Any:
    kept = {key: value for key, value in message.items() if key != "type"}
    return {key: list(value) if key == "bytes" else value for key, value in kept.items()}


async def flood(websocket: WebSocket, name: str) -> None:
    """Send a mebibyte a message; /told tells how many went out."""
    heard[name] = [0]
    for _ in range(200):
        await websocket.send_bytes(bytes(2**20))
        heard[name][0] += 1
    await websocket.close()


class Chat(WebSocketEndpoint):
    """Everybody hears what anybody says."""

    encoding = "json"

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        room.add(websocket)

    async def on_receive(self, _websocket: WebSocket, data: Any) -> None:
        for each in set(room):
            await each.send_json(data)

    async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
        room.discard(websocket)
        for each in set(room):
            await each.send_json(["left", close_code])


app = Starlette(
    routes=[
        Route("/", home),
        Route("/other", home),
        Route("/told", told),
        Route("/heard", told_of_all),
        Route("/scripts", keep_script, methods=["POST"]),
        Route("/scripts/{name}", kept_script),
        Route("/worker/{name}", worker),
        WebSocketRoute("/ws", socket),
        WebSocketRoute("/chat", Chat),
    ]
)
