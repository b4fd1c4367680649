"""A list of bugs in Falcon: resources, media, middleware, hooks, a page and a static route.

Run it with `uvicorn main:app` or with `tabcorn serve main:app`.
"""

import secrets
import sqlite3
from pathlib import Path
from typing import Any

import falcon
import falcon.asgi
from falcon.asgi import Request, Response
from jinja2 import Environment, FileSystemLoader

HERE = Path(__file__).parent
templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


class Store:
    """The bugs, in SQLite."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS bug (id INTEGER PRIMARY KEY, title TEXT NOT NULL,"
            " reporter TEXT NOT NULL, fixed INTEGER NOT NULL DEFAULT 0)"
        )

    def all(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.db.execute("SELECT * FROM bug ORDER BY id")]

    def get(self, number: int) -> dict[str, Any]:
        row = self.db.execute("SELECT * FROM bug WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise falcon.HTTPNotFound(title="No such bug", description=f"There is no #{number}.")
        return dict(row)

    def add(self, title: str, reporter: str) -> int:
        with self.db:
            cursor = self.db.execute(
                "INSERT INTO bug (title, reporter) VALUES (?, ?)", (title, reporter)
            )
        return int(cursor.lastrowid or 0)

    def fix(self, number: int) -> None:
        with self.db:
            self.db.execute("UPDATE bug SET fixed = 1 WHERE id = ?", (number,))


class Visitors:
    """Middleware: a cookie gives every visitor a session of their own."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, str]] = {}

    async def process_request(self, req: Request, resp: Response) -> None:
        key = req.cookies.get("visitor")
        if key not in self.sessions:
            key = secrets.token_urlsafe(16)
            resp.set_cookie("visitor", key, secure=False, http_only=True, same_site="Lax")
        req.context.session = self.sessions.setdefault(key, {"reporter": ""})


async def require_title(req: Request, resp: Response, resource: object, params: object) -> None:
    """Hook: refuse a bug that says nothing."""
    media = await req.get_media()
    if not str(media.get("title", "")).strip():
        raise falcon.HTTPUnprocessableEntity(title="Nothing to fix", description="Give a title.")


class Front:
    """The page for people."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def on_get(self, req: Request, resp: Response) -> None:
        template = templates.get_template("bugs.html")
        resp.content_type = falcon.MEDIA_HTML
        resp.text = template.render(bugs=self.store.all(), session=req.context.session)

    @falcon.before(require_title)
    async def on_post(self, req: Request, resp: Response) -> None:
        form = await req.get_media()
        req.context.session["reporter"] = form.get("reporter") or "somebody"
        self.store.add(form["title"], req.context.session["reporter"])
        raise falcon.HTTPSeeOther("/")


class Bugs:
    """The same for programs: a collection and its items."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def on_get(self, req: Request, resp: Response) -> None:
        resp.media = self.store.all()

    @falcon.before(require_title)
    async def on_post(self, req: Request, resp: Response) -> None:
        media = await req.get_media()
        number = self.store.add(media["title"], media.get("reporter", "somebody"))
        resp.media, resp.status = self.store.get(number), falcon.HTTP_201
        resp.location = f"/api/bugs/{number}"

    async def on_get_item(self, req: Request, resp: Response, number: int) -> None:
        resp.media = self.store.get(number)

    async def on_patch_item(self, req: Request, resp: Response, number: int) -> None:
        self.store.get(number)
        self.store.fix(number)
        resp.media = self.store.get(number)


store = Store(HERE / "bugs.sqlite3")
bugs = Bugs(store)
app = falcon.asgi.App(middleware=[Visitors()])
app.add_route("/", Front(store))
app.add_route("/api/bugs", bugs)
app.add_route("/api/bugs/{number:int}", bugs, suffix="item")
app.add_static_route("/static", HERE / "static")
