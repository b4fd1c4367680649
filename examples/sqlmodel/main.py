"""Heroes and their teams: one class per table, for the database, the API and its validation."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException, Query, Request, status
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select
from starlette.middleware.sessions import SessionMiddleware

HERE = Path(__file__).parent

engine = create_engine(f"sqlite:///{HERE / 'heroes.db'}", connect_args={"check_same_thread": False})
templates = Jinja2Templates(HERE / "templates")


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    heroes: list["Hero"] = Relationship(back_populates="team")


class HeroBase(SQLModel):
    name: str = Field(index=True, min_length=1)
    age: int | None = Field(default=None, ge=0)
    team_id: int | None = Field(default=None, foreign_key="team.id")


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team: Team | None = Relationship(back_populates="heroes")


class HeroPublic(HeroBase):
    id: int


class HeroUpdate(SQLModel):
    name: str | None = Field(default=None, min_length=1)
    age: int | None = Field(default=None, ge=0)
    team_id: int | None = None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        if not session.exec(select(Team)).first():
            session.add_all([Team(name="Preventers"), Team(name="Z-Force")])
            session.commit()
    yield


app = FastAPI(title="Heroes", lifespan=lifespan)
app.add_middleware(SessionMiddleware, secret_key="not a secret in an example")
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_hero(hero_id: int, session: SessionDep) -> Hero:
    if not (hero := session.get(Hero, hero_id)):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Hero not found")
    return hero


HeroDep = Annotated[Hero, Depends(get_hero)]


@app.get("/", response_class=HTMLResponse, include_in_schema=False)
def home(request: Request, session: SessionDep, q: str = ""):
    heroes = session.exec(select(Hero).where(Hero.name.contains(q)).order_by(Hero.name)).all()
    context = {"heroes": heroes, "teams": session.exec(select(Team)).all(), "q": q}
    return templates.TemplateResponse(request, "home.html", context)


@app.post("/", include_in_schema=False)
def enlist(request: Request, session: SessionDep, form: Annotated[HeroBase, Form()]):
    session.add(Hero.model_validate(form))
    session.commit()
    request.session["team"] = form.team_id  # chosen again in the next form
    return RedirectResponse(request.url_for("home"), status.HTTP_303_SEE_OTHER)


@app.post("/heroes/", status_code=status.HTTP_201_CREATED)
def create_hero(hero: HeroBase, session: SessionDep) -> HeroPublic:
    db_hero = Hero.model_validate(hero)
    session.add(db_hero)
    session.commit()
    session.refresh(db_hero)
    return db_hero


@app.get("/heroes/", response_model=list[HeroPublic])
def read_heroes(session: SessionDep, offset: int = 0, limit: Annotated[int, Query(le=100)] = 100):
    return session.exec(select(Hero).offset(offset).limit(limit)).all()


@app.get("/heroes/{hero_id}")
def read_hero(hero: HeroDep) -> HeroPublic:
    return hero


@app.patch("/heroes/{hero_id}")
def update_hero(hero: HeroDep, change: HeroUpdate, session: SessionDep) -> HeroPublic:
    hero.sqlmodel_update(change.model_dump(exclude_unset=True))
    session.add(hero)
    session.commit()
    session.refresh(hero)
    return hero


@app.delete("/heroes/{hero_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_hero(hero: HeroDep, session: SessionDep) -> None:
    session.delete(hero)
    session.commit()
