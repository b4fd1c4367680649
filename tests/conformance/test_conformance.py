"""Every case in every browser: the answers of uvicorn and of the tab are the same, or the
difference is one that the suite lists; and they are the same by the page's own port and through the
service worker. All requests of an app are made by one script."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.inside import result, start
from tests.browser.sites import App, uvicorn_server
from tests.conformance.model import Case, Suite, differing, told
from tests.conformance.suites import SUITES

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import Sites

RUNNER = Path(__file__).with_name("runner.js").read_text()

# Lets a request open the page's port, and then counts what goes by it.
WARM_UP = "await fetch('/nothing-to-see');"
BY_PORT = """
const post = MessagePort.prototype.postMessage;
let sent = 0;
MessagePort.prototype.postMessage = function (message, ...more) {
    if (message?.type === 'tabcorn.request') sent += 1;
    return post.call(this, message, ...more);
};
WARM_UP
await new Promise((done) => setTimeout(done, 500));
const answers = await (async (args) => { RUNNER })(REQUESTS);
return { answers, sent };
"""

Answers = list[dict[str, Any]]


@pytest.fixture(scope="session")
def answers(
    engine: Engine,
    sites: Sites,
    serve: Callable[[Path], Host],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Suite], tuple[Answers, Answers]]:
    """Ask uvicorn and the tab all of a suite's requests, once per browser.

    uvicorn runs in a copy of the app's folder: what the app writes must not get into its site.
    """
    folder = tmp_path_factory.mktemp("conformance")
    blank = serve(tmp_path_factory.mktemp("blank")).url

    @cache
    def ask(number: int) -> tuple[Answers, Answers] | Exception:
        suite = SUITES[number]
        copy = shutil.copytree(suite.app.folder, mkdtemp(dir=folder), dirs_exist_ok=True)
        try:
            with uvicorn_server(replace(suite.app, folder=Path(copy)), *suite.server) as oracle:
                site = serve(sites.build(suite.app)).url
                answers, sent = in_the_tab(engine, suite, site)
                assert sent > 0
                return of_uvicorn(engine, suite, oracle, blank), answers
        except Exception as error:  # the same for all of its cases
            return error

    def known(suite: Suite) -> tuple[Answers, Answers]:
        answers = ask(SUITES.index(suite))
        if isinstance(answers, Exception):
            raise answers
        return answers

    return known


def of_uvicorn(engine: Engine, suite: Suite, url: str, blank: str) -> Answers:
    tab = engine.tab()
    tab.load(f"{blank}nothing")
    tab.driver.delete_all_cookies()  # those of other servers on this host, whose port was another
    tab.load(url)
    answers = tab.run(f"{WARM_UP}\n{RUNNER}", requests(suite))  # apps count what they are asked
    tab.close()
    return [suite.normal(answer, url.split("/")[2]) for answer in answers]


def in_the_tab(engine: Engine, suite: Suite, url: str) -> tuple[Answers, int]:
    """Return the answers, and how many of the requests took the page's own port."""
    tab = engine.tab().open(url)
    asked = json.dumps([requests(suite)])
    script = (
        BY_PORT.replace("WARM_UP", WARM_UP).replace("RUNNER", RUNNER).replace("REQUESTS", asked)
    )
    start(tab.in_frame, "told", script)
    told = result(tab, tab.in_frame, "told")
    tab.close()
    assert isinstance(told, dict), told
    answers = [suite.normal(answer, url.split("/")[2]) for answer in told["answers"]]
    return answers, told["sent"]


def by_sw(suite: Suite) -> App:
    """The same app, whose pages have no port of their own."""
    options = (*suite.app.options, "--no-page-port")
    return replace(suite.app, options=options, name=f"{suite.app.key}-by-sw")


def requests(suite: Suite) -> Answers:
    return [case.request() for case in suite.cases]


@pytest.mark.parametrize(
    ("suite", "case"),
    [
        pytest.param(suite, case, id=f"{suite.app.key}: {case.method} {case.path} ({case.name})")
        for suite in SUITES
        for case in suite.cases
    ],
)
def test_case(
    engine: Engine,
    answers: Callable[[Suite], tuple[Answers, Answers]],
    suite: Suite,
    case: Case,
) -> None:
    expected, seen = (each[suite.cases.index(case)] for each in answers(suite))
    found = differing(expected, seen)
    listed = case.difference(engine.name)
    if listed is None:
        assert not found, told(found, expected, seen)
    else:
        assert found, f"no longer differs, take it off the list: {listed.why}"
        assert found <= listed.parts, told(found - listed.parts, expected, seen)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.app.key)
def test_by_the_pages_port_and_through_the_service_worker(
    engine: Engine,
    answers: Callable[[Suite], tuple[Answers, Answers]],
    sites: Sites,
    serve: Callable[[Path], Host],
    suite: Suite,
) -> None:
    _, by_port = answers(suite)
    through, sent = in_the_tab(engine, suite, serve(sites.build(by_sw(suite))).url)
    assert sent == 0
    for case, one, other in zip(suite.cases, by_port, through, strict=True):
        # Of two Pythons, too: dates of files, and the like.
        listed = case.difference(engine.name) or case.differs.get(f"{engine.name} by sw")
        found = differing(other, one) - (listed.parts if listed else frozenset())
        assert not found, f"{case.name}: {told(found, other, one)}"
