"""The pages for people."""

from blacksheep import FromForm, Request, Response
from blacksheep.server.controllers import Controller, get, post

from app.cookbook import Cookbook, NewRecipe


class Recipes(Controller):
    """The book as a page, with a form; its views are in `views/recipes`."""

    def __init__(self, book: Cookbook) -> None:
        self.book = book

    @get("/")
    def index(self, request: Request) -> Response:
        mine = request.session.get("mine", 0)
        return self.view(model={"recipes": self.book.all(), "mine": mine})

    @post("/")
    def add(self, request: Request, form: FromForm[NewRecipe]) -> Response:
        self.book.add(form.value)
        request.session["mine"] = request.session.get("mine", 0) + 1
        return self.see_other("/")
