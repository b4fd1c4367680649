"""How `tabcorn build --profile` looks: tables of rich, on stdout.

Runs on CPython.
"""

from rich.console import Console
from rich.table import Table

from tabcorn.build.profile import Profile


def show_profile(profile: Profile, console: Console) -> None:
    """Print where a boot's time and bytes go: in all, by package, by module."""
    tables = {
        "A boot, timed in node on this machine": _phases(profile),
        "Imports and downloads, by package": _packages(profile),
        "The slowest modules": _modules(profile),
    }
    for title, table in tables.items():
        console.print(f"\n[bold]{title}[/bold]")
        console.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for n, heading in enumerate(headings):
        table.add_column(heading, justify="right" if n else "left")
    return table


def _phases(profile: Profile) -> Table:
    table = _table("", "ms")
    for name, ms in profile.phases.items():
        table.add_row(name, f"{ms:.0f}")
    return table


def _packages(profile: Profile) -> Table:
    headings = ("package", "modules", "own ms", "with imports", "first MB", "afterwards")
    table = _table(*headings)
    for row in profile.rows:
        times = (f"{row.own:.1f}", f"{row.total:.1f}")
        sizes = (f"{row.download / 1e6:.2f}", f"{row.later / 1e6:.2f}")
        table.add_row(row.name, str(row.modules), *times, *sizes)
    return table


def _modules(profile: Profile) -> Table:
    table = _table("module", "own ms", "with imports", "first imported by")
    for each in profile.slowest:
        times = (f"{each.own / 1000:.1f}", f"{each.total / 1000:.1f}")
        table.add_row(each.name, *times, each.by or "Python")
    return table
