"""The Django example: forms, sessions, messages, transactions, sync and async, the admin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.known import example

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

EXAMPLE = example("django", "project.asgi:application")


def test_form_with_csrf_token_and_message(page: Tab) -> None:
    page.fill("#add [name=title]", "Momo")
    page.fill("#add [name=author]", "Michael Ende")
    page.click("#add button")
    page.sees("Momo is here now.")
    page.sees("Momo, Michael Ende")


def test_static_file(page: Tab) -> None:
    font = "return getComputedStyle(document.body).fontFamily"
    page.wait(lambda: page.in_frame(font) == "Georgia, serif")


def test_refuses_a_form_without_the_token(page: Tab) -> None:
    script = "return (await fetch('/lend/1', { method: 'POST' })).status"
    assert page.run_in_frame(script) == 403


def test_refuses_a_form_of_another_site(
    page: Tab, site: Host, serve: Callable[[Path], Host], tmp_path: Path
) -> None:
    form = f"<form method=post action='{site.url}lend/1'></form>"
    script = "<script>document.forms[0].submit()</script>"
    (tmp_path / "go.html").write_text(form + script)
    other = f"http://127.0.0.1:{serve(tmp_path).port}"
    page.start(f"{other}/go.html")
    page.wait(lambda: page.url.startswith(site.url))
    page.ready().sees("CSRF verification failed")
    page.sees(f"{other} does not match any trusted origins")


def test_login_rotates_the_session_and_the_token(page: Tab, site: Host) -> None:
    page.open(site.url + "admin/")
    page.sees("Username:")
    before = page.in_frame("return document.cookie")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "admin")
    page.click("[type=submit]")
    page.sees("Site administration", 60)
    after = page.in_frame("return document.cookie")
    assert before.startswith("csrftoken=")  # sessionid is HttpOnly
    assert after.startswith("csrftoken=")
    assert after != before
    page.click("#logout-form button")
    page.sees("Logged out")


def test_transaction(page: Tab) -> None:
    page.click("#books li button")
    page.sees("(lent)")
    page.click("#books li button")
    page.sees("brought back")


def test_async_view_and_async_from_sync(page: Tab) -> None:
    script = """
        const numbers = await (await fetch('/statistics')).json();
        return [numbers.books >= 2, await (await fetch('/report')).text()];
    """
    enough, report = page.run_in_frame(script)
    assert enough
    assert "books, " in report


def test_counts_the_visits_of_a_session(page: Tab) -> None:
    def visits() -> int:
        return int(page.text().split("You were here ")[1].split(" ")[0])

    before = visits()
    page.reload()
    assert visits() == before + 1


def test_admin(page: Tab, site: Host) -> None:
    page.open(site.url + "admin/")
    page.sees("Username:")
    styled = "return getComputedStyle(document.querySelector('#header')).backgroundColor"
    assert page.in_frame(styled) != "rgba(0, 0, 0, 0)"
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "admin")
    page.click("[type=submit]")
    page.sees("Site administration", 60)
    page.click("a[href$='/library/book/add/']")
    page.sees("Add book")
    page.fill("[name=title]", "Ulysses")
    page.fill("[name=author]", "James Joyce")
    page.click("[name=_save]")
    page.sees("was added successfully")
    page.fill("#searchbar", "Ulysses")
    page.click("#changelist-search [type=submit]")
    page.sees("1 result")
    page.click("#result_list tbody th a")
    page.sees("Change book")
    page.click("[name=lent]")
    page.click("[name=_save]")
    page.sees("was changed successfully")
    page.click("a[href*='lent__exact=1']")
    page.at("lent__exact=1&q=Ulysses")
    page.click("#result_list .action-select")
    page.in_frame("document.querySelector('[name=action]').value = 'delete_selected'")
    page.click(".actions button")
    page.sees("Are you sure")
    page.click("#content [type=submit]")
    page.sees("Successfully deleted 1 book")
    page.click("#logout-form button")
    page.sees("Logged out")


def test_refuses_a_wrong_password(page: Tab, site: Host) -> None:
    page.open(site.url + "admin/")
    page.sees("Username:")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "wrong")
    page.click("[type=submit]")
    page.sees("Please enter the correct username and password", 60)
