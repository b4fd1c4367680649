"""What the builder wrote down for the server to start with, read back from JSON."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tabcorn.server.lifespan import Mode
from tabcorn.server.loading import Interface


@dataclass(frozen=True)
class Config:
    """The server's options; the names are uvicorn's where uvicorn has them."""

    target: str
    factory: bool = False
    lifespan: Mode = Mode.AUTO
    interface: Interface = Interface.AUTO
    log_level: str = "info"
    access_log: bool = True
    date_header: bool = True
    server_header: bool = True
    root_path: str = ""
    scheme: str = "http"
    server: tuple[str, int | None] = ("127.0.0.1", 8000)
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""
    path: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a JSON object whose keys are the fields above; null means the default."""
        given: dict[str, Any] = {k: v for k, v in json.loads(text).items() if v is not None}
        if "lifespan" in given:
            given["lifespan"] = Mode(given["lifespan"])
        if "interface" in given:
            given["interface"] = Interface(given["interface"])
        if "server" in given:
            given["server"] = tuple(given["server"])
        given["path"] = tuple(given.get("path", ()))
        return cls(**given)

    def enter(self) -> None:
        """Make the process the app's: environment, working directory and import path."""
        os.environ.update(self.env)
        if self.cwd:
            os.chdir(self.cwd)
        sys.path[:0] = [entry for entry in self.path if entry not in sys.path]
