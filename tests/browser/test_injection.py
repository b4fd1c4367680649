"""The app's documents in the tab and under uvicorn: the page script leaves no trace in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.injected import PROBE, answer, page, paths
from tests.browser.known import INJECTION

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab


FRAMING = {
    "X-Frame-Options": {"x_frame_options": "DENY"},
    "frame-ancestors 'none'": {"content_security_policy": "frame-ancestors 'none'"},
    "frame-ancestors of others": {"content_security_policy": "frame-ancestors https://a.example"},
}


@pytest.fixture
def site(visit: Callable[[App], Host]) -> Host:
    return visit(INJECTION)


@pytest.fixture
def oracle(under_uvicorn: Callable[[App], str]) -> str:
    # Not localhost: its cookies would be seen on every port, and ours is to be told from them.
    return under_uvicorn(INJECTION).replace("localhost", "127.0.0.1")


def test_documents_are_what_they_are_under_uvicorn(tab: Tab, site: Host, oracle: str) -> None:
    tab.load(oracle)
    expected: dict[str, Any] = tab.run(PROBE, paths(oracle.rstrip("/")))
    tab.open(site.url)
    shown: dict[str, Any] = tab.run_in_frame(PROBE, paths(site.origin))
    different = {
        name: (shown[name], expected[name]) for name in expected if shown[name] != expected[name]
    }
    assert not different, json.dumps(different, indent=1, ensure_ascii=False)


def test_what_script_fetches_is_left_alone(tab: Tab, site: Host) -> None:
    told = page(
        "<!doctype html><p>x", content_length="19", content_security_policy="img-src 'none'"
    )
    fetched = tab.open(site.url).run_in_frame(FETCHED, "/" + answer(told))
    assert fetched == ["<!doctype html><p>x", "19", "img-src 'none'", "<p>x</p>"]


FETCHED = """
const response = await fetch(args[0]);
const { headers } = response;
const request = new XMLHttpRequest();
request.open('GET', args[0]);
request.responseType = 'document';
await new Promise((resolve) => { request.onload = resolve; request.send(); });
return [await response.text(), headers.get('content-length'),
  headers.get('content-security-policy'), request.response.body.innerHTML];
"""


def test_an_encoding_that_nothing_declares_is_the_browsers_own(
    tab: Tab, site: Host, oracle: str
) -> None:
    path = answer(page("<!doctype html><title>x</title><p>\xe9"))
    tab.load(oracle + path)
    expected = tab.script("return document.characterSet")
    assert tab.open(site.url + path).in_frame("return document.characterSet") == expected


@pytest.mark.parametrize("framing", FRAMING)
def test_what_forbids_frames_is_shown_by_the_shell(tab: Tab, site: Host, framing: str) -> None:
    tab.open(site.url + answer(page("<!doctype html>shown", **FRAMING[framing]))).sees("shown")


def test_documents_that_script_writes_keep_the_page_script(tab: Tab, site: Host) -> None:
    tab.open(site.url).run_in_frame(
        "document.open(); document.write('<title>written</title><a href=/next>x</a>');"
        "document.close(); await new Promise((resolve) => setTimeout(resolve, 100));"
        "document.title = 'changed'"
    )
    tab.wait(lambda: tab.title == "changed")
    assert tab.in_frame("return document.cookie") == "seen=first"
    tab.in_frame("history.pushState(null, '', '/pushed')")
    tab.at("/pushed")
    tab.in_frame("location.hash = 'hash'")
    tab.at("/pushed#hash")


def test_trusted_workers_run(tab: Tab, site: Host, oracle: str) -> None:
    told = page("<!doctype html>", content_security_policy="require-trusted-types-for 'script'")
    tab.load(oracle + answer(told))
    expected = tab.run(WORKERS)
    assert tab.open(site.url + answer(told)).run_in_frame(WORKERS) == expected


WORKERS = """
if (!window.trustedTypes) return [];
const policy = trustedTypes.createPolicy('own', { createScriptURL: (url) => url });
const blob = URL.createObjectURL(new Blob(["postMessage('blob')"]));
const hear = (url) => new Promise((resolve) => {
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = () => resolve('error');
}).catch((error) => error.name);
return [await hear(policy.createScriptURL(blob)), await hear(blob)];
"""
