"""A modelled line between a browser and a static host: a rate and a round trip, nothing else.

All connections share the rate, chunk by chunk. A request's answer begins one round trip after it
was sent, and a connection's first one a second round trip later (TCP's handshake). Not modelled:
TLS, slow start, loss, DNS, and the way up. The model is kinder than most real lines of its rate.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Link:
    """A line; times are seconds on the clock of the event loop that asks."""

    rate: float
    """Bytes in a second, down."""
    round_trip: float
    free: float = 0.0
    """From when on nothing is under way."""

    def opened(self, now: float, connections_first: bool) -> float:
        """When the answer to a request that is sent now begins to arrive."""
        return now + self.round_trip * (2 if connections_first else 1)

    def carried(self, ready: float, size: int) -> float:
        """When the last of `size` bytes arrives that may leave at `ready`; takes the line for them.

        `ready` is when the chunk before has arrived, not when somebody woke up to see it: a busy
        machine's late timers cost the line nothing.
        """
        self.free = max(self.free, ready) + size / self.rate
        return self.free


def broadband() -> Link:
    """20 Mbit/s and 40 ms."""
    return Link(rate=20_000_000 / 8, round_trip=0.04)
