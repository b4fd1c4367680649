"""rpds: maps, sets, lists, queues and stacks that never change; every change is a new one.

Runs in Pyodide. jsonschema and referencing are made of them. There they are trees that share what
they have in common, in Rust; here each is a copy, which costs as much as it is long. (A schema's
registry holds some dozens of entries.)
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Self


class HashTrieMap(Mapping[Any, Any]):
    """A mapping."""

    __slots__ = ("_items",)

    def __init__(self, value: Any = (), **kwds: Any) -> None:
        self._items: dict[Any, Any] = dict(value, **kwds)

    @classmethod
    def convert(cls, value: Any) -> Self:
        """Return the same when it is one already."""
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def fromkeys(cls, keys: Iterable[Any], value: Any = None) -> Self:
        """Give each key the value."""
        return cls(dict.fromkeys(keys, value))

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"HashTrieMap({self._items!r})"

    def insert(self, key: Any, val: Any) -> Self:
        """Return one with this item, too."""
        return type(self)({**self._items, key: val})

    def remove(self, key: Any) -> Self:
        """Return one without the key. Raises KeyError when there is none."""
        items = dict(self._items)
        del items[key]
        return type(self)(items)

    def discard(self, key: Any) -> Self:
        """Return one without the key."""
        return self.remove(key) if key in self._items else self

    def update(self, *maps: Any, **kwds: Any) -> Self:
        """Return one with these items, too."""
        items = dict(self._items)
        for each in (*maps, kwds):
            items.update(each)
        return type(self)(items)


class HashTrieSet(Set[Any]):
    """A set; `&`, `|`, `-`, `^` and comparisons are those of every Set."""

    __slots__ = ("_values",)

    def __init__(self, value: Iterable[Any] = ()) -> None:
        self._values = frozenset(value)

    def __contains__(self, value: object) -> bool:
        return value in self._values

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"HashTrieSet({{{', '.join(map(repr, self))}}})"

    def insert(self, value: Any) -> Self:
        """Return one with this value, too."""
        return type(self)(self._values | {value})

    def remove(self, value: Any) -> Self:
        """Return one without the value. Raises KeyError when it is not there."""
        if value not in self._values:
            raise KeyError(value)
        return self.discard(value)

    def discard(self, value: Any) -> Self:
        """Return one without the value."""
        return type(self)(self._values - {value})

    def union(self, other: Iterable[Any]) -> Self:
        """Return all values of both."""
        return type(self)(self._values.union(other))

    def intersection(self, other: Iterable[Any]) -> Self:
        """Return the values that both have."""
        return type(self)(self._values.intersection(other))

    def difference(self, other: Iterable[Any]) -> Self:
        """Return the values that the other has not."""
        return type(self)(self._values.difference(other))

    def symmetric_difference(self, other: Iterable[Any]) -> Self:
        """Return the values that only one has."""
        return type(self)(self._values.symmetric_difference(other))

    def update(self, *others: Iterable[Any]) -> Self:
        """Return one with the values of others, too."""
        return type(self)(self._values.union(*others))


class _Row:
    """Values in an order, which a list, a queue and a stack have in common."""

    __slots__ = ("_values",)

    def __init__(self, value: Any = (), *more: Any) -> None:
        self._values: tuple[Any, ...] = (value, *more) if more else tuple(value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values == getattr(other, "_values", None)

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._values)!r})"

    def _of(self, values: tuple[Any, ...]) -> Self:
        return type(self)(values)

    def _at(self, index: int, what: str) -> Any:
        if not self._values:
            raise IndexError(what)
        return self._values[index]


class List(_Row):
    """A list that grows and shrinks at its front."""

    __slots__ = ()

    @property
    def first(self) -> Any:
        """The front. Raises IndexError when it is empty."""
        return self._at(0, "empty list has no first element")

    @property
    def rest(self) -> Self:
        """All but the front."""
        return self._of(self._values[1:])

    def __reversed__(self) -> Iterator[Any]:
        return iter(self._values[::-1])

    def push_front(self, value: Any) -> Self:
        """Return one with the value before the others."""
        return self._of((value, *self._values))

    def drop_first(self) -> Self:
        """Return one without the front. Raises IndexError when it is empty."""
        self._at(0, "empty list has no first element")
        return self.rest


class Queue(_Row):
    """First in, first out."""

    __slots__ = ()

    def is_empty(self) -> bool:
        """Say whether nothing is in it."""
        return not self._values

    def peek(self) -> Any:
        """Return what comes next. Raises IndexError when it is empty."""
        return self._at(0, "peeked an empty queue")

    def enqueue(self, value: Any) -> Self:
        """Return one with the value at its end."""
        return self._of((*self._values, value))

    def dequeue(self) -> Self:
        """Return one without what comes next. Raises IndexError when it is empty."""
        self._at(0, "dequeued an empty queue")
        return self._of(self._values[1:])


class Stack(_Row):
    """Last in, first out; its iterator begins with the last."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values[::-1])

    def peek(self) -> Any:
        """Return the last. Raises IndexError when it is empty."""
        return self._at(-1, "peeked an empty stack")

    def push(self, value: Any) -> Self:
        """Return one with the value on top."""
        return self._of((*self._values, value))

    def pop(self) -> Self:
        """Return one without the last. Raises IndexError when it is empty."""
        self._at(-1, "popped an empty stack")
        return self._of(self._values[:-1])
