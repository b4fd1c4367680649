"""Datasette with the databases of examples/datasette."""

from __future__ import annotations

from tests.browser.known import DATASETTE
from tests.conformance.model import JSON, Case, Suite

CASES = (
    # Not the home page: it counts rows for 10 ms a table, so two calls on one server differ.
    Case("database", "/data"),
    Case("table", "/data/cars"),
    Case("table, filtered by a facet", "/data/cars?origin=Japan&_sort=year"),
    Case("table, next page", "/data/airports?_size=5&_next=06N"),
    Case("row", "/data/airports/SEA"),
    Case("row, missing", "/data/airports/nothing"),
    Case("JSON", "/data/cars.json?_size=3"),
    Case("JSON, with facets", "/data/cars.json?_size=1&_facet=origin&_extra=facet_results"),
    Case("JSON, an array", "/data/wheat.json?_shape=array"),
    Case("CSV", "/data/stocks.csv?_size=10"),
    Case("CSV, streamed", "/data/stocks.csv?_stream=1"),
    Case("SQL", "/data/-/query?sql=select+1+as+one"),
    Case("SQL as JSON", "/data/-/query.json?sql=select+sum(price)+from+stocks"),
    Case("SQL with a parameter", "/data/-/query.json?sql=select+:a||:b+as+c&a=x&b=ü"),
    Case("SQL, refused", "/data/-/query.json?sql=delete+from+cars"),
    Case("SQL, wrong", "/data/-/query.json?sql=select+nothing+from+nowhere"),
    Case("named query", "/data/thirsty"),
    Case("static CSS", "/-/static/app.css"),
    Case("static JavaScript", "/-/static/table.js"),
    Case("insert without a token", "/data/cars/-/insert", "POST", JSON, '{"row": {"name": "x"}}'),
    Case("settings", "/-/settings.json"),
    Case("missing database", "/nothing"),
)

SUITE = Suite(
    DATASETTE,
    CASES,
    # The database's page gives each table 10 ms to be counted, and says "Many" when that is over.
    scrub=(r"[\d.]+ms", r'"[a-z_]*(took|duration)_ms": [\d.]+', r"(?:Many|[\d,]+) rows"),
    title="Datasette: pages, facets, SQL, JSON, CSV, refused writes",
)
