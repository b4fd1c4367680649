"""What -X importtime says, by package."""

from __future__ import annotations

from tabcorn.build.contents import Contents
from tabcorn.build.profile import APP, STDLIB, Import, profile, read_imports
from tabcorn.build.weight import Laid, Share, Weight

LINES = [
    "import time: self [us] | cumulative | imported package",
    "import time:       100 |        100 | site",
    "import time:        20 |         20 |     json",
    "import time:        30 |         50 |   web.sub",
    "import time:         5 |          5 |     web.other",
    "import time:      2000 |       2005 |   data",
    "import time:       400 |       2455 | web",
    "import time:         7 |          7 | views",
]

CONTENTS = Contents(
    {},
    (
        Laid("web", "1.0", {"web/__init__.py": b"", "web/sub.py": b"", "web/other.py": b""}),
        Laid("big-data", "1.0", {"data.so": b""}),
        Laid("idle", "1.0", {"idle.py": b""}),
    ),
    {"main.py": b"", "views.py": b""},
)

WEIGHT = Weight(
    {"standard library": 10, "app": 1},
    (
        Share("web", "1.0", 7, 3, 0),
        Share("big-data", "1.0", 5, 0, 0),
        Share("idle", "1.0", 2, 2, 0),
    ),
    {"standard library": 4},
)


def test_who_imports_whom() -> None:
    assert read_imports(LINES) == [
        Import("site", 100, 100, ""),
        Import("json", 20, 20, "web.sub"),
        Import("web.sub", 30, 50, "web"),
        Import("web.other", 5, 5, "data"),
        Import("data", 2000, 2005, "web"),
        Import("web", 400, 2455, ""),
        Import("views", 7, 7, ""),
    ]


def test_a_package_counts_once_what_it_imports() -> None:
    trial = {
        "imports": LINES,
        "importedBefore": 2,
        "interpreterMs": 9,
        "startMs": 3,
        "requestMs": 1,
    }
    found = profile(trial, CONTENTS, WEIGHT)
    rows = {row.name: (row.modules, row.own, row.total) for row in found.rows}
    assert rows == {
        "web": (3, 0.435, 2.455),
        "big-data": (1, 2.0, 2.005),
        "idle": (0, 0, 0),
        STDLIB: (2, 0.12, 0.12),
        APP: (1, 0.007, 0.007),
    }
    assert [row.name for row in found.rows[:2]] == ["big-data", "web"]
    assert {row.name: (row.download, row.later) for row in found.rows}["web"] == (7, 3)
    assert [each.name for each in found.slowest[:2]] == ["data", "web"]
    assert found.phases["imports of the app"] == 2.462
    assert round(found.phases["the app itself, its lifespan"], 3) == 0.538
