"""Links, forms, history and titles: the address bar tells the truth about the frame."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.known import TOUR

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


@pytest.fixture
def tour(visit: Callable[[App], Host]) -> Host:
    return visit(TOUR)


@pytest.fixture
def home(tab: Tab, tour: Host) -> Tab:
    return tab.open(tour.url)


def test_link(home: Tab, tour: Host) -> None:
    home.click("#about")
    home.sees("About")
    home.at("/about")
    home.wait(lambda: home.title == "About")
    assert home.url == tour.url + "about"


def test_form_post_is_answered_by_303(home: Tab) -> None:
    home.fill("#form [name=word]", "grün")
    home.click("#form button")
    home.sees("the word is grün")
    home.at("/saved?word=gr%C3%BCn")


def test_upload_of_a_file(home: Tab, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1200
    (tmp_path / "some file.bin").write_bytes(content)
    home.fill("#file [name=file]", str(tmp_path / "some file.bin"))
    home.click("#file button")
    home.sees(f"some file.bin {len(content)} {hashlib.sha256(content).hexdigest()}")


def test_back_and_forward(home: Tab) -> None:
    home.click("#about")
    home.sees("About")
    home.at("/about")
    home.driver.back()
    home.sees("a part of this page")
    home.at("/")
    home.driver.forward()
    home.sees("About")
    home.at("/about")


def test_push_state_is_mirrored(home: Tab) -> None:
    home.in_frame("history.pushState({}, '', '/places/far/away?x=1')")
    home.at("/places/far/away?x=1")
    home.in_frame("history.replaceState({}, '', '/places/near')")
    home.at("/places/near")
    home.in_frame("history.back()")
    home.at("/")


def test_hash_is_mirrored(home: Tab) -> None:
    home.click("#hash")
    home.at("/#part")


def test_title_is_mirrored(home: Tab) -> None:
    home.in_frame("document.title = 'Renamed'")
    home.wait(lambda: home.title == "Renamed")


@pytest.mark.parametrize("link", ["#blank", "#opener"])
def test_link_in_a_new_tab_reaches_the_same_process(home: Tab, link: str, tour: Host) -> None:
    if home.engine.name == "webkit":
        pytest.skip("WebKitGTK under WebDriver opens no window for a page, whoever serves it")
    ask = "return (await (await fetch('/count')).text()).match(/visit (\\d+)/)[1]"
    before = int(home.run_in_frame(ask))
    known = set(home.driver.window_handles)
    home.click(link)
    other = home.opened(known).ready()
    other.sees(f"visit {before + 1}")
    assert other.url == tour.url + "count"


def test_link_to_the_top_window(home: Tab) -> None:
    home.click("#top")
    home.at("/about")
    home.ready().sees("About")


def test_link_off_the_site_opens_in_the_top_window(
    tab: Tab, tour: Host, serve: Callable[[Path], Host], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>")
    elsewhere = serve(tmp_path)
    tab.open(f"{tour.url}?off={elsewhere.url}")
    tab.click("#off")
    tab.wait(lambda: tab.url == elsewhere.url)
    tab.wait(lambda: tab.title == "Elsewhere")


def test_missing_page_is_the_app_s_own(tab: Tab, tour: Host) -> None:
    tab.open(tour.url + "no/such/page")
    tab.sees("Not Found")


def test_exception_of_the_app_is_a_500(tab: Tab, tour: Host) -> None:
    tab.open(tour.url + "crash")
    tab.sees("Internal Server Error")
