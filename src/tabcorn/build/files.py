"""Which files of the app's folder ride along. A site is public, so secrets never do.

Runs on CPython at build time. Patterns are those of .gitignore, matched against the path
relative to the app's folder: --exclude wins over --include, which wins over the defaults.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from tabcorn.build.publish import read_marker
from tabcorn.errors import FilesError

DEFAULT_EXCLUDES = (
    ".*",  # hidden files: version control, tool caches, editors, virtual environments
    "__pycache__/",
    "*.py[co]",
    "*.egg-info/",
    "node_modules/",
    "/build/",  # at the top only: a package may well have a folder of that name
    "/dist/",
    "/venv/",
    "pylock.tabcorn.toml",  # for the builder; may name a private index
)
# Not even --include brings these in: they hold secrets or could not be meant.
NEVER = (".env", ".env.*", "!.env.example", ".git/", "__pycache__/", "*.py[co]")

WARN_SIZE = 50_000_000
MAX_SIZE = 1_000_000_000


@dataclass(frozen=True)
class FileRules:
    """What to take along and what not; `output` is the site's own folder."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    output: Path | None = None

    def takes(self, path: str) -> bool:
        """Decide about one file, by its path relative to the app's folder."""
        if _matches(NEVER, path) or _matches(self.exclude, path):
            return False
        return not _matches(DEFAULT_EXCLUDES, path) or _matches(self.include, path)

    def enters(self, path: str, folder: Path) -> bool:
        """Decide whether files below a folder can be taken at all."""
        if _matches((*NEVER, *self.exclude), f"{path}/") or self._is_generated(folder):
            return False
        return bool(self.include) or not _matches(DEFAULT_EXCLUDES, f"{path}/")

    def _is_generated(self, folder: Path) -> bool:
        is_output = self.output is not None and folder.resolve() == self.output.resolve()
        return is_output or (folder / "pyvenv.cfg").exists() or read_marker(folder) is not None


def collect_files(root: Path, rules: FileRules) -> dict[str, bytes]:
    """Read what rides along: path relative to `root` ('/' between parts) -> contents.

    Raises FilesError for a link out of the folder, what cannot be read, and far too much.
    """
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(_walk(root.resolve(), rules)):
        files[path] = _read(root / path)
        total += len(files[path])
        if total > MAX_SIZE:
            raise FilesError(
                f"{root} holds more than {MAX_SIZE // 1_000_000} MB of files, too much for a "
                "browser tab. Leave folders out with --exclude, or name the app's own folder "
                "with --app-dir."
            )
    return files


def _walk(root: Path, rules: FileRules) -> Iterator[str]:
    # Links to folders are followed, so a link to a folder above must not lead round in circles.
    for current, folders, names in os.walk(root, followlinks=True):
        here = Path(current)
        folders[:] = [name for name in folders if _enters(root, here / name, rules)]
        for name in names:
            path = (here / name).relative_to(root).as_posix()
            if rules.takes(path) and _is_usable(root, here / name):
                yield path


def _enters(root: Path, folder: Path, rules: FileRules) -> bool:
    if not rules.enters(folder.relative_to(root).as_posix(), folder):
        return False
    if folder.is_symlink():
        _check_link(root, folder)
        above = (parent.resolve() for parent in folder.parents if parent.is_relative_to(root))
        return folder.resolve() not in above
    return True


def _is_usable(root: Path, file: Path) -> bool:
    if file.is_symlink():
        _check_link(root, file)
    return file.is_file()  # not a socket, a pipe or a device


def _check_link(root: Path, link: Path) -> None:
    target = link.resolve()
    if target.is_relative_to(root) and target.exists():
        return
    place = f"outside of {root}" if target.exists() else "where nothing is"
    raise FilesError(
        f"{link} is a symbolic link to {target}, {place}. Copy the file in, or leave the link "
        f"out with --exclude '{link.relative_to(root).as_posix()}'."
    )


def _read(file: Path) -> bytes:
    try:
        str(file).encode()
        return file.read_bytes()
    except (OSError, UnicodeEncodeError) as error:
        raise FilesError(
            f"{str(file)!r} cannot be taken along: {error}. Leave it out with --exclude."
        ) from error


def _matches(patterns: tuple[str, ...], path: str) -> bool:
    return bool(patterns) and _spec(patterns).match_file(path)


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
