"""The modules that stand in for compiled packages: found last, and as good as what they stand for.

rpds itself, in Rust, answered all of this alike when it was compared (2026.9.1).
"""

import importlib
import pickle
import sys
from collections.abc import Mapping, Set
from typing import Any

import pytest

from tabcorn.build.known import COMPILED, LEFT_OUT
from tabcorn.server import standins
from tabcorn.server.standins.rpds import HashTrieMap, HashTrieSet, List, Queue, Stack


def test_each_stands_for_what_a_build_leaves_out() -> None:
    """The day that it has a wheel for Pyodide, it leaves these lists."""
    assert set(standins.STANDINS) == {"rpds"}
    assert {"rpds-py"} <= LEFT_OUT.keys() & COMPILED


def test_it_is_found_by_the_other_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, "rpds", raising=False)
    standins.install(force=True)
    standins.install(force=True)
    assert type(sys.meta_path[-1]) is standins.StandInFinder
    assert type(sys.meta_path[-2]) is not standins.StandInFinder
    with monkeypatch.context() as patch:
        patch.setattr(sys, "meta_path", sys.meta_path[-1:])
        found = importlib.import_module("rpds")
    assert found.HashTrieMap is HashTrieMap
    monkeypatch.delitem(sys.modules, "rpds")


def test_nothing_is_installed_on_a_machine() -> None:
    before = list(sys.meta_path)
    standins.install()
    assert sys.meta_path == before


def test_map() -> None:
    one = HashTrieMap({"a": 1}, b=2)
    assert isinstance(one, Mapping)
    assert dict(one) == dict(one.items()) == {"a": 1, "b": 2}
    assert [dict(one.insert("c", 3)), dict(one.remove("a"))] == [
        {"a": 1, "b": 2, "c": 3},
        {"b": 2},
    ]
    assert dict(one.update({"a": 0}, [("d", 4)], e=5)) == {"a": 0, "b": 2, "d": 4, "e": 5}
    assert dict(one) == {"a": 1, "b": 2}
    assert one.discard("z") == one
    assert [HashTrieMap.convert(one) is one, one.get("z", 9)] == [True, 9]
    assert HashTrieMap.convert([("x", 1)]) == HashTrieMap.fromkeys("x", 1)
    assert hash(one) == hash(HashTrieMap({"b": 2, "a": 1}))
    assert one == pickle.loads(pickle.dumps(one))
    assert repr(one) == "HashTrieMap({'a': 1, 'b': 2})"


def test_set() -> None:
    one = HashTrieSet([1, 2])
    assert isinstance(one, Set)
    changed = [one.insert(3), one.remove(1), one.discard(9), one.update([3], [4])]
    assert list(map(set, changed)) == [{1, 2, 3}, {2}, {1, 2}, {1, 2, 3, 4}]
    both = [one.union([3]), one.intersection([2]), one.difference([2])]
    assert list(map(set, both)) == [{1, 2, 3}, {2}, {1}]
    assert set(one.symmetric_difference([2, 3])) == {1, 3}
    assert one == HashTrieSet([2, 1])
    assert type(one | HashTrieSet([5])) is HashTrieSet
    assert hash(one) == hash(HashTrieSet([2, 1]))
    assert repr(HashTrieSet([1])) == "HashTrieSet({1})"


def test_list() -> None:
    one = List([1, 2, 3])
    assert [one.first, list(one.rest), list(one.push_front(0))] == [1, [2, 3], [0, 1, 2, 3]]
    assert [list(one.drop_first()), list(reversed(one)), len(one)] == [[2, 3], [3, 2, 1], 3]
    assert one == List(1, 2, 3)
    assert one != [1, 2, 3]
    assert hash(one) == hash(List([1, 2, 3]))
    assert [repr(one), list(List().rest)] == ["List([1, 2, 3])", []]


def test_queue_and_stack() -> None:
    queue, stack = Queue([1, 2]), Stack([1, 2])
    assert [queue.peek(), list(queue.enqueue(3)), list(queue.dequeue())] == [1, [1, 2, 3], [2]]
    assert [stack.peek(), list(stack.push(3)), list(stack.pop())] == [2, [3, 2, 1], [1]]
    assert [queue.is_empty(), Queue().is_empty(), queue != stack] == [False, True, True]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: HashTrieMap()["z"], KeyError),
        (lambda: HashTrieMap().remove("z"), KeyError),
        (lambda: HashTrieMap().insert([], 1), TypeError),
        (lambda: hash(HashTrieMap(a=[])), TypeError),
        (lambda: HashTrieSet().remove(1), KeyError),
        (lambda: List().first, IndexError),
        (lambda: List().drop_first(), IndexError),
        (lambda: Queue().peek(), IndexError),
        (lambda: Queue().dequeue(), IndexError),
        (lambda: Stack().peek(), IndexError),
        (lambda: Stack().pop(), IndexError),
    ],
)
def test_errors(call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call()
