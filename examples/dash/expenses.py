"""What was spent, kept in SQLite; every call has a connection of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

KINDS = ("Food", "Rent", "Travel")


class Expenses:
    def __init__(self, path: Path) -> None:
        self.path = path
        with self.connected() as db:
            db.execute("CREATE TABLE IF NOT EXISTS expense (kind TEXT, what TEXT, amount REAL)")

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path)
        try:
            with db:
                yield db
        finally:
            db.close()

    def add(self, kind: str, what: str, amount: float) -> None:
        with self.connected() as db:
            db.execute("INSERT INTO expense VALUES (?, ?, ?)", (kind, what, amount))

    def all(self) -> list[tuple[str, str, float]]:
        with self.connected() as db:
            return db.execute("SELECT kind, what, amount FROM expense ORDER BY rowid").fetchall()

    def totals(self) -> dict[str, float]:
        with self.connected() as db:
            rows = db.execute("SELECT kind, sum(amount) FROM expense GROUP BY kind")
            return dict.fromkeys(KINDS, 0.0) | dict(rows.fetchall())


def expenses() -> Expenses:
    """Return those of the running app."""
    return current_app.extensions["expenses"]
