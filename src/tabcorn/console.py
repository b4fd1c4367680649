"""What the commands print: progress, remarks, the report of a build, errors.

Runs on CPython. Everything goes to stderr, as uvicorn's own lines do. On a terminal long steps
have bars that go away; elsewhere (a log, CI) every step is one line.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tabcorn.build.locking import Locked
from tabcorn.build.pipeline import BuiltSite
from tabcorn.build.weight import Weight

# Steps count bytes or packages; nobody downloads so few bytes, or so many packages.
_FEWEST_BYTES = 10_000
_FEW = 12
_LEVELS = {"INFO": "green", "WARNING": "yellow"}


def log(level: str, message: str) -> None:
    """Print a line in uvicorn's form: 'INFO:     message'."""
    prefix = click.style(level, fg=_LEVELS[level]) + ":" + " " * (8 - len(level))
    click.echo(f"{prefix} {message}", err=True)


def fail(message: str) -> None:
    """Print the one message that says why a command ends."""
    click.echo(f"{click.style('Error', fg='red')}: {message}", err=True)


@dataclass(frozen=True)
class _Step:
    bars: Bars
    task: TaskID

    def advance(self, n: int, /) -> None:
        self.bars.advance(self.task, n)


class _Measure(ProgressColumn):
    """A bar and its figures, for steps whose length is known."""

    def render(self, task: Task) -> RenderableType:
        if task.total is None:
            return Text("")
        table = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=task.total, completed=task.completed, width=40)
        table.add_row(bar, _figures(task.completed, task.total))
        return table


def _figures(done: float, total: float) -> str:
    if total < _FEWEST_BYTES:
        return f"{done:.0f}/{total:.0f}"
    return f"{done / 1e6:.1f}/{total / 1e6:.1f} MB"


class TerminalReporter:
    """A build's Reporter: bars on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            _Measure(),
            console=self.console,
            transient=True,
        )

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[_Step]:
        """Draw a step until the block ends."""
        if not self.console.is_terminal:
            self._say(f"{name} ...")
        task = self._bars.add_task(name, total=total)
        if self.console.is_terminal:
            self._bars.start()  # starting twice does nothing
        try:
            yield _Step(self._bars, task)
        finally:
            self._bars.remove_task(task)
            if self.console.is_terminal and not self._bars.tasks:
                self._bars.stop()

    def remark(self, message: str) -> None:
        """Print a remark above the bars."""
        self.console.print(f"[yellow]Note[/yellow]: {escape(message)}", soft_wrap=True)

    def output(self, line: str) -> None:
        """Print what the app printed."""
        self._say(f"  | {line}")

    def _say(self, message: str) -> None:
        self.console.print(message, markup=False, soft_wrap=True)


def report(site: BuiltSite) -> None:
    """Say where the site is, what a first visit downloads, and how that could be less."""
    console = Console(stderr=True, highlight=False)
    console.print(f"Built {site.path} (build {site.build})", markup=False, soft_wrap=True)
    console.print(_weights(site.weight))
    if site.weight.chances:
        console.print("What the app may do without (each is left out by the option beside it):")
    for chance in site.weight.chances:
        line = f"  {_megabytes(chance.saves)}  {chance.what}: {chance.how}"
        console.print(line, markup=False, soft_wrap=True)
    if site.left_out:
        console.print(f"  left out: {_brief(site.left_out)}", markup=False, soft_wrap=True)


def _brief(paths: tuple[str, ...]) -> str:
    """List paths, those of one name as one, and no more than a line holds."""
    names = [f"{path.rstrip('/').rpartition('/')[2]}{'/' * path.endswith('/')}" for path in paths]
    counts = Counter("*.pyc" if name.endswith((".pyc", ".pyo")) else name for name in names)
    words = [f"{name} ({n})" if n > 1 else name for name, n in sorted(counts.items())]
    more = [f"and {len(words) - _FEW} more names"] if len(words) > _FEW else []
    return ", ".join([*words[:_FEW], *more])


def _weights(weight: Weight) -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for heading in ("", "first", "afterwards", "unpacked"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, size in weight.parts.items():
        table.add_row(f"  {name}", _megabytes(size), _megabytes(weight.later.get(name, 0)))
        for share in weight.packages if name == "packages" else ():
            sizes = map(_megabytes, (share.download, share.later, share.unpacked))
            table.add_row(f"    {share.name} {share.version}", *sizes, style="dim")
    later = sum(weight.later.values())
    whole = map(_megabytes, (weight.download, later, weight.unpacked))
    table.add_row("  a first visit downloads", *whole, style="bold")
    return table


def report_lock(locked: Locked) -> None:
    """Say what the lock holds, what changed in it, and what it leaves out."""
    plan = locked.lock.plan
    lines = [f"  {line}" for line in (*locked.changes, *locked.closure.notes)]
    lines += [f"  {each.name} {each.version} is left out: {each.reason}" for each in plan.left_out]
    count = len(plan.choices)
    click.echo(f"Locked {count} package{'' if count == 1 else 's'} in {locked.path}", err=True)
    for line in lines:
        click.echo(line, err=True)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
