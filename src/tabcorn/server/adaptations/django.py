"""Django: its handler for static files finds them below a site's path, too.

Runs in Pyodide. `{% static %}` puts the root path before STATIC_URL, and ASGI before `path`; the
handler looks for STATIC_URL alone. (On a server a proxy would serve these files.)
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation
from tabcorn.server.types import Receive, Scope, Send


def look_below_the_root_path(module: ModuleType) -> None:
    """Let the handler know where the site is, as soon as a scope tells it."""
    original = module.ASGIStaticFilesHandler.__call__

    async def __call__(self: Any, scope: Scope, receive: Receive, send: Send) -> Any:
        root_path = scope.get("root_path", "")
        if not self.base_url.path.startswith(f"{root_path}/"):
            self.base_url = self.base_url._replace(path=root_path + self.base_url.path)
        return await original(self, scope, receive, send)

    module.ASGIStaticFilesHandler.__call__ = __call__


ADAPTATIONS = (
    Adaptation(
        package="django",
        versions=">=5,<7",
        module="django.contrib.staticfiles.handlers",
        reason="finds no static files of a site below a path",
        apply=look_below_the_root_path,
    ),
)
