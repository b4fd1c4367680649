"""A folder served as a plain static host would: files, index.html, 404.html, nothing else.

Runs on CPython. It knows nothing of tabcorn's sites but how long their files may be cached.
"""

import mimetypes
import re
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from tabcorn.devserver.habits import Habit

# The machine's own table may lack or contradict these.
_MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".bin": "application/octet-stream",
}
_OF_A_BUILD = re.compile(r"_tabcorn/[0-9a-f]{20}/")
_MIB = 1024 * 1024


@dataclass(frozen=True)
class StaticHost:
    """An ASGI app that serves `folder` below `base_path` (which ends with a slash)."""

    folder: Path
    habits: Set[Habit] = frozenset()
    base_path: str = "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        await self.answer(request)(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """Find the answer to a request; everything but the body's transfer."""
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
        path = request.url.path  # Starlette's path is decoded already; no query
        if path + "/" == self.base_path:
            return _redirect(request, self.base_path)
        if not path.startswith(self.base_path):
            return _not_found()
        return self._inside(request, request.scope["path"][len(self.base_path) :])

    def _inside(self, request: Request, path: str) -> Response:
        if target := self._redirected(path):
            return _redirect(request, self.base_path + target.removeprefix("/"))
        file = self._file(path)
        if file is None:
            return self._missing()
        if file.is_dir():
            return _redirect(request, f"{self.base_path}{path}/")
        return self._respond(file, 200)

    def _redirected(self, path: str) -> str | None:
        """Give where a redirecting host sends `path`; '/' stands for the base path itself."""
        clean = Habit.CLEAN_URLS in self.habits
        if path.endswith("index.html") and (clean or Habit.REDIRECT_INDEX in self.habits):
            return path.removesuffix("index.html") or "/"
        if path.endswith(".html") and clean:
            return path.removesuffix(".html")
        return None

    def _file(self, path: str) -> Path | None:
        """Find the file, or the folder that wants a slash; None when the host has neither."""
        file = (self.folder / path).resolve() if "\0" not in path else self.folder / "\ufffd"
        if not file.is_relative_to(self.folder.resolve()) or self._is_dropped(path):
            return None
        if file.is_dir() and (path == "" or path.endswith("/")):
            file = file / "index.html"
        if (file.is_file() and not path.endswith("/")) or file.name == "index.html":
            return file if file.is_file() else None
        if file.is_dir():
            return file if (file / "index.html").is_file() else None
        page = file.with_name(file.name + ".html")
        extensionless = self.habits & {Habit.CLEAN_URLS, Habit.GITHUB_PAGES}
        return page if extensionless and page.is_file() else None

    def _is_dropped(self, path: str) -> bool:
        """Jekyll leaves out what begins with an underscore, unless it is told not to run."""
        jekyll = Habit.GITHUB_PAGES in self.habits and not (self.folder / ".nojekyll").exists()
        return jekyll and any(part.startswith("_") for part in path.split("/"))

    def _missing(self) -> Response:
        if Habit.SPA in self.habits and (index := self._file("index.html")):
            return self._respond(index, 200)
        if Habit.NO_404 not in self.habits and (page := self._file("404.html")):
            return self._respond(page, 404)
        return _not_found()

    def _respond(self, file: Path, status: int) -> Response:
        if Habit.LIMIT_25_MIB in self.habits and file.stat().st_size > 25 * _MIB:
            return _not_found()
        # As a header: Starlette would add an encoding to a media type, and the shell declares none.
        kind = self._media_type(file)
        headers = {"Cache-Control": self._cache_control(file), "Content-Type": kind}
        if Habit.DECODE_GZ in self.habits and file.suffix == ".gz":
            headers["Content-Encoding"] = "gzip"
        return FileResponse(file, status, headers)

    def _cache_control(self, file: Path) -> str:
        if Habit.GITHUB_PAGES in self.habits:
            return "max-age=600"
        path = file.relative_to(self.folder.resolve()).as_posix()
        return "max-age=31536000, immutable" if _OF_A_BUILD.match(path) else "no-cache"

    def _media_type(self, file: Path) -> str:
        if Habit.OCTET_STREAM in self.habits and file.suffix in (".mjs", ".wasm"):
            return "application/octet-stream"
        guessed = _MEDIA_TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        return guessed or "application/octet-stream"


def _redirect(request: Request, path: str) -> Response:
    query = request.url.query
    # Relative to the root: whatever host name the request came by stays. Two slashes at the
    # start would name another host.
    target = URL("/" + path.lstrip("/")).replace(query=query)
    return RedirectResponse(str(target), 301)


def _not_found() -> Response:
    return PlainTextResponse("404: this static host has no such file.", 404)
