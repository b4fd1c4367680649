"""The command line: one message for every mistake, and docs that say what --help says."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tabcorn import __version__, cli
from tabcorn.build.options import BuildOptions
from tabcorn.build.pipeline import BuiltSite
from tabcorn.build.profile import Import, Profile, Row
from tabcorn.build.weight import Chance, Share, Weight
from tabcorn.devserver.address import bind
from tabcorn.errors import TabcornError
from tests.build.making import make_wheel

DOCS = Path(__file__).parent.parent / "docs/cli.md"

WEIGHT = Weight(
    {"interpreter": 1_000_000, "packages": 2_000_000},
    (Share("pure", "1.0", 2_000_000, 500_000, 5_000_000),),
    {"packages": 600_000},
    7_000_000,
    (Chance(1_500_000, "sources of packages", "--no-sources"),),
)

PROFILE = Profile(
    {"GET / is answered": 4.2},
    (Row("pure", 1.2, 5.0, 3, 2_000_000, 500_000),),
    (Import("pure.slow", 1000, 2000, "pure"),),
)


def invoke(*arguments: object) -> Result:
    """Run the command with its help as wide as the docs show it."""
    return CliRunner().invoke(
        cli.main, [str(each) for each in arguments], prog_name="tabcorn", terminal_width=100
    )


@pytest.fixture(autouse=True)
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text("app = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TABCORN_TRACEBACK", raising=False)
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BuildOptions, Path]]:
    """Let nothing be built, and keep what would have been."""
    calls: list[tuple[BuildOptions, Path]] = []

    def build(options: BuildOptions, output: Path, *_: Any) -> BuiltSite:
        calls.append((options, output))
        return BuiltSite(output, "0" * 20, WEIGHT, profile=PROFILE if options.profile else None)

    monkeypatch.setattr(cli, "build", build)
    return calls


def test_version() -> None:
    assert invoke("--version").output == f"tabcorn, version {__version__}\n"


def test_build_has_uvicorns_defaults(asked: list[tuple[BuildOptions, Path]]) -> None:
    result = invoke("build", "main:app")
    assert result.exit_code == 0
    assert asked == [(BuildOptions("main:app"), Path("site"))]
    assert "1.00 MB" in result.output
    rows = [line.split() for line in result.output.splitlines()]
    assert ["pure", "1.0", "2.00", "MB", "0.50", "MB", "5.00", "MB"] in rows
    assert ["a", "first", "visit", "downloads", "3.00", "MB", "0.60", "MB", "7.00", "MB"] in rows
    assert "1.50 MB  sources of packages: --no-sources" in result.output


def test_build_passes_every_option_on(app: Path, asked: list[tuple[BuildOptions, Path]]) -> None:
    (app / "r.txt").touch()
    (app / "e.env").touch()
    line = (
        "build main:make -o out --app-dir . --factory --interface asgi3 --lifespan on "
        "--env-file e.env --log-level debug --no-access-log -r r.txt --requirement r.txt "
        "--exclude-package uvloop --include a --include b --exclude c --strip d "
        "--no-sources --title T --no-run --no-snapshot "
        "--rehearsal-timeout 7 --base-url /x"
    )
    assert invoke(*line.split()).exit_code == 0
    expected = BuildOptions(
        "main:make",
        app_dir=Path(),
        factory=True,
        interface="asgi3",
        lifespan="on",
        env_file=Path("e.env"),
        log_level="debug",
        access_log=False,
        requirements=(Path("r.txt"), Path("r.txt")),
        exclude_packages=frozenset({"uvloop"}),
        include=("a", "b"),
        exclude=("c",),
        strip=("d",),
        sources=False,
        title="T",
        run=False,
        snapshot=False,
        rehearsal_seconds=7,
        base_url="/x/",
    )
    assert asked == [(expected, Path("out"))]


def test_serve_is_the_default_command(
    app: Path, asked: list[tuple[BuildOptions, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "run", lambda _app, _sock, on_started, *_rest: on_started())
    for arguments in (["main:app", "--port", 0], ["--port", 0, "main:app"]):
        result = invoke(*arguments)
        assert result.exit_code == 0
        assert re.fullmatch(
            r"INFO:     tabcorn running on http://127\.0\.0\.1:\d+ \(Press CTRL\+C to quit\)\n",
            result.stderr,
        )
    assert {options.dev for options, _ in asked} == {True}
    assert not {output for _, output in asked if output.is_relative_to(app)}


@pytest.mark.usefixtures("asked")
def test_another_host_is_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "run", lambda _app, _sock, on_started, *_rest: on_started())
    result = invoke("main:app", "--port", 0, "--host", "0.0.0.0")
    assert "only on https and on localhost" in result.stderr


def test_a_port_in_use_is_found_out_before_the_build(
    asked: list[tuple[BuildOptions, Path]],
) -> None:
    with bind("127.0.0.1", 0) as taken:
        result = invoke("serve", "main:app", "--port", taken.getsockname()[1])
    assert result.exit_code == 1
    assert "is in use by another program" in result.stderr
    assert asked == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["build", "mian:app"], 1, "Did you mean 'main'?"),
        (["build", "main:application"], 1, "Did you mean 'app'?"),
        (["build", "missing.py"], 1, "There is no file missing.py"),
        (["build", ":app"], 2, "names no app"),
        (["build", "my-app:app"], 2, "not a module name"),
        (["build"], 2, "Missing argument"),
        (["build", "main:app", "--app-dir", "nowhere"], 2, "does not exist"),
        (["build", "main:app", "-r", "nowhere.txt"], 2, "does not exist"),
        (["build", "main:app", "--env-file", "nowhere.env"], 2, "does not exist"),
        (["build", "main:app", "--interface", "cgi"], 2, "'cgi' is not one of"),
        (["build", "main:app", "--base-url", 'x"'], 2, "neither a URL nor a path"),
        (["build", "main:app", "-o", "full"], 1, "left alone"),
        (["build", "main:app", "-o", "main.py"], 1, "is a file"),
        (["serve", "main:app", "--port", 70000], 2, "70000 is not in the range"),
        (["preview", "full"], 2, "holds no site"),
        (["preview", "nowhere"], 2, "does not exist"),
        (["lock", "nowhere:app"], 1, "nowhere"),
        (["lock", "-P", ">3"], 2, "is no package"),
        (["build", "main:app", "-U"], 2, "to upgrade. Make one with `tabcorn lock`"),
        (["preview", "full", "--imitate", "iis"], 2, "'iis' is not one of"),
    ],
)
def test_mistakes_end_in_one_message(
    app: Path, arguments: list[object], exit_code: int, message: str
) -> None:
    (app / "full").mkdir()
    (app / "full/thesis.txt").touch()
    before = sorted(app.rglob("*"))
    result = invoke(*arguments)
    assert result.exit_code == exit_code
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(app.rglob("*")) == before


def test_lock_writes_a_lock_and_says_what_it_holds(
    app: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TABCORN_CACHE_DIR", str(tmp_path / ".cache"))
    wheels = tmp_path / ".wheels"
    wheels.mkdir()
    make_wheel(wheels, {"pure.py": ""}, "pure")
    (app / "uv.toml").write_text(f'no-index = true\nfind-links = ["{wheels.as_posix()}"]\n')
    (app / "main.py").write_text('# /// script\n# dependencies = ["pure"]\n# ///\napp = 1\n')
    assert "Nothing to lock" in invoke("lock").stderr
    assert "Locked 1 package in" in invoke("lock", "main:app").stderr
    assert 'name = "pure"' in (app / "pylock.tabcorn-main.toml").read_text()
    (app / "requirements.txt").write_text("pure\npure==1\n")
    assert invoke("lock", "-r", "requirements.txt", "-P", "pure").exit_code == 0
    assert '"requirements.txt" = [' in (app / "pylock.tabcorn.toml").read_text()


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def build(*_: Any) -> BuiltSite:
        raise error

    monkeypatch.setattr(cli, "build", build)


def test_traceback_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, TabcornError("why"))
    assert invoke("build", "main:app").stderr == "Error: why\n"
    assert isinstance(invoke("build", "main:app", "--traceback").exception, TabcornError)
    monkeypatch.setenv("TABCORN_TRACEBACK", "1")
    assert isinstance(invoke("build", "main:app").exception, TabcornError)


def test_a_fault_of_ours_is_called_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, ZeroDivisionError("division by zero"))
    result = invoke("build", "main:app")
    assert result.exit_code == 1
    assert "a fault in it: ZeroDivisionError: division by zero" in result.stderr


def test_interrupted_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    result = invoke("build", "main:app")
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.parametrize("name", ["", *sorted(cli.main.commands)])
def test_docs_show_the_help(name: str) -> None:
    """Run `python -m tests.test_cli` to write the blocks again."""
    assert help_block(name) in DOCS.read_text(encoding="utf-8")


def test_docs_describe_every_environment_variable_and_habit() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert "TABCORN_TRACEBACK" in text
    assert "TABCORN_CACHE_DIR" in text


def help_block(name: str) -> str:
    output = click.unstyle(invoke(*filter(None, [name]), "--help").output)
    return f"```text\n$ tabcorn {name + ' ' if name else ''}--help\n{output.strip()}\n```"


def write_docs() -> None:
    """Put the present help into every block of docs/cli.md."""
    text = DOCS.read_text(encoding="utf-8")
    for name in ("", *cli.main.commands):
        start = re.escape(f"```text\n$ tabcorn {name + ' ' if name else ''}--help\n")
        old = re.search(start + r".*?```", text, flags=re.S)
        assert old, f"docs/cli.md has no block for {name or 'tabcorn'}"
        text = text.replace(old[0], help_block(name))
    DOCS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_docs()


def test_a_profile_is_printed(asked: list[tuple[BuildOptions, Path]]) -> None:
    result = invoke("build", "main:app", "--profile")
    assert asked[0][0].profile
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["GET", "/", "is", "answered", "4"] in rows
    assert ["pure", "3", "1.2", "5.0", "2.00", "0.50"] in rows
    assert ["pure.slow", "1.0", "2.0", "pure"] in rows


def test_what_is_not_tried_has_no_profile(asked: list[tuple[BuildOptions, Path]]) -> None:
    result = invoke("build", "main:app", "--profile", "--no-run")
    assert result.exit_code == 2
    assert "--no-run" in result.output
    assert asked == []


def test_a_mistyped_command_is_no_target(asked: list[tuple[BuildOptions, Path]]) -> None:
    result = invoke("bulid", "main:app")
    assert result.exit_code == 2
    assert "No such command 'bulid'" in result.output
    assert asked == []
