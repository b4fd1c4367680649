"""Every change made to somebody else's package so that it runs without threads or sockets.

Runs in Pyodide, where `threading.Thread.start` raises; `imports` applies a change when its module
is imported, so that nothing here imports a third-party package. Each has a test that fails when
upstream no longer needs it.
"""

import sys

from tabcorn.server import imports
from tabcorn.server.adaptations import (
    a2wsgi,
    aiosqlite,
    anyio,
    asgiref,
    concurrent_futures,
    datasette,
    django,
    hashlib,
    http_client,
    httpx,
    logging,
    multiprocessing,
    sanic,
    socket,
    sqlalchemy,
    threading,
    urllib3,
)
from tabcorn.server.adaptations.model import Adaptation as Adaptation

ADAPTATIONS: tuple[Adaptation, ...] = (
    *a2wsgi.ADAPTATIONS,
    *aiosqlite.ADAPTATIONS,
    *anyio.ADAPTATIONS,
    *asgiref.ADAPTATIONS,
    *concurrent_futures.ADAPTATIONS,
    *datasette.ADAPTATIONS,
    *django.ADAPTATIONS,
    *hashlib.ADAPTATIONS,
    *http_client.ADAPTATIONS,
    *httpx.ADAPTATIONS,
    *logging.ADAPTATIONS,
    *multiprocessing.ADAPTATIONS,
    *sanic.ADAPTATIONS,
    *socket.ADAPTATIONS,
    *sqlalchemy.ADAPTATIONS,
    *threading.ADAPTATIONS,
    *urllib3.ADAPTATIONS,
)


def install(force: bool = False) -> None:
    """Have each adaptation applied when its module is imported, or now when it was already."""
    if sys.platform == "emscripten" or force:
        imports.follow({adaptation.module: adaptation.apply for adaptation in ADAPTATIONS})
