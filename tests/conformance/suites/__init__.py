"""The suites: one module an app, with a line for every request, gathered here.

A difference that a browser forces is written beside its case: `differs=` one of `reasons`.
"""

from __future__ import annotations

from tests.conformance.suites import (
    bottle,
    dash,
    datasette,
    guestbook,
    items,
    kitchen,
    library,
    sync,
    warehouse,
)

SUITES = (
    items.SUITE,
    guestbook.SUITE,
    warehouse.SUITE,
    library.SUITE,
    kitchen.SUITE,
    bottle.SUITE,
    dash.SUITE,
    sync.SUITE,
    datasette.SUITE,
)
