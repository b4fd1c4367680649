"""Awkward answers in the tab and under uvicorn: content codings, redirects that lead nowhere."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.injected import answer, page
from tests.browser.known import INJECTION

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


@pytest.fixture
def site(visit: Callable[[App], Host]) -> Host:
    return visit(INJECTION)


OWN_RULES = "WebKitGTK decodes by libsoup, Safari does not: docs/server-behavior.md"


@pytest.fixture
def oracle(under_uvicorn: Callable[[App], str]) -> str:
    return under_uvicorn(INJECTION).replace("localhost", "127.0.0.1")


TEXT = b"hello " * 50
GZIP, ZLIB, RAW = gzip.compress(TEXT), zlib.compress(TEXT), zlib.compress(TEXT, wbits=-15)


def coded(*codings: str, body: bytes) -> str:
    head = [["content-type", "text/plain"], *(["content-encoding", coding] for coding in codings)]
    return "/" + answer({"headers": head, "chunks": [body.decode("latin-1")]})


CODINGS = {
    "gzip": coded("gzip", body=GZIP),
    "x-gzip": coded("X-GZIP", body=GZIP),
    "two members": coded("gzip", body=GZIP + gzip.compress(b"second")),
    "garbage behind": coded("gzip", body=GZIP + b"garbage"),
    "cut": coded("gzip", body=GZIP[:-10]),
    "no trailer": coded("gzip", body=GZIP[:-8]),
    "wrong checksum": coded("gzip", body=GZIP[:-8] + b"xxxxxxxx"),
    "head alone": coded("gzip", body=GZIP[:10]),
    "empty": coded("gzip", body=b""),
    "no gzip": coded("gzip", body=TEXT),
    "deflate": coded("deflate", body=ZLIB),
    "raw deflate": coded("deflate", body=RAW),
    "cut deflate": coded("deflate", body=ZLIB[:-6]),
    "cut raw deflate": coded("deflate", body=RAW[:-3]),
    "empty deflate": coded("deflate", body=b""),
    "no deflate": coded("deflate", body=TEXT),
    "unknown": coded("secret", body=TEXT),
    "identity": coded("identity", body=TEXT),
    "twice": coded("gzip, gzip", body=gzip.compress(GZIP)),
    "one by one": coded("deflate", "gzip", body=gzip.compress(ZLIB)),
    "gzip, identity": coded("gzip, identity", body=GZIP),
    "gzip, unknown": coded("gzip, secret", body=GZIP),
    "unknown, gzip": coded("secret, gzip", body=GZIP),
    "comma": coded("gzip,", body=GZIP),
}
READ = """
    const read = async (path) => {
        const response = await fetch(path);
        const whole = await response.text().catch(() => 'an error');
        return encodeURIComponent([response.headers.get('content-encoding'), whole]);
    };
    const entries = Object.entries(args[0]);
    const read2 = entries.map(async ([name, path]) => [name, await read(path)]);
    return Object.fromEntries(await Promise.all(read2));
"""


def test_content_codings(tab: Tab, site: Host, oracle: str) -> None:
    """Also those that are cut, go on behind their end, are not what they say, or are unknown."""
    if tab.engine.name == "webkit":
        pytest.skip(OWN_RULES)
    tab.load(oracle)
    expected = tab.run(READ, CODINGS)
    assert tab.open(site.url).run_in_frame(READ, CODINGS) == expected


SHOWN = """
    const show = (path) => new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
            const shown = frame.contentDocument;
            resolve(shown && [shown.body.innerText, shown.URL.replace(location.origin, '')]);
            frame.remove();
        };
        frame.src = path;
        document.body.append(frame);
    });
    return Promise.all(args[0].map(show));
"""


def test_documents_that_are_coded_and_redirects_that_end(tab: Tab, site: Host, oracle: str) -> None:
    if tab.engine.name == "webkit":
        pytest.skip(OWN_RULES)
    cut = page("", content_encoding="gzip") | {
        "chunks": [gzip.compress(TEXT)[:-8].decode("latin-1")]
    }
    paths = ["/" + answer(cut), CODINGS["raw deflate"], CODINGS["two members"], "/chain/19"]
    tab.load(oracle)
    expected = tab.run(SHOWN, paths)
    assert tab.open(site.url).run_in_frame(SHOWN, paths) == expected


@pytest.mark.parametrize("target", ["javascript:document.title='run'", "data:text/html,run"])
def test_no_redirect_leads_to_a_script(tab: Tab, site: Host, target: str) -> None:
    tab.open(site.url + answer({"status": 302, "headers": [["location", target]]}))
    tab.sees("The app gave no answer")
    assert tab.title != "run"


def test_redirects_that_go_round_end(tab: Tab, site: Host) -> None:
    tab.open(site.url).in_frame("location.href = '/chain/round'")
    tab.wait(lambda: "chain" not in tab.url and tab.script("return document.title") != "")
    rounds = "return await fetch('/chain/round').then(() => 'answered', (error) => error.name)"
    tab.open(site.url)
    assert tab.run_in_frame(rounds) == "TypeError"
