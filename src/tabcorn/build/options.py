"""What may be asked of a build: the command line's options as one value.

Runs on CPython at build time. Names and defaults are uvicorn's where uvicorn has the option.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tabcorn.build.preferences import Upgrade

Interface = Literal["auto", "asgi3", "asgi2", "wsgi"]
LifespanMode = Literal["auto", "on", "off"]


@dataclass(frozen=True)
class BuildOptions:
    """One build of one app; docs/cli.md describes each option."""

    target: str
    app_dir: Path | None = None
    factory: bool = False
    interface: Interface = "auto"
    lifespan: LifespanMode = "auto"
    env_file: Path | None = None
    log_level: str = "info"
    access_log: bool = True
    requirements: tuple[Path, ...] = ()
    exclude_packages: frozenset[str] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    sources: bool = True
    base_url: str = ""
    title: str | None = None
    run: bool = True
    profile: bool = False
    snapshot: bool = True
    persist: tuple[str, ...] = ()
    page_port: bool = True
    dev: bool = False
    rehearsal_seconds: float = 120
    upgrade: Upgrade = field(default_factory=Upgrade)
