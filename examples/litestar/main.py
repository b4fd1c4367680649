"""A reading list in Litestar: controllers, DTOs, SQLAlchemy, sessions, templates, a live stream.

Run it with `litestar --app main:app run`, with `uvicorn main:app`, or with
`tabcorn serve main:app`.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from advanced_alchemy.base import BigIntBase
from advanced_alchemy.extensions.litestar import (
    AsyncSessionConfig,
    SQLAlchemyAsyncConfig,
    SQLAlchemyDTO,
    SQLAlchemyDTOConfig,
    SQLAlchemyPlugin,
)
from litestar import Controller, Litestar, Request, get, post
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.enums import RequestEncodingType
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.params import Body
from litestar.response import Redirect, ServerSentEvent, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

HERE = Path(__file__).parent


class Book(BigIntBase):
    """One to read, or read."""

    __tablename__ = "book"

    title: Mapped[str]
    author: Mapped[str]
    read: Mapped[bool] = mapped_column(default=False)


class NewBook(SQLAlchemyDTO[Book]):
    """What a reader tells of a book."""

    config = SQLAlchemyDTOConfig(exclude={"id", "read"})


class ReadBook(SQLAlchemyDTO[Book]):
    """What a reader is told."""


async def all_books(db: AsyncSession) -> list[Book]:
    return list(await db.scalars(select(Book).order_by(Book.id)))


class Pages(Controller):
    """The list as a page, with a form."""

    @get("/")
    async def home(self, request: Request, db_session: AsyncSession) -> Template:
        context = {"books": await all_books(db_session), "added": request.session.get("added", 0)}
        return Template("books.html", context=context)

    @post("/", dto=NewBook)
    async def add(
        self,
        request: Request,
        db_session: AsyncSession,
        channels: ChannelsPlugin,
        data: Annotated[Book, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        db_session.add(data)
        await db_session.commit()
        request.session["added"] = request.session.get("added", 0) + 1
        channels.publish({"title": data.title}, "books")
        return Redirect("/", status_code=303)


class Api(Controller):
    """The same for programs."""

    path = "/api/books"
    dto = NewBook
    return_dto = ReadBook

    @get()
    async def all(self, db_session: AsyncSession) -> list[Book]:
        return await all_books(db_session)

    @post()
    async def add(self, db_session: AsyncSession, data: Book, channels: ChannelsPlugin) -> Book:
        db_session.add(data)
        await db_session.commit()
        channels.publish({"title": data.title}, "books")
        return data


@get("/news")
async def news(channels: ChannelsPlugin) -> ServerSentEvent:
    """Tell of every new book as it comes."""

    async def titles() -> AsyncIterator[str]:
        async with channels.start_subscription("books") as subscriber:
            async for event in subscriber.iter_events():
                yield event.decode()

    return ServerSentEvent(titles())


database = SQLAlchemyAsyncConfig(
    connection_string=f"sqlite+aiosqlite:///{HERE}/books.sqlite3",
    session_config=AsyncSessionConfig(expire_on_commit=False),
    create_all=True,
)
app = Litestar(
    [Pages, Api, news, create_static_files_router("/static", [HERE / "static"])],
    plugins=[
        SQLAlchemyPlugin(database),
        ChannelsPlugin(MemoryChannelsBackend(), channels=["books"]),
    ],
    middleware=[ServerSideSessionConfig().middleware],
    template_config=TemplateConfig(directory=HERE / "templates", engine=JinjaTemplateEngine),
)
