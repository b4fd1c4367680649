# /// script
# dependencies = []
# ///
"""Writes files and rows as it is told, and tells what is there."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

DATA = "/app/data"
DATABASE = f"{DATA}/rows.db"


def connect(mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(DATABASE)
    database.execute(f"pragma journal_mode={mode}")
    database.execute("create table if not exists rows (n integer primary key, text text)")
    return database


def add(text: str, mode: str = "delete") -> int:
    database = connect(mode)
    with database:
        database.execute("insert into rows (text) values (?)", (text,))
    (count,) = database.execute("select count(*) from rows").fetchone()
    database.close()
    return int(count)


def rows(mode: str = "delete") -> list[Any]:
    database = connect(mode)
    (state,) = database.execute("pragma integrity_check").fetchone()
    (used,) = database.execute("pragma journal_mode").fetchone()
    texts = [text for (text,) in database.execute("select text from rows order by n")]
    database.close()
    return [state, used, texts]


def write(path: str, text: str, how: str = "w", times: str = "1", at: str = "") -> int:
    with open(f"{DATA}/{path}", how) as file:
        if at:
            file.seek(int(at))
        file.write(text * int(times))
    return os.path.getsize(f"{DATA}/{path}")


def read(path: str) -> str:
    with open(f"{DATA}/{path}") as file:
        return file.read()


def truncate(path: str, size: str) -> None:
    os.truncate(f"{DATA}/{path}", int(size))


def rename(path: str, to: str) -> None:
    os.rename(f"{DATA}/{path}", to if to.startswith("/") else f"{DATA}/{to}")


def remove(path: str) -> None:
    path = f"{DATA}/{path}"
    if os.path.isdir(path):
        shutil.rmtree(path)
    else:
        os.remove(path)


def folder(path: str) -> None:
    os.makedirs(f"{DATA}/{path}")


def link(path: str, to: str) -> None:
    os.symlink(to, f"{DATA}/{path}")


def mode(path: str, bits: str) -> None:
    os.chmod(f"{DATA}/{path}", int(bits, 8))


def tree() -> dict[str, Any]:
    """Say what is there: a size for each file, a target for each link, None for folders."""
    found: dict[str, Any] = {}
    for here, folders, files in os.walk(DATA):
        for name in [*folders, *files]:
            path = f"{here}/{name}"
            key = path.removeprefix(f"{DATA}/")
            if os.path.islink(path):
                found[key] = os.readlink(path)
            else:
                status = os.stat(path)
                size = None if os.path.isdir(path) else status.st_size
                found[key] = [size, oct(status.st_mode & 0o777)]
    return found


ACTIONS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (add, rows, write, read, truncate, rename, remove, folder, link, mode, tree)
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise NotImplementedError
    await receive()
    query = dict(parse_qsl(scope["query_string"].decode()))
    action = ACTIONS.get(scope["path"].strip("/"), lambda: "home")
    try:
        status, told = 200, action(**query)
    except Exception as error:
        status, told = 500, f"{type(error).__name__}: {error}"
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})
