"""a2wsgi: the apps that it wraps are served by our own adapter.

Runs in Pyodide.
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.types import Receive, Scope, Send
from tabcorn.server.wsgi import as_asgi


def apply(module: ModuleType) -> None:
    """Call the wrapped app without an executor, or a queue between it and the loop."""

    async def __call__(self: Any, scope: Scope, receive: Receive, send: Send) -> None:
        await as_asgi(self.app)(scope, receive, send)

    module.WSGIResponder.__call__ = __call__


ADAPTATIONS = (
    Adaptation(
        package="a2wsgi",
        versions=">=1.10,<2",
        module="a2wsgi.wsgi",
        reason="runs the app in a thread, which waits for the event loop at every piece",
        apply=apply,
    ),
)
