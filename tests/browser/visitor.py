"""Who comes to a site again and again, and what the browser has kept in between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

# A host outlives its last tab for a moment; after this many seconds it is gone.
GONE = 5


class Visitor:
    """Opens a site, again and again, in windows that are closed in between."""

    def __init__(self, engine: Engine, host: Host) -> None:
        self.engine = engine
        self.host = host
        if engine.name == "webkit":
            self._keep_caches()

    def _keep_caches(self) -> None:
        """A window of the origin, which is none of the site's.

        A session of WebKit's that is driven has its caches in memory, and loses them with the
        last document or worker that has one open.
        """
        tab = self.engine.tab()
        tab.start(f"{self.host.url}_tabcorn/site.json")
        tab.wait(lambda: tab.script("return location.pathname.endsWith('/site.json')"))
        tab.run("window.kept = await caches.open(`tabcorn snapshots ${location.origin}/`);")

    def comes(self) -> Tab:
        return self.engine.tab().open(self.host.url)

    def leaves(self, tab: Tab) -> None:
        tab.close()
        time.sleep(GONE)
