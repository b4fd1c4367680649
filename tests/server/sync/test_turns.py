import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tabcorn.server.sync.turns import SHARE, Turns


class Browser:
    """Calls back what was asked for: at the end of the present call, or after other events."""

    def __init__(self) -> None:
        self.soon: deque[Callable[[], None]] = deque()
        self.later: deque[Callable[[], None]] = deque()
        self.time = 0.0
        self.entered = 0
        self.turns = Turns(self.enter, self.soon.append, self.later.append, lambda: self.time)
        self.done: list[Any] = []
        self.loop = asyncio.new_event_loop()

    def enter(self) -> None:
        self.entered += 1

    def due(self, callback: Callable[..., Any], *args: Any) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self.loop)
        self.turns.add(handle)
        return handle

    def does(self, what: Any) -> None:
        self.due(self.done.append, what)


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.loop.close()


def test_what_is_due_and_what_becomes_due_runs_in_one_call_and_in_order(browser: Browser) -> None:
    def first() -> None:
        browser.done.append("first")
        browser.does("third")

    browser.due(first)
    browser.does("second")
    assert (browser.done, len(browser.soon)) == ([], 1)
    browser.soon.popleft()()
    assert browser.done == ["first", "second", "third"]
    assert (browser.entered, list(browser.soon), list(browser.later)) == (1, [], [])


def test_what_was_cancelled_does_not_run(browser: Browser) -> None:
    browser.due(browser.done.append, "it").cancel()
    browser.soon.popleft()()
    assert browser.done == []


def test_the_browser_has_its_turn_after_a_while(browser: Browser) -> None:
    def spin() -> None:
        browser.time += SHARE / 4
        browser.done.append("turn")
        browser.due(spin)

    browser.due(spin)
    browser.soon.popleft()()
    assert (len(browser.done), len(browser.soon), len(browser.later)) == (4, 0, 1)
    browser.later.popleft()()
    assert (len(browser.done), len(browser.later)) == (8, 1)


def test_others_go_on_while_a_stack_is_suspended_and_it_goes_on_after_them(
    browser: Browser,
) -> None:
    def suspended() -> None:
        browser.done.append("begins")
        with browser.turns.suspension():
            browser.soon.popleft()()  # the browser's loop goes on: a stack of its own
            browser.does("meanwhile")
            browser.soon.popleft()()
        browser.does("after")
        browser.done.append("ends")

    browser.due(suspended)
    browser.does("second")
    browser.soon.popleft()()
    assert browser.done == ["begins", "second", "meanwhile", "ends", "after"]


def test_one_that_ends_the_call_leaves_the_others_their_turn(browser: Browser) -> None:
    def leave() -> None:
        raise SystemExit(1)

    browser.due(leave)
    browser.does("second")
    with pytest.raises(SystemExit):
        browser.soon.popleft()()
    browser.later.popleft()()
    assert browser.done == ["second"]
