"""The `tabcorn` command: arguments and printing only.

Runs on CPython. Names and defaults follow uvicorn's where uvicorn has the option. Exit codes:
0 done, 1 failed for the reason on stderr, 2 wrong usage.
"""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tabcorn import __version__
from tabcorn.build.cache import Cache
from tabcorn.build.options import BuildOptions
from tabcorn.build.pipeline import BuiltSite, build
from tabcorn.build.publish import read_marker
from tabcorn.console import TerminalProgress, fail, log, report, warn
from tabcorn.devserver import address
from tabcorn.devserver.events import BuildEvents
from tabcorn.devserver.habits import DESCRIPTIONS, Habit
from tabcorn.devserver.serve import Reload, dev_app, quiet_sigterm, run
from tabcorn.devserver.static import StaticHost
from tabcorn.errors import TabcornError, UsageError

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_LEVELS = click.Choice(["critical", "error", "warning", "info", "debug", "trace"])
_INTERRUPTED = 130
_UNEXPECTED = (
    "tabcorn itself failed, which is a fault in it: {}: {}.\n"
    "Please report this with what --traceback shows."
)


class Commands(click.Group):
    """Makes `tabcorn main:app` mean `tabcorn serve main:app`, and errors one message."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put in the default command."""
        if args and args[0] not in (*self.commands, "--help", "--version"):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a user's mistake ends in one message."""
        try:
            return super().invoke(ctx)
        except TabcornError as error:
            if ctx.meta.get("traceback"):
                raise
            fail(str(error))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.meta.get("traceback"):
                raise
            fail(_UNEXPECTED.format(type(error).__name__, error))
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="tabcorn")
def main() -> None:
    """Run a Python ASGI app inside the visitor's browser.

    `tabcorn main:app` is short for `tabcorn serve main:app`.
    """


def _keep_traceback(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta["traceback"] = value


_APP_OPTIONS = [
    click.argument("target"),
    click.option("--app-dir", type=_FOLDER, help="Look for the app's module in this folder "
                 "and take its files along.  [default: the current folder, or that of the file]"),
    click.option("--factory", is_flag=True, help="TARGET is a function that makes the app."),
    click.option("--interface", type=click.Choice(["auto", "asgi3", "asgi2", "wsgi"]),
                 default="auto", show_default=True, help="The kind of application."),
    click.option("--lifespan", type=click.Choice(["auto", "on", "off"]), default="auto",
                 show_default=True, help="Whether the app has startup and shutdown."),
    click.option("--env-file", type=_FILE, help="Environment variables for the app. They become "
                 "part of the site, for everyone to read."),
    click.option("-r", "--requirement", "requirements", type=_FILE, multiple=True,
                 help="A requirements file with the app's dependencies; may be repeated.  "
                 "[default: the app's own script header, pyproject.toml or requirements.txt]"),
    click.option("--include", multiple=True, metavar="GLOB", help="Take along files that would "
                 "be left out; may be repeated."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave files of the app's "
                 "folder out; may be repeated."),
    click.option("--exclude-package", "exclude_packages", multiple=True, metavar="NAME",
                 help="Leave a required package out; may be repeated."),
    click.option("--title", help="The page's title while the app starts.  [default: TARGET]"),
    click.option("--log-level", type=_LEVELS, default="info", show_default=True,
                 help="What the server in the tab logs."),
    click.option("--access-log/--no-access-log", default=True, show_default=True,
                 help="Whether the server in the tab logs every request."),
    click.option("--no-run", is_flag=True, help="Do not try the app while building: for apps "
                 "that cannot start without a browser."),
    click.option("--rehearsal-timeout", "rehearsal_seconds", type=click.FloatRange(min=1),
                 default=120, show_default=True, metavar="SECONDS",
                 help="How long the app may take to start when it is tried."),
]  # fmt: skip
_ADDRESS_OPTIONS = [
    click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this host."),
    click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
                 help="Listen on this port; 0 is any that is free."),
]  # fmt: skip
_TRACEBACK = click.option(
    "--traceback", is_flag=True, envvar="TABCORN_TRACEBACK", show_envvar=True,
    expose_value=False, callback=_keep_traceback, help="Show tabcorn's own traceback of an error.",
)  # fmt: skip


def _with(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda command: functools.reduce(lambda c, option: option(c), reversed(options), command)


@main.command("serve")
@_with(*_APP_OPTIONS, *_ADDRESS_OPTIONS)
@click.option("--reload", is_flag=True, help="Build again when files change.")
@click.option("--reload-dir", "reload_dirs", type=_FOLDER, multiple=True,
              help="Watch this folder; may be repeated.  [default: the app's folder]")  # fmt: skip
@_TRACEBACK
def serve(host: str, port: int, reload: bool, reload_dirs: tuple[Path, ...], **given: Any) -> None:
    """Build the app TARGET and serve it for development.

    TARGET is MODULE:ATTRIBUTE (the attribute is 'app' unless given), or a file, as in main.py.
    """
    options = _options(given, dev=True)
    with address.bind(host, port) as sock, tempfile.TemporaryDirectory(prefix="tabcorn-") as place:
        folder = Path(place) / "site"
        built = _build(options, folder)
        events = BuildEvents(built.build)
        watched = Reload(
            _watched(options, reload_dirs), functools.partial(_rebuild, options, folder)
        )
        app = dev_app(folder, events, watched if reload else None)
        run(app, sock, lambda: _announce(host, address.url_of(sock), "running"), events)


@main.command("build")
@_with(*_APP_OPTIONS)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("site"),
              show_default=True, help="The site's folder.")  # fmt: skip
@click.option("--base-url", default="", help="Where the site will be, when it is known: spares "
              "deep links the search for it.")  # fmt: skip
@_TRACEBACK
def build_command(output: Path, base_url: str, **given: Any) -> None:
    """Build the app TARGET into a folder that any static host can serve.

    TARGET is MODULE:ATTRIBUTE (the attribute is 'app' unless given), or a file, as in main.py.
    """
    report(_build(_options(given, base_url=_checked_base(base_url)), output))


@main.command("preview", epilog="HABIT is one of: " + "; ".join(
    f"{habit.value} ({text})" for habit, text in DESCRIPTIONS.items()))  # fmt: skip
@click.argument("site", type=_FOLDER)
@_with(*_ADDRESS_OPTIONS)
@click.option("--base-path", default="/", show_default=True, help="Serve below this path.")
@click.option("--imitate", "habits", type=click.Choice([habit.value for habit in Habit]),
              multiple=True, metavar="HABIT", help="Do as some hosts do; may be repeated.")  # fmt: skip
@_TRACEBACK
def preview(site: Path, host: str, port: int, base_path: str, habits: tuple[str, ...]) -> None:
    """Serve the built SITE as a plain static host would."""
    if read_marker(site) is None:
        raise UsageError(f"{site} holds no site. Make one with: tabcorn build TARGET -o {site}")
    base = f"/{base_path.strip('/')}/" if base_path.strip("/") else "/"
    app = StaticHost(site, {Habit(each) for each in habits}, base)
    with address.bind(host, port) as sock:
        url = address.url_of(sock, base)
        run(app, sock, lambda: _announce(host, url, f"previews {site}"))


def _options(given: dict[str, Any], **more: Any) -> BuildOptions:
    given["run"] = not given.pop("no_run")
    given["exclude_packages"] = frozenset(given["exclude_packages"])
    return BuildOptions(**given, **more)


def _build(options: BuildOptions, output: Path) -> BuiltSite:
    quiet_sigterm()
    progress = TerminalProgress()
    return build(options, output, Cache.default(), progress, warn)


def _rebuild(options: BuildOptions, folder: Path) -> str | None:
    log("INFO", "Files changed, building again")
    try:
        return _build(options, folder).build
    except TabcornError as error:
        fail(f"{error}\nThe build before this one is still being served.")
        return None


def _watched(options: BuildOptions, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return folders or (options.app_dir or Path(),)


def _checked_base(base_url: str) -> str:
    if base_url and not base_url.startswith(("/", "http://", "https://")):
        raise UsageError(f"--base-url {base_url} is neither a URL nor a path beginning with '/'.")
    return base_url and base_url.rstrip("/") + "/"


def _announce(host: str, url: str, what: str) -> None:
    if not address.is_local(host):
        warn(address.NOT_LOCAL.format(host=host, port=url.rsplit(":", 1)[1].rstrip("/")))
    log("INFO", f"tabcorn {what} on {click.style(url, bold=True)} (Press CTRL+C to quit)")
