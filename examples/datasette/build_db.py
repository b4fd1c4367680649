"""Make data.db from the CSV and JSON files of the `vega_datasets` package, with the stdlib alone.

The package is found but never imported: importing it needs pandas, reading its files does not
(`pip install --no-deps vega_datasets`). Each table is one entry of TABLES.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Value = str | float | int | None


def text(value: object) -> Value:
    return str(value).strip() or None


def integer(value: object) -> Value:
    return int(float(str(value))) if present(value) else None


def real(value: object) -> Value:
    return float(str(value)) if present(value) else None


def present(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def day(*formats: str) -> Callable[[object], Value]:
    """Return a converter of the source's dates to ISO 8601, which sorts as text."""

    def convert(value: object) -> Value:
        for form in formats:
            try:
                return datetime.strptime(str(value), form).date().isoformat()
            except ValueError:
                continue
        raise ValueError(f"{value!r} is no date like {formats}")

    return convert


SQL_TYPES: dict[object, str] = {integer: "INTEGER", real: "REAL"}


@dataclass(frozen=True)
class Table:
    """A table, the file it comes from, and for each column its name in the file and its type."""

    name: str
    source: str
    columns: dict[str, tuple[str, Callable[[object], Value]]]
    key: str = "id"

    def schema(self) -> str:
        lines = ["id INTEGER PRIMARY KEY"] if self.key == "id" else []
        for column, (_, convert) in self.columns.items():
            primary = " PRIMARY KEY" if column == self.key else ""
            lines.append(f"{column} {SQL_TYPES.get(convert, 'TEXT')}{primary}")
        return f"CREATE TABLE {self.name} ({', '.join(lines)})"

    def insert(self) -> str:
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"

    def row(self, record: dict[str, object]) -> list[Value]:
        return [convert(record.get(name)) for name, convert in self.columns.values()]


TABLES = (
    Table(
        "airports",
        "airports.csv",
        {
            "iata": ("iata", text),
            "name": ("name", text),
            "city": ("city", text),
            "state": ("state", text),
            "country": ("country", text),
            "latitude": ("latitude", real),
            "longitude": ("longitude", real),
        },
        key="iata",
    ),
    Table(
        "bacteria",
        "burtin.json",
        {
            "name": ("Bacteria", text),
            "genus": ("Genus", text),
            "gram_staining": ("Gram_Staining", text),
            "penicillin": ("Penicillin", real),
            "streptomycin": ("Streptomycin", real),
            "neomycin": ("Neomycin", real),
        },
        key="name",
    ),
    Table(
        "barley",
        "barley.json",
        {
            "site": ("site", text),
            "variety": ("variety", text),
            "year": ("year", integer),
            "yield": ("yield", real),
        },
    ),
    Table(
        "cars",
        "cars.json",
        {
            "name": ("Name", text),
            "origin": ("Origin", text),
            "year": ("Year", day("%Y-%m-%d")),
            "cylinders": ("Cylinders", integer),
            "horsepower": ("Horsepower", integer),
            "miles_per_gallon": ("Miles_per_Gallon", real),
            "displacement": ("Displacement", real),
            "weight_lbs": ("Weight_in_lbs", integer),
            "acceleration": ("Acceleration", real),
        },
    ),
    Table(
        "crimea",
        "crimea.json",
        {
            "month": ("date", day("%Y-%m-%d")),
            "wounds": ("wounds", integer),
            "disease": ("disease", integer),
            "other": ("other", integer),
        },
        key="month",
    ),
    Table(
        "iowa_electricity",
        "iowa-electricity.csv",
        {
            "year": ("year", day("%Y-%m-%d")),
            "source": ("source", text),
            "net_generation": ("net_generation", integer),
        },
    ),
    Table(
        "iris",
        "iris.json",
        {
            "species": ("species", text),
            "sepal_length": ("sepalLength", real),
            "sepal_width": ("sepalWidth", real),
            "petal_length": ("petalLength", real),
            "petal_width": ("petalWidth", real),
        },
    ),
    Table(
        "seattle_weather",
        "seattle-weather.csv",
        {
            "date": ("date", day("%Y/%m/%d", "%Y-%m-%d")),
            "weather": ("weather", text),
            "precipitation": ("precipitation", real),
            "temp_max": ("temp_max", real),
            "temp_min": ("temp_min", real),
            "wind": ("wind", real),
        },
        key="date",
    ),
    Table(
        "stocks",
        "stocks.csv",
        {
            "symbol": ("symbol", text),
            "date": ("date", day("%b %d %Y")),
            "price": ("price", real),
        },
    ),
    Table(
        "wheat",
        "wheat.json",
        {"year": ("year", integer), "wheat": ("wheat", real), "wages": ("wages", real)},
        key="year",
    ),
)


def source_folder() -> Path:
    """Find the data files without importing the package."""
    spec = importlib.util.find_spec("vega_datasets")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("vega_datasets is not installed: pip install --no-deps vega_datasets")
    return Path(spec.submodule_search_locations[0]) / "_data"


def records(file: Path) -> Iterable[dict[str, object]]:
    """Read a file of either kind, row by row."""
    with file.open(encoding="utf-8", newline="") as stream:
        yield from json.load(stream) if file.suffix == ".json" else csv.DictReader(stream)


def build(target: Path) -> None:
    """Write the database anew; a reader never sees it half-made."""
    source = source_folder()
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh)
    with connection:
        for table in TABLES:
            connection.execute(table.schema())
            rows = (table.row(record) for record in records(source / table.source))
            connection.executemany(table.insert(), rows)
    connection.close()
    fresh.replace(target)


if __name__ == "__main__":
    build(Path(__file__).parent / "data.db")
