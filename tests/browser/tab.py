"""One browser window that shows a site, and the few things a test does in it.

A tab knows the contract a site gives to the outside and nothing more: `data-tabcorn` on
<html>, iframe#tabcorn-app, #tabcorn-error. Waiting polls at short intervals; what is
waited for is an expression in JavaScript, or a question in Python.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.engines import Engine

T = TypeVar("T")

BOOT_SECONDS = 90

# WebKit never answers a script whose document went away, with its process, before it had run.
ANSWER_SECONDS = 20
FRAME = "iframe#tabcorn-app"

STATE = """
if (window.left) return [null, null];
const error = document.querySelector('#tabcorn-error');
return [document.documentElement.dataset.tabcorn ?? null, error && error.textContent.trim()];
"""

# The frame's first, empty document is complete as well.
COMPLETE = "return document.readyState === 'complete' && location.href !== 'about:blank'"

# Runs an async function body; its error comes back as text rather than as a timeout.
ASYNC = """
const done = arguments[arguments.length - 1];
const args = [...arguments].slice(0, -1);
(async function () {{ {body} }}).apply(null, args).then(
  (value) => done([true, value]),
  (error) => done([false, `${{error.name}}: ${{error.message}}`]),
);
"""

RECORD_CONSOLE = """
window.recorded = [];
for (const name of ['log', 'info', 'warn', 'error', 'debug']) {
  const native = console[name];
  console[name] = (...values) => {
    window.recorded.push(values.join(' '));
    native.apply(console, values);
  };
}
"""


class BootFailed(AssertionError):
    """The shell reported a failure, or reached no state in time."""


class ScriptFailed(AssertionError):
    """A script that the test ran in the page threw."""


class Tab:
    """A window of a running browser; commands go to it whichever window was used last."""

    def __init__(self, engine: Engine, handle: str) -> None:
        self.engine = engine
        self.handle = handle

    @property
    def driver(self) -> WebDriver:
        """The driver, switched to this window."""
        driver = self.engine.driver
        if self.engine.current != self.handle:
            driver.switch_to.window(self.handle)
            self.engine.current = self.handle
        return driver

    def open(self, url: str) -> Tab:
        """Navigate as by typing into the address bar, and wait until the app is up."""
        self.start(url)
        return self.ready()

    def start(self, url: str) -> None:
        """Begin to navigate; what is asked from now on is not answered by the old document."""
        self.script("window.left = true")
        self.driver.get(url)

    def load(self, url: str) -> None:
        """Navigate to a page that is no site of ours, and wait until it is there."""
        self.start(url)
        loaded = """
            const there = !window.left && location.origin === new URL(arguments[0]).origin;
            return there && document.readyState === 'complete';
        """
        self.wait(lambda: self.script(loaded, url))

    def ready(self, seconds: float = BOOT_SECONDS) -> Tab:
        """Wait for `ready` and for the frame's document; a failed boot raises its cause."""
        state, error = self.settled(seconds)
        if state != "ready":
            raise BootFailed(f"{state}: {error}\n{self.engine.console()}")
        self.wait(lambda: self.in_frame(COMPLETE))
        return self

    def settled(self, seconds: float = BOOT_SECONDS) -> tuple[str, str | None]:
        """Wait until the shell is ready or failed; return the state and the failure's text."""

        def state() -> tuple[str, str | None] | None:
            # Firefox answers None from a document that is being replaced.
            name, error = self.script(STATE) or (None, None)
            return (name, error) if name in ("ready", "failed") else None

        try:
            return self.wait(state, seconds)
        except AssertionError:
            shown = self.script("return document.documentElement.outerHTML.slice(0, 3000)")
            raise BootFailed(f"stuck at {self.url}\n{shown}\n{self.engine.console()}") from None

    def reload(self) -> Tab:
        """Reload as a person does (WebDriver's own refresh passes by Firefox's sw)."""
        self.script("window.left = true; location.reload()")
        return self.ready()

    @property
    def url(self) -> str:
        """What the address bar shows."""
        return str(self.driver.current_url)

    @property
    def title(self) -> str:
        return str(self.driver.title)

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Direct what follows to the app's own document."""
        driver = self.driver
        driver.switch_to.frame(driver.find_element(By.CSS_SELECTOR, FRAME))
        try:
            yield
        finally:
            self.driver.switch_to.default_content()

    def script(self, body: str, *args: object) -> Any:
        """Run a function body in the current document and return its value."""
        driver, connection = self.driver, self.engine.connection
        usual, connection.timeout = connection.timeout, ANSWER_SECONDS
        try:
            return driver.execute_script(body, *args)
        finally:
            connection.timeout = usual

    def run(self, body: str, *args: object) -> Any:
        """Run the body of an async function in the current document; raise what it throws."""
        answer = self.driver.execute_async_script(ASYNC.format(body=body), *args)
        good, value = answer
        if not good:
            raise ScriptFailed(str(value))
        return value

    def in_frame(self, body: str, *args: object) -> Any:
        """Run a function body in the app's document."""
        with self.frame():
            return self.script(body, *args)

    def run_in_frame(self, body: str, *args: object) -> Any:
        """Run an async function body in the app's document."""
        with self.frame():
            return self.run(body, *args)

    def text(self) -> str:
        """Return what the app's document shows."""
        return str(self.in_frame("return document.body.innerText"))

    def click(self, selector: str) -> None:
        """Click an element of the app's document as a person does."""
        self.act(selector, lambda element: element.click())

    def fill(self, selector: str, value: str) -> None:
        """Type into a field of the app's document (or choose a file in it)."""
        self.act(selector, lambda element: element.send_keys(value))

    def act(self, selector: str, do: Callable[[WebElement], None]) -> None:
        """Do something to an element as soon as it is there, in whatever document it then is."""

        def once() -> bool:
            with self.frame():
                do(self.driver.find_element(By.CSS_SELECTOR, selector))
            return True

        self.wait(once, 15, lambda: selector)

    def sees(self, words: str, seconds: float = 15) -> None:
        """Wait until the app's document shows these words."""
        self.wait(lambda: words in self.text(), seconds, lambda: f"{words!r} in {self.text()!r}")

    def at(self, path: str, seconds: float = 15) -> None:
        """Wait until the address bar shows an URL that ends like this."""
        self.wait(lambda: self.url.endswith(path), seconds, lambda: f"{path} in {self.url}")

    def wait(
        self,
        ask: Callable[[], T | None],
        seconds: float = 15,
        told: Callable[[], str] | None = None,
    ) -> T:
        """Ask until the answer is true; documents that go away meanwhile are asked again."""
        end = time.monotonic() + seconds
        problem: object = None
        while time.monotonic() < end:
            try:
                if answer := ask():
                    return answer
            except (WebDriverException, HTTPError) as error:
                problem = getattr(error, "msg", error)
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s for {told() if told else ask}: {problem}")

    def opened(self, known: set[str]) -> Tab:
        """Wait for the window that the page has opened: one that was not known before."""

        def fresh() -> Tab | None:
            return next((w for w in self.engine.windows() if w.handle not in known), None)

        return self.wait(fresh)

    def record_console(self) -> None:
        """Keep what the shell writes to its console from now on; see `console()`."""
        self.script(RECORD_CONSOLE)

    def console(self) -> str:
        return "\n".join(self.script("return window.recorded"))

    def close(self) -> None:
        """Close the window; the engine always keeps one of its own."""
        self.driver.close()
        self.engine.current = ""
