"""The suites: one module an app, with a line for every request, gathered here.

A difference that a browser forces is written beside its case: `differs=` one of `reasons`.
"""

from __future__ import annotations

from tests.conformance.suites import datasette, guestbook, items

SUITES = (items.SUITE, guestbook.SUITE, datasette.SUITE)
