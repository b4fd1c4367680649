"""Which files of the app's folder ride along: the patterns, and which of them wins.

Runs on CPython at build time. Patterns are those of .gitignore, matched against the path relative
to the app's folder: --exclude wins over --include, which wins over the defaults. A site is public:
what mostly holds secrets comes along only when it is named without a wildcard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from tabcorn.build.publish import read_marker

# Not even --include brings these in: they could not be meant.
NEVER = (".git/", "__pycache__/", "*.py[co]")
SECRETS = (
    *(".env", ".env.*", "*.env", "!.env.example", "!.env.sample", "!.env.template", ".envrc"),
    *(".netrc", "_netrc", ".pgpass", ".pypirc", ".npmrc", ".htpasswd", ".git-credentials"),
    *("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".ssh/", ".aws/", ".gnupg/"),
    *("*.p12", "*.pfx", "*.jks", "*.keystore", "*.ppk", "*.kdbx"),
    *("/secrets/", "secrets.json", "secrets.toml", "secrets.yaml", "secrets.yml"),
    *("credentials.json", "client_secret*.json", "service[-_]account*.json"),
)
KEY_FILES = ("*.pem", "*.key")
"""Certificates and public keys have these names, too: they are left out for a private key."""
PACKAGING_FILES = (
    *("requirements*.txt", "requirements*.in", "pyproject.toml", "uv.toml", "uv.lock"),
    *("pylock*.toml", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "pip.conf", "pip.ini"),
)
"""They say where packages are, and may have the login in the address."""
_LOGIN = re.compile(rb"://(?!git@)[^\s/@$\"'{}<>]+@")
PRIVATE_KEY = b"PRIVATE KEY-----"
DEFAULTS = (
    ".*",  # hidden files: version control, tool caches, editors, virtual environments
    "*.egg-info/",
    "node_modules/",
    "/build/",  # at the top only: a package may well have a folder of that name
    "/dist/",
    "/venv/",
    "*.pyi",  # for type checkers
    "pylock.tabcorn*.toml",  # for the builder; may name a private index
)
BESIDE_DATABASES = ("-wal", "-shm", "-journal")
"""What SQLite has beside a database that is in use."""


class Reason(Enum):
    """Why something is left out."""

    NEVER = "it is of no use in a tab"
    EXCLUDED = "--exclude names it"
    SECRET = "it may hold secrets"
    DATABASE = "it belongs to a database in use"
    DEFAULT = "it is left out by default"
    NEEDLESS = "it is a test, or the source of a translation"
    GENERATED = "it is a site or a virtual environment"


@dataclass(frozen=True)
class FileRules:
    """What to take along and what not; `output` is the site's own folder."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    output: Path | None = None

    def takes(self, path: str) -> bool:
        """Decide about one file, by its path relative to the app's folder."""
        return self.reason(path) is None

    def reason(self, path: str) -> Reason | None:
        """Say why the file (or the folder, with a '/' at its end) is left out, if it is."""
        if matches(NEVER, path):
            return Reason.NEVER
        if matches(self.exclude, path):
            return Reason.EXCLUDED
        if matches(SECRETS, path) and not self.names(path):
            return Reason.SECRET
        if matches(DEFAULTS, path) and not self.includes(path):
            return Reason.DEFAULT
        return None

    def includes(self, path: str) -> bool:
        """Tell whether a pattern of --include matches."""
        return matches(self.include, path)

    def hides(self, path: str) -> Reason | None:
        """Say why nothing may lead to a file, such as a link under a name that looks harmless."""
        found = self.reason(path)
        return found if found in (Reason.NEVER, Reason.SECRET) else None

    def names(self, path: str) -> bool:
        """Tell whether --include asks for this very file."""
        plain = tuple(pattern for pattern in self.include if not set("*?[") & set(pattern))
        return matches(plain, path)

    def keeps_out(self, path: str, data: bytes) -> Reason | None:
        """Decide about a file that is taken by its name, by what it holds."""
        return Reason.SECRET if holds_secrets(path, data) and not self.names(path) else None

    def skips(self, path: str, folder: Path) -> Reason | None:
        """Say why nothing below a folder is taken, if that is so."""
        if self._is_generated(folder):
            return Reason.GENERATED
        found = self.reason(f"{path}/")
        may_hold = found in (Reason.SECRET, Reason.DEFAULT) and self.include
        return None if may_hold else found

    def _is_generated(self, folder: Path) -> bool:
        is_output = self.output is not None and folder.resolve() == self.output.resolve()
        return is_output or (folder / "pyvenv.cfg").exists() or read_marker(folder) is not None


def holds_secrets(path: str, data: bytes) -> bool:
    """Tell whether a file is one of those that mostly do."""
    login = matches(PACKAGING_FILES, path) and _LOGIN.search(data)
    private = matches(KEY_FILES, path) and PRIVATE_KEY in data
    return matches(SECRETS, path) or private or bool(login)


def matches(patterns: tuple[str, ...], path: str) -> bool:
    """Match a path against patterns as in .gitignore."""
    return bool(patterns) and _spec(patterns).match_file(path)


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
