"""What a measurement gives: named series of numbers, one number a run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bench.lanes import Lane


@dataclass
class Series:
    """The numbers of one group of rows in one engine."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, metric: str, lane: Lane, value: float) -> None:
        """Keep one run's number: of a metric, as "return visit", by a lane."""
        self.values[key(metric, lane)].append(round(value, 3))


def key(metric: str, lane: Lane) -> str:
    """The name of a series, in results and goals."""
    return f"{metric}, {lane.value}"
