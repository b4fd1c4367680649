"""A line, or a code, that the project wants to hear no more of."""

from __future__ import annotations

import pytest

from tabcorn.errors import UsageError
from tests.check.making import Project

APP = "async def app(scope, receive, send): ...\n"


@pytest.mark.parametrize(
    ("name", "text", "comment"),
    [
        ("x.py", "import os; os.fork()", "# tabcorn: ignore[process]"),
        ("x.py", "import os; os.fork()", "# noqa  # tabcorn: ignore[localhost-url, process]"),
        ("a.js", 'fetch("http://localhost/")', "// tabcorn: ignore[localhost-url]"),
        ("a.css", "a { b: url(http://localhost/) }", "/* tabcorn: ignore[localhost-url] */"),
        ("a.html", '<a href="http://localhost/">', "<!-- tabcorn: ignore[localhost-url] -->"),
    ],
)
def test_on_its_line(project: Project, name: str, text: str, comment: str) -> None:
    main = "import x\n" + APP
    files = {"main.py": main, "x.py": "", name: f"{text}  {comment}\n"}
    assert project.found(files) == []
    assert len(project.found({**files, name: f"{text}\n{comment}\n"})) == 1


def test_another_code_is_not_ignored(project: Project) -> None:
    line = "import os; os.fork()  # tabcorn: ignore[thread]\n"
    assert project.found(line + APP) == [("process", "main.py", 1)]


def test_everywhere(project: Project) -> None:
    files = {"main.py": "import os\nos.fork()\n" + APP, "a.js": 'fetch("http://localhost/")'}
    settings = '[tool.tabcorn]\nignore = ["process"]\n'
    assert project.found({**files, "pyproject.toml": settings}) == [("localhost-url", "a.js", 1)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('ignore = ["proces"]', "Did you mean 'process'"),
        ('ignore = "process"', "no list of strings"),
        ("ignore = [1]", "no list of strings"),
    ],
)
def test_mistakes_are_told(project: Project, settings: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        project.check({"main.py": APP, "pyproject.toml": f"[tool.tabcorn]\n{settings}\n"})
