"""URLs of the developer's machine, in every kind of file that a page or the app is made of."""

from __future__ import annotations

import pytest

from tests.check.making import Project

APP = "async def app(scope, receive, send): ...\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web/index.html", '<a href="http://localhost:8000/x">'),
        ("web/base.jinja2", "<img src='http://127.0.0.1/a.png'>"),
        ("static/app.js", 'fetch("http://localhost:8000/api")'),
        ("static/app.js", 'new WebSocket("ws://127.0.0.1:8000/ws")'),
        ("static/app.css", "a { background: url(http://0.0.0.0:8000/a.png) }"),
        ("static/app.mjs", "fetch(`http://[::1]:3000/`)"),
    ],
)
def test_found_in_files_of_the_page(project: Project, name: str, text: str) -> None:
    found = project.found({"main.py": APP, name: f"\n{text}\n"})
    assert found == [("localhost-url", name, 2)]


def test_found_in_strings_of_python(project: Project) -> None:
    text = 'BASE = "http://localhost:8000"\nurl = f"http://127.0.0.1:{1}/x"\n'
    lines = [line for _, _, line in project.found(text + APP)]
    assert lines == [1, 2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("other.py", '"""See http://localhost:8000."""\n# http://localhost:8000\n'),
        ("other.py", "CORS_ALLOWED_ORIGINS = ['http://localhost:3000']"),
        ("other.py", "add(allow_origins=['http://localhost:3000'])"),
        ("other.py", "if __name__ == '__main__': print('http://localhost:8000')"),
        ("a.js", "// http://localhost:8000"),
        ("a.js", 'fetch("http://localhost.example.com/")'),
        ("a.js", 'const host = "localhost"'),
        ("a.md", "http://localhost:8000"),
        ("a.js", "x" * 2000 + "http://localhost/"),
    ],
)
def test_let_pass(project: Project, name: str, text: str) -> None:
    assert project.found({"main.py": APP, name: text}) == []
