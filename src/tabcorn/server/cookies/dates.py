"""Cookie dates, read as forgivingly as browsers read them (RFC 6265bis, 5.1.1).

Runs in Pyodide and under pytest. The productions of the RFC's grammar are the patterns below.
"""

import re
from calendar import timegm
from datetime import datetime

_DELIMITER = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
# "[ non-digit *OCTET ]": what follows the digits begins with no digit, and may be anything.
_PATTERNS = {
    "time": re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])"),
    "day": re.compile(r"([0-9]{1,2})(?![0-9])"),
    "month": re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE),
    "year": re.compile(r"([0-9]{2,4})(?![0-9])"),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST_YEAR = 1601


def parse_date(text: str) -> float | None:
    """Return a cookie-date as seconds since the epoch, or None where it is none."""
    found = _fields(text)
    if len(found) < len(_PATTERNS):
        return None
    year = _full_year(int(found["year"][0]))
    if year < _EARLIEST_YEAR:
        return None
    month = _MONTHS.index(found["month"][0].lower()) + 1
    try:
        hour, minute, second = map(int, found["time"])
        date = datetime(year, month, int(found["day"][0]), hour, minute, second)
    except ValueError:  # no such date or time
        return None
    return float(timegm(date.timetuple()))


def _fields(text: str) -> dict[str, tuple[str, ...]]:
    """Take for each field the first token that matches it and was not needed before."""
    found: dict[str, tuple[str, ...]] = {}
    for token in _DELIMITER.split(text):
        for name, pattern in _PATTERNS.items():
            if name not in found and (match := pattern.match(token)):
                found[name] = match.groups()
                break
    return found


def _full_year(year: int) -> int:
    if 70 <= year <= 99:
        return year + 1900
    return year + 2000 if year <= 69 else year
