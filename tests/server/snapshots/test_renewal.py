"""What is made anew when a snapshot is restored."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import random
import time

import pytest

from tabcorn.server.snapshots.renewal import HARMLESS, RENEWED, is_known, renew


def test_random_does_not_go_on_where_it_was() -> None:
    state = random.getstate()
    renew()
    drawn = [random.random() for _ in range(4)]
    random.setstate(state)
    assert drawn != [random.random() for _ in range(4)]


def test_log_records_count_from_the_restore(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "_startTime", 0)
    renew()
    assert abs(logging._startTime - time.time_ns()) < 10**10  # type: ignore[attr-defined]


def test_the_key_of_multiprocessing_is_another_one() -> None:
    before = multiprocessing.current_process().authkey
    renew()
    assert multiprocessing.current_process().authkey != before


def test_dateutil_knows_the_year() -> None:
    parser = importlib.import_module("dateutil.parser._parser")
    info = parser.DEFAULTPARSER.info
    info._year, info._century = 1970, 1900
    renew()
    assert info._year == time.localtime().tm_year
    assert info._century == info._year // 100 * 100


def test_what_draws_is_known_by_its_whole_name() -> None:
    assert is_known("random")
    assert is_known("pydantic_core._pydantic_core")
    assert not is_known("pydantic")
    assert not is_known("a_package_that_draws")


def test_each_is_in_one_table() -> None:
    assert not RENEWED.keys() & HARMLESS.keys()
    assert all(HARMLESS.values())
