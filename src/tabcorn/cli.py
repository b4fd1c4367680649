"""The `tabcorn` command: arguments and printing only.

Runs on CPython. Names and defaults follow uvicorn's where uvicorn has the option. Exit codes:
0 done, 1 failed for the reason on stderr, 2 wrong usage.
"""

import functools
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from tabcorn import __version__
from tabcorn.build.cache import Cache
from tabcorn.build.declared import requirements_in
from tabcorn.build.entry import find_entry, missing_module
from tabcorn.build.locking import make_lock
from tabcorn.build.options import BuildOptions
from tabcorn.build.pipeline import BuiltSite, build
from tabcorn.build.preferences import Upgrade
from tabcorn.build.publish import read_marker
from tabcorn.check.run import check
from tabcorn.check.show import as_json, show_text
from tabcorn.clioptions import (
    FOLDER,
    address_options,
    app_options,
    checked_options,
    lock_options,
    profile_option,
    traceback_option,
)
from tabcorn.console import TerminalReporter, fail, log, report, report_lock
from tabcorn.devserver import address
from tabcorn.devserver.events import BuildEvents
from tabcorn.devserver.habits import DESCRIPTIONS, Habit
from tabcorn.devserver.serve import Reload, dev_app, run, sigterm_as_interrupt
from tabcorn.devserver.static import StaticHost
from tabcorn.errors import TabcornError, UsageError
from tabcorn.profileview import show_profile

_INTERRUPTED = 130
_BASE_URL = re.compile(
    r"(?:https?://[\w.:\[\]-]+)?/[\w./~%@:!$()*+,;=-]*|https?://[\w.:\[\]-]+", re.A
)
_UNEXPECTED = (
    "tabcorn itself failed, which is a fault in it: {}: {}.\n"
    "Please report this with what --traceback shows."
)


class Commands(click.Group):
    """Makes `tabcorn main:app` mean `tabcorn serve main:app`, and errors one message."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put in the default command."""
        known = (*self.commands, "--help", "--version")
        if args and args[0] not in known and not _is_mistyped_command(args):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a user's mistake ends in one message."""
        try:
            with sigterm_as_interrupt():
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


@main.command("serve")
@app_options
@address_options
@click.option("--reload", is_flag=True, help="Build again when files change.")
@click.option(
    "--reload-dir",
    "reload_dirs",
    type=FOLDER,
    multiple=True,
    help="Watch this folder; may be repeated.  [default: the app's folder]",
)
@traceback_option
def serve(host: str, port: int, reload: bool, reload_dirs: tuple[Path, ...], **given: Any) -> None:
    """Build the app TARGET and serve it for development.

    TARGET is MODULE:ATTRIBUTE (the attribute is 'app' unless given), or a file, as in main.py.
    """
    options = _options(given, dev=True)
    with address.bind(host, port) as sock, tempfile.TemporaryDirectory(prefix="tabcorn-") as place:
        folder = Path(place) / "site"
        built = _build(options, folder)
        events = BuildEvents(built.build)
        rebuild = functools.partial(_rebuild, options, folder)
        watched = Reload(_watched(options, reload_dirs), rebuild) if reload else None
        app = dev_app(folder, events, watched)
        run(app, sock, lambda: _announce(host, address.url_of(sock), "running"), events)


@main.command("build")
@app_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="The site's folder.",
)
@click.option(
    "--base-url",
    default="",
    help="Where the site will be, when it is known: spares deep links the search for it.",
)
@profile_option
@traceback_option
def build_command(output: Path, base_url: str, **given: Any) -> None:
    """Build the app TARGET into a folder that any static host can serve.

    TARGET is MODULE:ATTRIBUTE (the attribute is 'app' unless given), or a file, as in main.py.
    """
    built = _build(_options(given, base_url=_checked_base(base_url)), output)
    report(built)
    if built.profile:
        show_profile(built.profile, Console(highlight=False))


@main.command("lock")
@lock_options
@traceback_option
def lock_command(target: str | None, app_dir: Path | None, **given: Any) -> None:
    """Write down which packages a site of the app TARGET contains, for every later build.

    pylock.tabcorn.toml appears beside what declares the requirements. Without TARGET those of
    --app-dir are locked.
    """
    entry = find_entry(target, app_dir) if target else None
    folder, source = (entry.app_dir, entry.source) if entry else (app_dir or Path.cwd(), None)
    upgrade, exclude = _upgrade(given), frozenset(given["exclude_packages"])
    requirements = requirements_in(folder, source, given["requirements"], exclude)
    if requirements.is_empty:
        if entry and not source:
            raise missing_module(entry)
        raise UsageError(f"Nothing to lock: no requirements are declared for {target or folder}.")
    report_lock(make_lock(requirements, upgrade, Cache.default(), TerminalReporter()))


@main.command("check")
@checked_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to write to stdout.",
)
@click.option("--strict", is_flag=True, help="Fail for warnings too.")
@traceback_option
def check_command(form: str, strict: bool, **given: Any) -> None:
    """Say what of the app TARGET will not work in a browser, without running it.

    TARGET is MODULE:ATTRIBUTE (the attribute is 'app' unless given), or a file, as in main.py.
    """
    outcome = check(_options(given, run=False), Cache.default(), TerminalReporter())
    if form == "json":
        click.echo(as_json(outcome, strict))
    else:
        show_text(outcome, Console(highlight=False))
    click.get_current_context().exit(1 if outcome.fails(strict) else 0)


@main.command(
    "preview",
    epilog="HABIT is one of: "
    + "; ".join(f"{habit.value} ({text})" for habit, text in DESCRIPTIONS.items()),
)
@click.argument("site", type=FOLDER)
@address_options
@click.option("--base-path", default="/", show_default=True, help="Serve below this path.")
@click.option(
    "--imitate",
    "habits",
    type=click.Choice([habit.value for habit in Habit]),
    multiple=True,
    metavar="HABIT",
    help="Do as some hosts do; may be repeated.",
)
@traceback_option
def preview(site: Path, host: str, port: int, base_path: str, habits: tuple[str, ...]) -> None:
    """Serve the built SITE as a plain static host would."""
    if read_marker(site) is None:
        raise UsageError(f"{site} holds no site. Make one with: tabcorn build TARGET -o {site}")
    base = f"/{base_path.strip('/')}/" if base_path.strip("/") else "/"
    app = StaticHost(site, {Habit(each) for each in habits}, base)
    with address.bind(host, port) as sock:
        url = address.url_of(sock, base)
        run(app, sock, lambda: _announce(host, url, f"previews {site}"))


def _is_mistyped_command(args: list[str]) -> bool:
    """Tell `bulid main:app` from a target and its options."""
    return args[0].isidentifier() and len(args) > 1 and not args[1].startswith("-")


def _options(given: dict[str, Any], **more: Any) -> BuildOptions:
    if "no_run" in given:
        given["run"] = not given.pop("no_run")
        given["snapshot"] = not given.pop("no_snapshot")
    if given.get("profile") and not given["run"]:
        raise UsageError("--profile times the app when it is tried, and --no-run forbids that.")
    given["sources"] = not given.pop("no_sources")
    if "upgrade" in given:
        given["upgrade"] = _upgrade(given)
    given["exclude_packages"] = frozenset(given["exclude_packages"])
    return BuildOptions(**given, **more)


def _upgrade(given: dict[str, Any]) -> Upgrade:
    upgrade = Upgrade(given.pop("upgrade"), given.pop("upgrade_packages"))
    upgrade.names()  # a mistake in them should not wait
    return upgrade


def _build(options: BuildOptions, output: Path) -> BuiltSite:
    return build(options, output, Cache.default(), TerminalReporter())


def _rebuild(options: BuildOptions, folder: Path) -> str | None:
    log("INFO", "Files changed, building again")
    try:
        return _build(replace(options, upgrade=Upgrade()), folder).build
    except Exception as error:  # whatever it is, the server goes on with what it has
        fail(f"{error}\nThe build before this one is still being served.")
        return None


def _watched(options: BuildOptions, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return folders or (find_entry(options.target, options.app_dir).app_dir,)


def _checked_base(base_url: str) -> str:
    if base_url and not _BASE_URL.fullmatch(base_url):
        raise UsageError(f"--base-url {base_url} is neither a URL nor a path beginning with '/'.")
    return base_url and base_url.rstrip("/") + "/"


def _announce(host: str, url: str, what: str) -> None:
    if not address.is_local(host):
        log("WARNING", address.NOT_LOCAL.format(host=host, port=url.rsplit(":", 1)[1].rstrip("/")))
    log("INFO", f"tabcorn {what} on {click.style(url, bold=True)} (Press CTRL+C to quit)")
