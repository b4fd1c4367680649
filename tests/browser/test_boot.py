"""From an URL to an app that answers: first visits, later ones, any folder and path, offline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import TOUR

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

Fresh = Callable[..., "Host"]


@pytest.fixture
def tour(visit: Callable[[App], Host]) -> Host:
    return visit(TOUR)


def test_first_visit_shows_the_app(tab: Tab, fresh: Fresh) -> None:
    tab.open(fresh(TOUR).url)
    assert "about" in tab.text()
    assert tab.title == "Home"


def test_first_visit_to_a_deep_link(tab: Tab, fresh: Fresh) -> None:
    host = fresh(TOUR)
    tab.open(host.url + "places/far/away?x=1#part")
    assert "About" in tab.text()
    assert tab.url == host.url + "places/far/away?x=1#part"


def test_later_visit_to_a_deep_link(tab: Tab, tour: Host) -> None:
    tab.open(tour.url + "places/far/away")
    assert "About" in tab.text()


def test_deep_link_when_no_other_tab_is_open(tab: Tab, fresh: Fresh) -> None:
    """In Firefox the host ends with its only document: it starts anew, at any depth."""
    host = fresh(TOUR)
    tab.open(host.url)
    tab.open(host.url + "places/far/away")
    tab.sees("About")


def test_reload_stays_where_it_is(tab: Tab, tour: Host) -> None:
    tab.open(tour.url + "about")
    tab.reload()
    tab.sees("About")
    tab.at("/about")


def test_second_tab_shares_the_process(tab: Tab, tour: Host) -> None:
    def visits() -> int:
        tab.open(tour.url + "count")
        return int(tab.text().rsplit(" ", 1)[1])

    first = visits()
    other = tab.engine.tab()
    assert int(other.open(tour.url + "count").text().rsplit(" ", 1)[1]) == first + 1


def test_process_outlives_the_tabs_that_close(tab: Tab, fresh: Fresh) -> None:
    """As long as one tab is open, what the app holds in memory stays."""
    host = fresh(TOUR)
    tab.open(host.url)
    for visit in range(1, 6):
        other = tab.engine.tab().open(host.url + "count")
        assert f"visit {visit}" in other.text()
        other.close()
        time.sleep(0.7)


@pytest.mark.parametrize("page", ["", "places/far/away"])
def test_site_below_a_path(tab: Tab, fresh: Fresh, page: str) -> None:
    """Copied elsewhere and served below a path, the app says where it is by root_path."""
    host = fresh(TOUR, base="/some/path/")
    tab.open(host.url + page)
    target = "#home" if page else "#about"
    link = tab.in_frame("return document.querySelector(arguments[0]).href", target)
    assert link.startswith(host.url)
    tab.click(target)
    tab.at("/some/path/" if page else "/some/path/about")
    tab.sees("Home" if page else "About")


def test_nothing_is_asked_of_another_origin(tab: Tab, fresh: Fresh) -> None:
    tab.engine.proxy.hosts.clear()
    tab.open(fresh(TOUR).url)
    tab.click("#about")
    tab.sees("About")
    assert tab.engine.proxy.foreign() == []


def test_works_when_the_host_is_gone(tab: Tab, fresh: Fresh) -> None:
    host = fresh(TOUR)
    tab.open(host.url)
    host.stop()
    tab.reload()
    tab.click("#about")
    tab.sees("About")
    tab.open(host.url + "places/far/away")
    tab.sees("About")


def test_app_is_not_served_from_the_static_host(tab: Tab, fresh: Fresh) -> None:
    host = fresh(TOUR)
    tab.open(host.url)
    host.asked.clear()
    tab.click("#about")
    tab.sees("About")
    tab.run_in_frame("await (await fetch('/headers')).json()")
    assert not {"/about", "/headers"} & set(host.asked)
