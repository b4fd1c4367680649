"""The headers that the server itself puts before the app's: `date` and `server`, as uvicorn does.

The one place where they are made and can be switched off.
"""

import time
from dataclasses import dataclass

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class DefaultHeaders:
    """Makes the default headers once a second, in the flat form of `headers`."""

    date: bool = True
    server: str = "tabcorn"  # empty: no such header
    _second: int = -1
    _flat: str = ""

    def before(self, flat: str) -> str:
        """Return the app's headers with the default ones put before them."""
        second = int(time.time())
        if second != self._second:
            self._second, self._flat = second, self._make(second)
        return f"{self._flat}\n{flat}" if self._flat and flat else self._flat or flat

    def _make(self, second: int) -> str:
        pairs = ["date", http_date(second)] if self.date else []
        pairs += ["server", self.server] if self.server else []
        return "\n".join(pairs)


def http_date(second: int) -> str:
    """Return a time as HTTP writes it (RFC 9110, 5.6.7), whatever the locale."""
    year, month, day, hour, minute, sec, weekday, *_ = time.gmtime(second)
    return (
        f"{_DAYS[weekday]}, {day:02} {_MONTHS[month - 1]} {year} {hour:02}:{minute:02}:{sec:02} GMT"
    )
