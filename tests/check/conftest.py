"""What the tests of `tabcorn check` share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.making import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
