"""Film reviews by GraphQL: queries, mutations of who is signed in, and a subscription."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import strawberry
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.middleware.sessions import SessionMiddleware
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext, GraphQLRouter
from strawberry.permission import BasePermission

HERE = Path(__file__).parent
DIRECTORS = {"v": "Agnès Varda", "k": "Akira Kurosawa"}
FILMS = {"1": ("Cléo de 5 à 7", "v"), "2": ("Ikiru", "k"), "3": ("Le bonheur", "v")}

templates = Jinja2Templates(HERE / "templates")


@strawberry.type
class Director:
    id: strawberry.ID
    name: str

    @strawberry.field
    def films(self) -> list["Film"]:
        return [Film(id=id) for id, (_, director) in FILMS.items() if director == self.id]


@strawberry.type
class Review:
    film: "Film"
    author: str
    stars: int
    text: str = ""


@strawberry.type
class Film:
    id: strawberry.ID

    @strawberry.field
    def title(self) -> str:
        return FILMS[self.id][0]

    @strawberry.field
    async def director(self, info: strawberry.Info["Context"]) -> Director:
        return await info.context.directors.load(FILMS[self.id][1])

    @strawberry.field
    def reviews(self) -> list[Review]:
        return [review for review in reviews if review.film.id == self.id]


@strawberry.input
class ReviewInput:
    film: strawberry.ID
    stars: int
    text: str = ""


async def load_directors(ids: list[str]) -> list[Director]:
    """Fetch all that one query asks for at once."""
    return [Director(id=id, name=DIRECTORS[id]) for id in ids]


class Context(BaseContext):
    def __init__(self) -> None:
        super().__init__()
        self.directors = DataLoader(load_directors)

    @property
    def user(self) -> str | None:
        return self.request.session.get("user")


class IsSignedIn(BasePermission):
    message = "Sign in first."

    def has_permission(self, source: object, info: strawberry.Info[Context], **kwargs) -> bool:
        return info.context.user is not None


reviews: list[Review] = []
listeners: set[asyncio.Queue[Review]] = set()


@strawberry.type
class Query:
    @strawberry.field
    def films(self, search: str = "") -> list[Film]:
        return [Film(id=id) for id, (title, _) in FILMS.items() if search.lower() in title.lower()]

    @strawberry.field
    def me(self, info: strawberry.Info[Context]) -> str | None:
        return info.context.user


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, info: strawberry.Info[Context], name: str) -> str:
        info.context.request.session["user"] = name
        return name

    @strawberry.mutation(permission_classes=[IsSignedIn])
    def review(self, info: strawberry.Info[Context], review: ReviewInput) -> Review:
        if not 1 <= review.stars <= 5:
            raise ValueError("There are one to five stars.")
        film = Film(id=review.film)
        made = Review(film=film, author=info.context.user, stars=review.stars, text=review.text)
        reviews.append(made)
        for listener in listeners:
            listener.put_nowait(made)
        return made


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def reviewed(self) -> AsyncGenerator[Review, None]:
        listener: asyncio.Queue[Review] = asyncio.Queue()
        listeners.add(listener)
        try:
            while True:
                yield await listener.get()
        finally:
            listeners.remove(listener)


schema = strawberry.Schema(Query, Mutation, Subscription)

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="not a secret in an example")
app.include_router(GraphQLRouter(schema, context_getter=Context), prefix="/graphql")
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


@app.get("/")
async def home(request: Request) -> HTMLResponse:
    return templates.TemplateResponse(request, "home.html", {"films": FILMS})
