"""Datasette over a SQLite file that visitors can write to with an API token.

Run it with `uvicorn main:app` or with `tabcorn serve main:app`. In a tab the file is the tab's
own copy: what is written there stays there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

HERE = Path(__file__).parent

METADATA = {
    "title": "Vega datasets",
    "description_html": (
        "Ten small tables from the <code>vega_datasets</code> package, in one SQLite file. "
        '<a href="/add-car">Add a car</a> through the write API.'
    ),
    "source": "vega_datasets",
    "source_url": "https://github.com/altair-viz/vega_datasets",
}

CONFIG = {
    "databases": {
        "data": {
            "tables": {
                "airports": {"facets": ["state"], "label_column": "name"},
                "barley": {"facets": ["site", "variety", "year"]},
                "cars": {"facets": ["origin", "cylinders"], "label_column": "name"},
                "iowa_electricity": {"facets": ["source"]},
                "iris": {"facets": ["species"]},
                "seattle_weather": {"facets": ["weather"], "sort_desc": "date"},
                "stocks": {"facets": ["symbol"]},
            },
            "queries": {
                "thirsty": {
                    "title": "The thirstiest cars of each year",
                    "sql": (
                        "select year, name, origin, min(miles_per_gallon) as miles_per_gallon\n"
                        "from cars where miles_per_gallon is not null\n"
                        "group by year order by year"
                    ),
                }
            },
        }
    }
}


class AnnounceToken:
    """Print a token of root at startup; the key that signs it is drawn anew each time."""

    @hookimpl  # type: ignore[untyped-decorator]
    def startup(self, datasette: Datasette) -> Callable[[], Awaitable[None]]:
        async def announce() -> None:
            print(f"API token of root: {await datasette.create_token('root')}")

        return announce


pm.register(AnnounceToken(), name="announce-token")

datasette = Datasette(
    [str(HERE / "data.db")],
    metadata=METADATA,
    config=CONFIG,
    template_dir=str(HERE / "templates"),
    # A tab has no threads, so that all queries are on the event loop, and may be a slow machine's.
    settings={
        "num_sql_threads": 0,
        "facet_time_limit_ms": 2000,
        "facet_suggest_time_limit_ms": 2000,
    },
)
datasette.root_enabled = True

app = datasette.app()
