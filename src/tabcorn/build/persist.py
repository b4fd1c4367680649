"""Which files of the tab are kept in the visitor's browser, as absolute paths.

Runs on CPython at build time. What the browser does with them is runtime/host/persistence/.
"""

from collections.abc import Iterable
from pathlib import Path
from posixpath import join, normpath

from tabcorn.errors import UsageError

# Python's own files and Emscripten's: kept, they would outlive the build that they belong to.
_TAKEN = ("/lib", "/dev", "/proc")


def kept_paths(paths: Iterable[str], app_dir: Path, cwd: str) -> tuple[str, ...]:
    """Make paths absolute; those of folders end with a slash. Raises UsageError.

    A relative path starts at the app's folder. A folder is what the app's folder has as one, or
    what is written with a slash at its end.
    """
    kept = {_absolute(path, app_dir, cwd) for path in paths}
    return tuple(sorted(path for path in kept if not _lies_below(path, kept)))


def _absolute(path: str, app_dir: Path, cwd: str) -> str:
    if not path.strip() or any(character in path for character in "*?[\n\0"):
        raise UsageError(
            f"--persist '{path}' is no path. Name a file or a folder, as in --persist data/."
        )
    absolute = normpath(join(cwd, path.replace("\\", "/")))
    if absolute == "/" or absolute.startswith("//") or _is_taken(absolute):
        raise UsageError(
            f"--persist '{path}' means {absolute} in the tab, where Python's own files are: they "
            "belong to a build. Name the folder that the app writes to, as in --persist data/."
        )
    is_folder = path.endswith(("/", "\\")) or (app_dir / path).is_dir()
    return f"{absolute}/" if is_folder else absolute


def _is_taken(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in _TAKEN)


def _lies_below(path: str, others: Iterable[str]) -> bool:
    return any(path != each and path.startswith(each) and each.endswith("/") for each in others)
