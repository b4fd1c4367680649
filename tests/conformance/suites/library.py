"""Django with its admin: what a person does there, one request after the other."""

from __future__ import annotations

from collections.abc import Mapping

from tests.browser.known import LIBRARY
from tests.conformance.model import Case, Difference, Suite
from tests.conformance.reasons import NO_DATES, SAME_AGAIN

TOKEN = {"token": r'name="csrfmiddlewaretoken" value="(\w+)"'}
LOGIN = "/admin/login/?next=/admin/"
ADMIN = "/admin/library/book/"


def post(
    name: str, path: str, fields: Mapping[str, str], differs: Mapping[str, Difference] | None = None
) -> Case:
    """Submit a form with the token of the page before."""
    filled = [["csrfmiddlewaretoken", "${token}"], *map(list, fields.items())]
    return Case(name, path, "POST", body={"fields": filled}, differs=differs or {})


def credentials(password: str) -> dict[str, str]:
    """Fill in the form to sign in."""
    return {"username": "admin", "password": password}


def book(title: str, author: str) -> dict[str, str]:
    """Fill in the admin's form for a book."""
    return {"title": title, "author": author, "_save": "Save"}


PAGES = (
    Case("home", "/", take=TOKEN),
    post("add a book", "/", {"title": "Momo", "author": "Michael Ende"}, SAME_AGAIN),
    post("add a book, no title", "/", {"title": "", "author": "Anon"}),
    post("lend", "/lend/1", {}),
    post("lend, none such", "/lend/99", {}),
    Case("lend without a token", "/lend/1", "POST"),
    Case("lend by GET", "/lend/1"),
    Case("async view", "/statistics"),
    Case("async code in a sync view", "/report"),
    Case("HEAD", "/report", "HEAD"),
    Case("no such page", "/nothing"),
    Case("visits are counted", "/"),
)

SIGNING_IN = (
    Case("admin, signed out", "/admin/"),
    Case("sign in", LOGIN, take=TOKEN),
    post("wrong password", LOGIN, credentials("wrong")),
    post("signed in", LOGIN, credentials("admin")),
    Case("slash added", "/admin/library/book"),
)

BOOKS = (
    Case("list", ADMIN, take=TOKEN),
    Case("search", f"{ADMIN}?q=emma"),
    Case("filter", f"{ADMIN}?lent__exact=1"),
    Case("sort", f"{ADMIN}?o=2"),
    Case("wrong filter", f"{ADMIN}?nothing=1"),
    Case("add, the form", f"{ADMIN}add/", take=TOKEN),
    post("add", f"{ADMIN}add/", book("Ulysses", "James Joyce")),
    post("add, invalid", f"{ADMIN}add/", book("", "Nobody")),
    Case("change, the form", f"{ADMIN}4/change/", take=TOKEN),
    post("change", f"{ADMIN}4/change/", book("Dubliners", "James Joyce")),
    Case("change, none such", f"{ADMIN}99/change/"),
    Case("history", f"{ADMIN}4/history/"),
    post("action, asked back", ADMIN, {"action": "delete_selected", "_selected_action": "4"}),
    Case("delete, asked back", f"{ADMIN}4/delete/", take=TOKEN),
    post("delete", f"{ADMIN}4/delete/", {"post": "yes"}),
    Case("delete without a token", f"{ADMIN}1/delete/", "POST"),
    Case("texts for scripts", "/admin/jsi18n/"),
    Case("users", "/admin/auth/user/"),
    Case("change the password, the form", "/admin/password_change/", take=TOKEN),
    post("signed out", "/admin/logout/", {}),
    Case("list, signed out", ADMIN),
)

FILES = (
    Case("CSS", "/static/admin/css/base.css", differs=NO_DATES),
    Case("image", "/static/admin/img/icon-yes.svg", differs=NO_DATES),
    Case("file, HEAD", "/static/admin/js/core.js", "HEAD", differs=NO_DATES),
    Case("file, missing", "/static/admin/nothing.css"),
)

SUITE = Suite(
    LIBRARY,
    (*PAGES, *SIGNING_IN, *BOOKS, *FILES),
    scrub=(
        r"\b\w{64}\b",  # tokens
        r"[A-Z][a-z]+\.? \d\d?, 20\d\d(, (\d\d?(:\d\d)? [ap]\.m\.|noon|midnight))?",  # dates
    ),
    title="Django: views, forms, messages, sessions, the admin from login to logout",
    server=("--lifespan", "off"),
)
