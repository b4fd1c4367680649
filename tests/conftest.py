"""What every tier shares: the browser fixtures, and how tests are spread over processes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

pytest_plugins = ["tests.browser.fixtures"]

_ENGINE = re.compile(r"\[.*\b(chromium|firefox|webkit)\b")


class ByBrowser(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps together what shares something costly: a running browser, or a module's fixtures.

    (The marker xdist_group does the same, but not with pytest 9.2 and xdist 3.8.)
    """

    def _split_scope(self, nodeid: str) -> str:
        engine = _ENGINE.search(nodeid)
        return engine[1] if engine else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByBrowser:
    return ByBrowser(config, log)
