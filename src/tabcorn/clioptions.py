"""The options that commands share.

Runs on CPython. docs/cli.md shows their help texts, and a test keeps it in step.
"""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tabcorn.build import network, place

Decorator = Callable[[Any], Any]

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LOG_LEVELS = click.Choice(["critical", "error", "warning", "info", "debug", "trace"])


def _all(*options: Decorator) -> Decorator:
    """Make one decorator of several; help shows them in this order."""
    return lambda command: functools.reduce(lambda f, option: option(f), reversed(options), command)


def _keep_traceback(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta["traceback"] = value


traceback_option = click.option(
    "--traceback",
    is_flag=True,
    envvar="TABCORN_TRACEBACK",
    show_envvar=True,
    expose_value=False,
    callback=_keep_traceback,
    help="Show tabcorn's own traceback of an error.",
)

address_options = _all(
    click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this host."),
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8000,
        show_default=True,
        help="Listen on this port; 0 is any that is free.",
    ),
)

_app_dir = click.option(
    "--app-dir",
    type=FOLDER,
    help="Look for the app's module in this folder, and take its files along.  "
    "[default: the current folder, or that of the file]",
)
_env_file = click.option(
    "--env-file",
    type=FILE,
    help="Environment variables for the app. They become part of the site, for everyone to read.",
)

_how_to_start = _all(
    _app_dir,
    click.option("--factory", is_flag=True, help="TARGET is a function that makes the app."),
    click.option(
        "--interface",
        type=click.Choice(["auto", "asgi3", "asgi2", "wsgi"]),
        default="auto",
        show_default=True,
        help="The kind of application.",
    ),
    click.option(
        "--lifespan",
        type=click.Choice(["auto", "on", "off"]),
        default="auto",
        show_default=True,
        help="Whether the app has a startup and a shutdown.",
    ),
    _env_file,
    click.option(
        "--log-level",
        type=LOG_LEVELS,
        default="info",
        show_default=True,
        help="What the server in the tab logs.",
    ),
    click.option(
        "--access-log/--no-access-log",
        default=True,
        show_default=True,
        help="Whether the server in the tab logs every request.",
    ),
)

_packages = _all(
    click.option(
        "-r",
        "--requirement",
        "requirements",
        type=FILE,
        multiple=True,
        help="A requirements file with the app's dependencies; may be repeated.  "
        "[default: the app's own script header, pyproject.toml or requirements.txt]",
    ),
    click.option(
        "--exclude-package",
        "exclude_packages",
        multiple=True,
        metavar="NAME",
        help="Leave out a package that is required; may be repeated.",
    ),
)


def _go_offline(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        os.environ[network.VARIABLE] = "1"


def _name_distribution(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        os.environ[place.VARIABLE] = value


_network = _all(
    click.option(
        "--pyodide-distribution",
        envvar=place.VARIABLE,
        show_envvar=True,
        metavar="URL|DIRECTORY",
        expose_value=False,
        callback=_name_distribution,
        help="Where Pyodide's own packages are, in place of its usual address.",
    ),
    click.option(
        "--offline",
        is_flag=True,
        envvar=network.VARIABLE,
        show_envvar=True,
        expose_value=False,
        callback=_go_offline,
        help="Use what is in the caches, and no network.",
    ),
)

_upgrade = _all(
    click.option(
        "-U",
        "--upgrade",
        is_flag=True,
        help="Move all packages in pylock.tabcorn.toml to their newest versions.",
    ),
    click.option(
        "-P",
        "--upgrade-package",
        "upgrade_packages",
        multiple=True,
        metavar="NAME",
        help="Move this package in pylock.tabcorn.toml to its newest version; may be repeated.",
    ),
)

_what_to_take = _all(
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Take along files that are left out by default; may be repeated.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files of the app's folder; may be repeated.",
    ),
    click.option(
        "--strip",
        multiple=True,
        metavar="GLOB",
        help="Leave out files of packages, by their path in site-packages; may be repeated.",
    ),
    click.option(
        "--no-sources",
        is_flag=True,
        help="Leave out the source of packages: tracebacks show no lines of theirs.",
    ),
)

_how_to_build = _all(
    click.option("--title", help="The page's title while the app starts.  [default: TARGET]"),
    click.option(
        "--page-port/--no-page-port",
        default=True,
        show_default=True,
        help="Whether requests of the app's own scripts reach Python past the service worker.",
    ),
    click.option(
        "--no-run",
        is_flag=True,
        help="Do not try the app while building: for apps that cannot start without a browser.",
    ),
    click.option(
        "--no-snapshot",
        is_flag=True,
        help="Start Python anew at every visit, instead of from the memory of an earlier one.",
    ),
    click.option(
        "--persist",
        multiple=True,
        metavar="PATH",
        help="Keep this file or folder of the app's in the visitor's browser; may be repeated.",
    ),
    click.option(
        "--rehearsal-timeout",
        "rehearsal_seconds",
        type=click.FloatRange(min=1),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="How long the app may take when it is tried.",
    ),
)

profile_option = click.option(
    "--profile", is_flag=True, help="Say what a boot spends its time and its bytes on."
)

app_options = _all(
    click.argument("target"),
    _how_to_start,
    _packages,
    _upgrade,
    _network,
    _what_to_take,
    _how_to_build,
)

lock_options = _all(
    click.argument("target", required=False), _app_dir, _packages, _upgrade, _network
)

checked_options = _all(
    click.argument("target"), _app_dir, _env_file, _packages, _network, _what_to_take
)
