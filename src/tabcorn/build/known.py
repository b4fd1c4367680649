"""What is known of single packages: declared exceptions to the general rules, one table each.

Runs on CPython at build time. An entry needs a reason that a user can read, and no rule
elsewhere names a package.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exemption:
    """Why, and for whom, a required package may be left out."""

    reason: str
    only_for: frozenset[str] = frozenset()
    """Left out when no one else requires it; empty: whoever requires it."""
    though_it_fits: bool = False
    """Left out even when a file of it would run in Pyodide."""


_FASTAPI_DEPLOY = frozenset({"fastapi", "fastapi-cloud-cli"})

LEFT_OUT = {
    # Servers, and what only a server process uses: tabcorn is the server.
    "gunicorn": Exemption("it is a server process; tabcorn serves the app", though_it_fits=True),
    "uwsgi": Exemption("it is a server process; tabcorn serves the app", though_it_fits=True),
    "httptools": Exemption("it parses HTTP for servers, and needs compiled code"),
    "uvloop": Exemption("it is an event loop for servers; the browser has its own"),
    "watchfiles": Exemption("it watches folders for servers, and needs compiled code"),
    "psycopg-binary": Exemption("it is psycopg's compiled part; there are no sockets in a browser"),
    "psycopg-c": Exemption("it is psycopg's compiled part; there are no sockets in a browser"),
    # Installers that some metadata requires and no code of the requirer imports when it serves.
    # datasette 1.0a41 and sqlite-utils 4.2 run pip for their `install` command only; datasette
    # mentions setuptools in the name of a pluggy method, sanic 25.12 not at all.
    "pip": Exemption(
        "datasette and sqlite-utils use it for their install command only",
        only_for=frozenset({"datasette", "sqlite-utils"}),
        though_it_fits=True,
    ),
    "setuptools": Exemption(
        "it is required for installing, and not imported",
        only_for=frozenset({"datasette", "sanic"}),
        though_it_fits=True,
    ),
    # Parts of `fastapi deploy`, which fastapi[standard] brings along; its import is late.
    "fastar": Exemption("it packs files for `fastapi deploy`", only_for=_FASTAPI_DEPLOY),
    "rignore": Exemption("it finds files for `fastapi deploy`", only_for=_FASTAPI_DEPLOY),
    "greenlet": Exemption(
        "it needs compiled code; SQLAlchemy's asyncio part does without it in the browser"
    ),
    "rpds-py": Exemption(
        "it needs compiled code; in the browser tabcorn has the same in Python (jsonschema's maps)"
    ),
    # Accelerators whose requirer has a fallback.
    "ujson": Exemption(
        "it needs compiled code; sanic takes the standard json module instead",
        only_for=frozenset({"sanic"}),
    ),
}

# What a package counts on that a machine has and Pyodide has not. Time zones: zoneinfo takes those
# of tzdata where the system has none, and Django and tzlocal require it on Windows only.
NEEDED_BESIDE = {"django": "tzdata", "tzlocal": "tzdata"}

# Installers, and the modules by which they are imported: they come along only when something is
# seen to import one, since many packages require them for no more than their own installation.
INSTALLERS = {
    "pip": frozenset({"pip"}),
    "setuptools": frozenset({"setuptools", "pkg_resources", "distutils"}),
    "wheel": frozenset({"wheel"}),
}

# Compiled throughout: trying to build them without a compiler takes minutes and always fails.
_COMPILED = """
    audioop-lts bcrypt brotli cffi contourpy cryptography cython gevent greenlet grpcio h5py
    httptools jpype1 kiwisolver lxml matplotlib mysqlclient nh3 numpy opencv-python orjson
    pandas pillow polars psycopg2 psycopg2-binary pyarrow pydantic-core pymupdf pynacl pyzmq
    regex rpds-py ruff scikit-image scikit-learn scipy shapely tiktoken tokenizers torch ujson
    uvloop watchfiles
"""
COMPILED = frozenset(_COMPILED.split())

# Switches by which packages with optional compiled parts are told to do without them.
PURE_BUILD_ENVIRONMENT = {
    "AIOHTTP_NO_EXTENSIONS": "1",
    "DISABLE_SQLALCHEMY_CEXT": "1",
    "FROZENLIST_NO_EXTENSIONS": "1",
    "MATURIN_NO_INSTALL_RUST": "1",
    "MSGPACK_PUREPYTHON": "1",
    "MULTIDICT_NO_EXTENSIONS": "1",
    "PROPCACHE_NO_EXTENSIONS": "1",
    "TORNADO_EXTENSION": "0",
    "WRAPT_DISABLE_EXTENSIONS": "true",
    "YARL_NO_EXTENSIONS": "1",
}
