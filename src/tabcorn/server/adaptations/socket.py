"""socket: connections are refused in words, since a browser has none to give.

Runs in Pyodide, whose emulation would open a WebSocket to the address.
"""

import errno
from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation


def refuse_connections(module: ModuleType) -> None:
    """Let `connect` fail at once, with the OSError that callers expect."""

    def refuse(self: Any, address: Any) -> Any:  # noqa: ARG001
        raise ConnectionRefusedError(
            errno.ECONNREFUSED,
            f"A browser opens no sockets, so there is no way to {address!r}. HTTP works as CORS "
            "allows: by urllib, requests, httpx or http.client. Databases must be files: SQLite.",
        )

    module.socket.connect = refuse

    def refuse_by_number(self: Any, address: Any) -> int:  # noqa: ARG001
        return errno.ECONNREFUSED

    module.socket.connect_ex = refuse_by_number


ADAPTATIONS = (
    Adaptation(
        package="socket",
        versions=">=3.11,<3.15",
        module="socket",
        reason="connecting hangs or fails without saying that a browser has no sockets",
        apply=refuse_connections,
    ),
)
