"""Runs the app once in Pyodide, so that the build finds out what a visitor would.

Runs on CPython at build time, the app itself in node with exactly the site's files: import,
lifespan startup, GET / with what its page shows, lifespan shutdown. A failure to start ends the
build with the app's traceback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tabcorn.build.cache import Cache
from tabcorn.build.entry import Entry, known_attributes, suggestion
from tabcorn.build.nodetask import SCRIPTS, NodeTimeoutError, run_task
from tabcorn.build.packs import Files, Part, make_pack, write_packs
from tabcorn.build.project import CWD, Project
from tabcorn.build.remedies import remedy, trim_traceback
from tabcorn.build.reporter import Reporter
from tabcorn.errors import BuildError, RehearsalError

_STAGES = {
    "interpreter": "the start of Python",
    "start": "its import or its lifespan startup",
    "request": "GET /",
    "shutdown": "its lifespan shutdown",
}


@dataclass(frozen=True)
class Stage:
    """What the app is tried on: Pyodide, and the files of the tab."""

    core: Path
    parts: Mapping[Part, Files] = field(repr=False)
    seconds: float
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Required packages that did not come along, each with the reason."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables that CPython itself reads."""
    persist: tuple[str, ...] = ()
    """What visitors' browsers keep; folders of it are there, and empty."""


def rehearse(
    project: Project,
    config: Mapping[str, object],
    stage: Stage,
    cache: Cache,
    reporter: Reporter,
) -> dict[str, Any]:
    """Run the app, pass on what it prints, and return what was measured.

    Raises RehearsalError when it does not start. A front page that fails is only remarked upon:
    an app need not have one.
    """
    target = project.entry.target
    with cache.workspace() as folder:
        task = _task(config, stage, folder)
        try:
            result = run_task("rehearse.mjs", task, folder, stage.seconds, reporter.output)
        except NodeTimeoutError as error:
            raise RehearsalError(_timed_out(target, stage.seconds, error.partial)) from error
    if not result["ok"]:
        raise RehearsalError(_explain(project, result, stage))
    _remark(result, reporter)
    return result


def rehearse_preloaded(
    config: Mapping[str, object], stage: Stage, modules: Sequence[str], cache: Cache
) -> dict[str, Any] | None:
    """Run the app after these modules were imported; return what was measured, None if it fails.

    What it prints was printed before.
    """
    with cache.workspace() as folder:
        task = {**_task(config, stage, folder), "preload": list(modules), "watch": False}
        try:
            result = run_task("rehearse.mjs", task, folder, stage.seconds)
        except BuildError:
            return None
    return result if result["ok"] else None


def _task(config: Mapping[str, object], stage: Stage, folder: Path) -> dict[str, object]:
    watch = {"/builder/watch_imports.py": (SCRIPTS / "watch_imports.py").read_bytes()}
    folders = [CWD, *(path.rstrip("/") for path in stage.persist if path.endswith("/"))]
    stdlib, *others = (make_pack(files, folders) for files in (*stage.parts.values(), watch))
    request = {"root_path": "", "scheme": "http", "server": ["127.0.0.1", 8000]}
    quiet = {"log_level": "warning", "access_log": False}  # of interest is what the app prints
    return {
        "core": str(stage.core),
        "watch": not stage.env,  # it takes time
        "packs": write_packs([stdlib], folder, "stdlib"),
        "others": write_packs(others, folder, "other"),
        "env": dict(stage.env),
        "config": {**config, **request, **quiet},
    }


def _timed_out(target: str, seconds: float, partial: Mapping[str, Any]) -> str:
    where = _STAGES.get(str(partial.get("stage")), "the start of Python")
    return (
        f"{target} was tried in Pyodide, and {where} had not ended within {seconds:g} seconds. "
        "Give it longer with --rehearsal-timeout, or skip the trial with --no-run."
    )


def _explain(project: Project, result: Mapping[str, Any], stage: Stage) -> str:
    message, traceback = str(result["message"]), str(result.get("traceback") or "")
    hint = remedy(f"{message}\n{traceback}", project.entry, stage.left_out)
    if 'Attribute "' in message:
        hint = _attribute_hint(project.entry)
    shown = trim_traceback(traceback)
    if message.endswith(shown):  # no frame of the app's, and so nothing new
        shown = ""
    parts = [f"{project.entry.target} does not start in Pyodide. {message}", shown, hint]
    return "\n\n".join(part for part in parts if part)


def _attribute_hint(entry: Entry) -> str:
    known = known_attributes(entry)
    if entry.attribute in known:  # so another module of that name was imported
        return (
            f"Pyodide has a module '{entry.module}' of its own, which was imported before yours. "
            "Rename your file."
        )
    return suggestion(entry.attribute, known).strip()


def _remark(result: Mapping[str, Any], reporter: Reporter) -> None:
    ended, status = str(result["ended"]), result["status"]
    if ended.startswith("aborted") or status >= 500:
        reporter.remark(
            f"GET / was answered with {status or 'an error'} when the app was tried; see above."
        )
    elif ended == "unfinished" and not status:
        reporter.remark("GET / was not answered within 20 seconds when the app was tried.")
