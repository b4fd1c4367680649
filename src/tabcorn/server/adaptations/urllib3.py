"""urllib3, and with it requests: its connections ask the browser as http.client's do.

Runs in Pyodide. All else is urllib3's own code: pools, retries, errors, responses. What it has
for Emscripten itself, and has put into that place when this is applied, waits for ever for the app
that it runs in, fails on answers without a body, and knows no reason phrases.
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.http_client import connect
from tabcorn.server.adaptations.model import Adaptation


def go_through_the_browser(module: ModuleType) -> None:
    """Have urllib3's own connections back, and give them http.client's socket that is none."""
    pools, connections = module.connectionpool, module.connection
    plain, secure = pools.HTTPConnection, pools.HTTPSConnection
    pools.HTTPConnectionPool.ConnectionCls = connections.HTTPConnection = plain
    pools.HTTPSConnectionPool.ConnectionCls = connections.HTTPSConnection = secure
    connections.VerifiedHTTPSConnection = secure
    plain.connect, secure.connect = connect, _connect_verified
    plain.getresponse = _failing_as_when_connecting(plain.getresponse, module)


def _connect_verified(self: Any) -> None:
    connect(self)
    self.is_verified = True  # by the browser


def _failing_as_when_connecting(original: Any, module: ModuleType) -> Any:
    def getresponse(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return original(self, *args, **options)
        except ConnectionError as exc:
            said = f"Failed to establish a new connection: {exc}"
            raise module.exceptions.NewConnectionError(self, said) from exc

    return getresponse


ADAPTATIONS = (
    Adaptation(
        package="urllib3",
        versions=">=1.26,<3",
        module="urllib3",
        reason="opens sockets; its own support for the browser waits for ever for the app's own "
        "site, and fails on answers without a body",
        apply=go_through_the_browser,
    ),
)
