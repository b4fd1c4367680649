"""The book of recipes, kept in SQLite."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass
class NewRecipe:
    """What a cook writes down."""

    name: str
    minutes: int


@dataclass
class Recipe(NewRecipe):
    """One that is in the book."""

    id: int


class Cookbook:
    """All recipes; controllers receive it by their constructors."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS recipe "
            "(id INTEGER PRIMARY KEY, name TEXT NOT NULL, minutes INTEGER NOT NULL)"
        )

    def all(self) -> list[Recipe]:
        rows = self.db.execute("SELECT name, minutes, id FROM recipe ORDER BY minutes, id")
        return [Recipe(*row) for row in rows]

    def add(self, new: NewRecipe) -> Recipe:
        with self.db:
            cursor = self.db.execute(
                "INSERT INTO recipe (name, minutes) VALUES (?, ?)", (new.name, new.minutes)
            )
        return Recipe(new.name, new.minutes, cursor.lastrowid or 0)
