"""The Datasette example: tables, facets, SQL, exports, and an insert with a token of root."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.browser.known import DATASETTE

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab


EXAMPLE = DATASETTE


def test_home_leads_to_a_table(tab: Tab, site: Host) -> None:
    tab.open(site.url)
    tab.sees("Vega datasets")
    tab.click("a[href$='/data']")
    tab.sees("airports")
    tab.click("a[href$='/data/airports']")
    tab.at("/data/airports")
    tab.sees("Thigpen")


def test_facets(tab: Tab, site: Host) -> None:
    tab.open(site.url + "data/cars")
    tab.sees("406 rows")
    tab.click("[data-facet-value=Japan]")
    tab.at("/data/cars?origin=Japan")
    tab.sees("79 rows")


def test_its_own_javascript_and_css(tab: Tab, site: Host) -> None:
    tab.open(site.url + "data/cars")
    tab.wait(lambda: tab.in_frame("return typeof window.__DATASETTE__ === 'object'"))
    assert tab.in_frame("return [...document.styleSheets].every((s) => s.cssRules.length > 0)")
    tab.click("th .dropdown-menu-icon")
    tab.sees("Sort descending")


def test_sql(tab: Tab, site: Host) -> None:
    tab.open(site.url + "data/-/query?sql=select+sum(price)+as+total+from+stocks")
    tab.sees("total")
    tab.open(site.url + "data/thirsty")
    tab.sees("hi 1200d")


def test_json_and_csv(tab: Tab, site: Host) -> None:
    tab.open(site.url)
    script = "return await (await fetch(args[0])).text()"
    rows = tab.run_in_frame(script, "/data/wheat.json?_size=1&_shape=array")
    assert rows == '[{"year": 1565, "wheat": 41.0, "wages": 5.0}]'
    lines = tab.run_in_frame(script, "/data/airports.csv?_stream=1").splitlines()
    assert lines[0] == "iata,name,city,state,country,latitude,longitude"
    assert len(lines) == 3377


def test_insert_with_the_token_that_was_printed(tab: Tab, fresh: Callable[..., Host]) -> None:
    host = fresh(DATASETTE)
    host.record_console()
    tab.open(host.url)
    found = re.search(r"API token of root: (dstok_\S+)", tab.wait(tab.console))
    assert found
    tab.click("a[href$='/add-car']")
    tab.sees("Add a car")
    tab.fill("[name=token]", found[1])
    tab.click("form [type=submit]")
    tab.sees("Added: Row 407")
    tab.click("#answer a")
    tab.at("/data/cars/407")
    tab.sees("tabcorn one")


def test_insert_without_a_token_is_refused(tab: Tab, site: Host) -> None:
    tab.open(site.url)
    script = """
        const body = JSON.stringify({ row: { name: 'x' } });
        const headers = { 'content-type': 'application/json' };
        return (await fetch('/data/cars/-/insert', { method: 'POST', headers, body })).status;
    """
    assert tab.run_in_frame(script) == 403
