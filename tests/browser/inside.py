"""Run a script as the page itself would, rather than as the driver does.

Firefox's driver runs what it is given in a world beside the page's, where classes are others.
A script is the body of an async function; what it returns crosses as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser.tab import Tab

START = """
const [name, body] = arguments;
const script = document.createElement('script');
const told = `told => { document.documentElement.dataset.${name} = JSON.stringify(told); }`;
script.textContent = `(async () => {\n${body}\n})().catch(String).then(${told});`;
document.body.append(script);
script.remove();
"""
SECONDS = 150  # for hundreds of sockets, on a machine that runs three browsers
READ = "return document.documentElement.dataset[arguments[0]]"


# Counts what goes by a port of the page's own in `sent`; `opened` waits until there is one.
WATCH_PORT = """
const post = MessagePort.prototype.postMessage;
let sent = 0;
MessagePort.prototype.postMessage = function (message, ...more) {
    if (message?.type === 'tabcorn.request') sent += 1;
    return post.call(this, message, ...more);
};
const opened = async (ask, most) => {
    for (let i = 0; i < most && !sent; i++) {
        await ask();
        await new Promise((done) => setTimeout(done, 20));
    }
};
"""


def start(run: Callable[..., Any], name: str, body: str) -> None:
    """Begin it in the document that `run` runs scripts in; names tell several apart."""
    run(START, name, body)


def result(tab: Tab, run: Callable[..., Any], name: str) -> Any:
    """Wait for its end, and return what it returned."""
    return json.loads(tab.wait(lambda: run(READ, name), SECONDS, lambda: name))


def observe(tab: Tab, run: Callable[..., Any], body: str) -> dict[str, Any]:
    """Run it to its end, for what it has observed; a text instead says what went wrong."""
    start(run, "seen", body)
    told: dict[str, Any] = result(tab, run, "seen")
    assert isinstance(told, dict), told
    return told
