"""What every tier shares: the browser fixtures, and how tests are spread over processes."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.browser.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something costly: a running browser, or a module's fixtures."""
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        group = parameters.get("engine", item.path.name)
        item.add_marker(pytest.mark.xdist_group(group))
