"""Whether the network may be used: uv's own variable says so, for uv and for all other steps.

Runs on CPython at build time. `--offline` sets the variable.
"""

from __future__ import annotations

import os

VARIABLE = "UV_OFFLINE"


def is_offline() -> bool:
    """Tell whether nothing may be fetched; the words for yes are those that uv takes."""
    return os.environ.get(VARIABLE, "").lower() in ("1", "true", "t", "yes", "y", "on")
