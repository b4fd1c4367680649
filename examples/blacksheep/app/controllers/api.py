"""The same for programs, below `/api/recipes`, and a kitchen timer."""

import asyncio

from blacksheep import FromJSON, Response, WebSocket, ws
from blacksheep.server.controllers import APIController, get, post

from app.cookbook import Cookbook, NewRecipe, Recipe


class Recipes(APIController):
    """Recipes as JSON."""

    def __init__(self, book: Cookbook) -> None:
        self.book = book

    @get()
    def all(self) -> list[Recipe]:
        """Tell all recipes, the quickest first."""
        return self.book.all()

    @post()
    def add(self, new: FromJSON[NewRecipe]) -> Response:
        """Add a recipe."""
        return self.created(self.book.add(new.value))


@ws("/timer/{int:seconds}")
async def timer(websocket: WebSocket, seconds: int) -> None:
    """Count down, a message for every second that is left."""
    await websocket.accept()
    for left in range(seconds, 0, -1):
        await websocket.send_json({"left": left})
        await asyncio.sleep(1)
    await websocket.send_json({"left": 0})
    await websocket.close()
