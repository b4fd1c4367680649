"""Run the uv that was installed with tabcorn, and tell what kind of failure it had.

Runs on CPython at build time. uv reads the user's own configuration (uv.toml, [tool.uv],
UV_* variables, credentials) as it does on the command line; nothing of it is overridden.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from tabcorn.build import processes
from tabcorn.errors import BuildError

_NO_NETWORK = re.compile(
    r"error sending request|dns error|timed out|connection (refused|reset)|network is unreachable"
    r"|network connectivity is disabled",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Outcome:
    """What one run of uv came to."""

    ok: bool
    stdout: str
    stderr: str

    @property
    def offline(self) -> bool:
        """Tell whether it failed because nothing could be reached."""
        return not self.ok and bool(_NO_NETWORK.search(self.stderr))

    def explanation(self, limit: int = 25) -> str:
        """uv's own words, indented for quoting; the last `limit` lines, since causes come last."""
        lines = [line.rstrip() for line in self.stderr.splitlines()]
        kept = [line for line in lines if line and not line.startswith("warning: ")]
        return "\n".join(f"  {line.removeprefix('error: ')}" for line in kept[-limit:])


def run(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Outcome:
    """Run uv and wait. `environment` replaces the process's own when it is given."""
    try:
        done = processes.run(
            [find_uv_bin(), *arguments, "--no-progress", "--color", "never"],
            cwd,
            os.environ if environment is None else environment,
            stdin.encode(),
        )
    except OSError as error:
        raise BuildError(
            f"uv, which resolves the app's packages, does not run: {error}.\n"
            "Install tabcorn again with its dependencies: pip install --force-reinstall uv tabcorn"
        ) from error
    stderr = done.stderr.decode(errors="replace")
    if done.returncode < 0:  # by a limit of the system's, say
        stderr += f"\nuv was ended by {signal.strsignal(-done.returncode)}"
    return Outcome(done.returncode == 0, done.stdout.decode(errors="replace"), stderr)
