"""What the user's project brings to a site: the app, its requirements, files and environment.

Runs on CPython at build time; reads the project's folder and changes nothing in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from tabcorn.build.declared import find_requirements, script_header
from tabcorn.build.entry import Entry, check_entry, find_entry, missing_module
from tabcorn.build.filerules import FileRules, Reason
from tabcorn.build.files import Collected, collect_files
from tabcorn.build.needless import without_needless
from tabcorn.build.options import BuildOptions
from tabcorn.build.ownproject import OwnProject, find_own_project
from tabcorn.build.persist import kept_paths
from tabcorn.build.requirements import Requirements
from tabcorn.build.settings import Settings, read_settings
from tabcorn.errors import TargetError, UsageError

CWD = "/app"


@dataclass(frozen=True)
class Project:
    """An app as the builder needs it. `files` maps paths relative to the app's folder."""

    entry: Entry
    requirements: Requirements
    files: Mapping[str, bytes] = field(repr=False)
    env: Mapping[str, str] = field(repr=False)
    env_file: Path | None = None
    """Where `env` is from."""
    left_out: Mapping[str, Reason] = field(default_factory=dict, repr=False)
    """What of the app's folder does not come along."""
    rules: FileRules = field(default_factory=FileRules)
    """Which files of the app's folder are taken along."""
    own: OwnProject | None = None
    """The project that the app is a part of."""
    persist: tuple[str, ...] = ()
    """Absolute paths in the tab that visitors' browsers keep."""

    @property
    def needs_nothing(self) -> bool:
        """Whether no dependency is declared at all."""
        return self.requirements.is_empty

    def config(self, options: BuildOptions) -> dict[str, object]:
        """Make the manifest's `app`: how the server in the tab is to start it."""
        return {
            "target": self.entry.target,
            "factory": options.factory,
            "lifespan": options.lifespan,
            "interface": options.interface,
            "log_level": options.log_level,
            "access_log": options.access_log,
            "cwd": CWD,
            "path": [CWD if each == "." else f"{CWD}/{each}" for each in self.entry.search_path],
            "env": dict(self.env),
        }


def load_project(options: BuildOptions, output: Path | None = None) -> Project:
    """Find everything out about the project that takes no other interpreter."""
    entry = find_entry(options.target, options.app_dir)
    check_entry(entry)
    requirements = find_requirements(entry, options)
    own = find_own_project(entry.app_dir) if script_header(entry.source) is None else None
    if entry.source is None and requirements.is_empty and own is None:
        raise missing_module(entry)  # it cannot come from a dependency either
    settings = read_settings(entry.app_dir)
    rules = _rules(settings, options, output)
    collected = collect_files(entry.app_dir, rules)
    _drop_needless(collected, entry, rules)
    _require_taken(entry, collected.files)
    env_file = options.env_file or settings.path("env-file")
    return Project(
        entry,
        requirements,
        collected.files,
        _environment(env_file),
        env_file=env_file,
        rules=rules,
        left_out=collected.left_out,
        own=own,
        persist=kept_paths(
            (*settings.strings("persist", "data/"), *options.persist), entry.app_dir, CWD
        ),
    )


def _rules(settings: Settings, options: BuildOptions, output: Path | None) -> FileRules:
    include = settings.strings("include", "data/*.bin") + options.include
    exclude = settings.strings("exclude", "notes/") + options.exclude
    return FileRules(include, exclude, output)


def _drop_needless(collected: Collected, entry: Entry, rules: FileRules) -> None:
    needed = without_needless(collected.files, entry.source_path)
    for path in [each for each in collected.files if each not in needed]:
        if not rules.includes(path):
            del collected.files[path]
            collected.left_out[path] = Reason.NEEDLESS


def _require_taken(entry: Entry, files: Mapping[str, bytes]) -> None:
    if entry.source and entry.source_path not in files:
        raise TargetError(
            f"{entry.source} is the app, and is not among the files that are taken along. "
            "See what --exclude says; what is left out by default comes along with "
            f"--include '{entry.source_path}', or when --app-dir names its own folder."
        )


def _environment(file: Path | None) -> dict[str, str]:
    try:
        values = dotenv_values(file, encoding="utf-8") if file else {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--env-file {file} cannot be read: {error}. Save it as UTF-8.") from error
    return {key: value for key, value in values.items() if value is not None}
