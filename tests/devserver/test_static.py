"""A folder as plain static hosts serve it, with each habit that some of them have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest
from starlette.testclient import TestClient

from tabcorn.devserver.habits import DESCRIPTIONS, Habit
from tabcorn.devserver.static import StaticHost


class Response(Protocol):
    """What is looked at; the test client's HTTP library has changed before."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


BUILD = "_tabcorn/0123456789abcdef0123"
FILES = {
    ".nojekyll": "",
    "index.html": "index",
    "404.html": "missing",
    "page.html": "page",
    "blog/index.html": "blog",
    "empty/readme.txt": "x",
    "data.gz": "not really",
    f"{BUILD}/core/pyodide.js": "js",
    f"{BUILD}/assets/app.0.bin": "bin",
    f"{BUILD}/x.wasm": "wasm",
    f"{BUILD}/x.mjs": "mjs",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "site"


def client(folder: Path, *habits: Habit, base_path: str = "/") -> TestClient:
    return TestClient(StaticHost(folder, set(habits), base_path), follow_redirects=False)


@pytest.fixture
def plain(folder: Path) -> TestClient:
    return client(folder)


@pytest.mark.parametrize(
    ("path", "text"), [("/", "index"), ("/page.html", "page"), ("/blog/", "blog")]
)
def test_files_and_folders(plain: TestClient, path: str, text: str) -> None:
    response = plain.get(path)
    assert (response.status_code, response.text) == (200, text)


@pytest.mark.parametrize("path", ["/x", "/page", "/empty/", "/empty", "/page.html/", "/%00"])
def test_missing_files_get_the_404_page(plain: TestClient, path: str) -> None:
    response = plain.get(path)
    assert (response.status_code, response.text) == (404, "missing")
    assert response.headers["content-type"] == "text/html"


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])
def test_nothing_outside_of_the_folder(plain: TestClient, path: str) -> None:
    assert plain.get(path).status_code == 404


def test_folders_get_their_slash(plain: TestClient) -> None:
    assert redirect(plain.get("/blog?a=1&b")) == "/blog/?a=1&b"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html"),
        (f"/{BUILD}/core/pyodide.js", "text/javascript; charset=utf-8"),
        (f"/{BUILD}/assets/app.0.bin", "application/octet-stream"),
        (f"/{BUILD}/x.wasm", "application/wasm"),
    ],
)
def test_media_types(plain: TestClient, path: str, media_type: str) -> None:
    assert plain.get(path).headers["content-type"] == media_type


def test_only_files_of_a_build_are_cached(plain: TestClient) -> None:
    assert plain.get("/").headers["cache-control"] == "no-cache"
    assert "immutable" in plain.get(f"/{BUILD}/core/pyodide.js").headers["cache-control"]


def test_other_methods(plain: TestClient) -> None:
    assert plain.head("/").status_code == 200
    assert plain.post("/").status_code == 405


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [("/some/path/", 200, "index"), ("/some/path/x", 404, "missing"), ("/", 404, None)],
)
def test_below_a_path(folder: Path, path: str, status: int, text: str | None) -> None:
    response = client(folder, base_path="/some/path/").get(path)
    assert response.status_code == status
    assert text in (None, response.text)


def test_below_a_path_redirects_stay_there(folder: Path) -> None:
    below = client(folder, Habit.REDIRECT_INDEX, base_path="/some/path/")
    assert redirect(below.get("/some/path")) == "/some/path/"
    assert redirect(below.get("/some/path/blog")) == "/some/path/blog/"
    assert redirect(below.get("/some/path/index.html")) == "/some/path/"


def test_a_redirect_never_leads_to_another_host(folder: Path) -> None:
    (folder / "evil.example").mkdir()
    (folder / "evil.example/index.html").write_text("")
    answer = client(folder).get("http://testserver//evil.example")
    assert answer.status_code == 404 or redirect(answer).startswith("/evil")


def test_github_pages_drops_folders_with_an_underscore(folder: Path) -> None:
    pages = client(folder, Habit.GITHUB_PAGES)
    assert pages.get(f"/{BUILD}/core/pyodide.js").status_code == 200
    assert pages.get("/").headers["cache-control"] == "max-age=600"
    (folder / ".nojekyll").unlink()
    assert pages.get(f"/{BUILD}/core/pyodide.js").status_code == 404


def test_spa_answers_everything(folder: Path) -> None:
    response = client(folder, Habit.SPA).get("/no/such/page")
    assert (response.status_code, response.text) == (200, "index")


@pytest.mark.parametrize("name", ["x.wasm", "x.mjs"])
def test_octet_stream(folder: Path, name: str) -> None:
    response = client(folder, Habit.OCTET_STREAM).get(f"/{BUILD}/{name}")
    assert response.headers["content-type"] == "application/octet-stream"


def test_no_404(folder: Path) -> None:
    response = client(folder, Habit.NO_404).get("/x")
    assert response.status_code == 404
    assert response.text != "missing"


def test_redirect_index(folder: Path) -> None:
    host = client(folder, Habit.REDIRECT_INDEX)
    assert redirect(host.get("/index.html")) == "/"
    assert redirect(host.get("/blog/index.html")) == "/blog/"
    assert host.get("/page.html").status_code == 200


def test_clean_urls(folder: Path) -> None:
    host = client(folder, Habit.CLEAN_URLS)
    assert redirect(host.get("/page.html")) == "/page"
    assert redirect(host.get("/index.html")) == "/"
    assert host.get("/page").text == "page"


def test_decode_gz(folder: Path) -> None:
    with client(folder, Habit.DECODE_GZ).stream("GET", "/data.gz") as response:
        assert response.headers["content-encoding"] == "gzip"


def test_limit(folder: Path) -> None:
    with (folder / "big.bin").open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    assert client(folder, Habit.LIMIT_25_MIB).get("/big.bin").status_code == 404


def test_every_habit_is_described() -> None:
    assert set(DESCRIPTIONS) == set(Habit)


def redirect(response: Response) -> str:
    assert response.status_code == 301
    return str(response.headers["location"])
