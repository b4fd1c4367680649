"""Which modules may be imported before the app, once, and kept in a memory snapshot.

Runs on CPython at build time, after the rehearsal, which has watched every import
(node/watch_imports.py). A module is imported ahead only if that makes no difference: the app's own
modules are not, since they may open files, draw secrets and read clocks, nor is what draws or looks
at something that is not the same at each boot, nor what imports any of these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tabcorn.build.cache import Cache
from tabcorn.build.project import CWD
from tabcorn.build.rehearsal import Stage, rehearse_preloaded
from tabcorn.build.site import Preload
from tabcorn.server.snapshots.renewal import is_known

_KIND = "preload-1"
_ROUNDS = 5
"""Each leaves out what the one before could not import ahead of the app."""

_NOT_THE_APPS = ("/lib/python3", "/usr/lib/", "built-in", "frozen", "javascript")

_FROM_JAVASCRIPT = frozenset({"js", "pyodide_js", "pyodide.http"})

Watched = Mapping[str, Mapping[str, Any]]
"""Of each module, in the order of their import, what `watch_imports.Watch.report` tells."""


def plan_preload(
    trial: Mapping[str, Any],
    config: Mapping[str, object],
    stage: Stage,
    cache: Cache,
    remember: bool,
) -> Preload | None:
    """Find out what can be imported ahead, by trying; None where the app does not go on as before.

    With `remember`, the outcome is taken to be the same for as long as the packages are.
    """
    watched: Watched = trial["watched"]
    key = _key(preloadable(watched), config, stage)
    if remember and (known := cache.entry(_KIND, key)):
        return Preload(**{name: tuple(value) for name, value in json.loads(known).items()})
    found = _try(watched, trial, config, stage, cache)
    if found and remember:
        cache.add_entry(_KIND, key, json.dumps(found.as_json()).encode())
    return found


def _try(
    watched: Watched,
    trial: Mapping[str, Any],
    config: Mapping[str, object],
    stage: Stage,
    cache: Cache,
) -> Preload | None:
    excluded: set[str] = set()
    for _ in range(_ROUNDS):
        modules = preloadable(watched, excluded)
        outcome = rehearse_preloaded(config, stage, modules, cache)
        if outcome is None:
            return None
        preloaded = outcome["preloaded"]
        if not preloaded["held"] and not preloaded["failed"]:
            same = all(outcome[each] == trial[each] for each in ("status", "ended"))
            found = Preload(tuple(preloaded["imported"]), tuple(preloaded["libraries"]))
            return found if same else None
        excluded |= set(preloaded["failed"])
        if preloaded["held"]:  # objects of JavaScript's; who imports these may have them
            excluded |= _FROM_JAVASCRIPT
    return None


def preloadable(watched: Watched, excluded: Collection[str] = ()) -> list[str]:
    """Name what may be imported ahead, in the order of the app's imports."""
    fresh = {name for name, seen in watched.items() if _is_fresh(name, seen, watched)}
    fresh = _with_dependents(fresh | set(excluded), watched)
    return [name for name, seen in watched.items() if name not in fresh and seen["from"]]


def _is_fresh(name: str, seen: Mapping[str, Any], watched: Watched) -> bool:
    """Whether a module has to be imported at each boot for its own sake."""
    if _is_the_apps(name, watched):
        return True
    draws = seen["entropy"] or seen["clocks"]
    looks = seen["changed_variables"] or any(map(_is_a_file_of_the_app, seen["opened"]))
    return bool(looks or (draws and not is_known(name)))


def _is_the_apps(name: str, watched: Watched) -> bool:
    """What is made on the way, and is from nowhere, belongs to its top package."""
    origin = watched[name]["from"]
    top = name.partition(".")[0]
    if not origin and top != name and top in watched:
        return _is_the_apps(top, watched)
    return not origin.startswith(_NOT_THE_APPS)


def _is_a_file_of_the_app(path: str) -> bool:
    return not path.startswith("/") or path.startswith(f"{CWD}/")


def _with_dependents(fresh: set[str], watched: Watched) -> set[str]:
    """Add what imports one of them, and what lies in one of them, and so on."""
    found = set(fresh)
    while True:
        more = {name for name, seen in watched.items() if name not in found} & {
            name
            for name, seen in watched.items()
            if found.intersection(seen["imports"]) or found.intersection(_parents(name))
        }
        if not more:
            return found
        found |= more


def _parents(name: str) -> Iterable[str]:
    parts = name.split(".")
    return (".".join(parts[:n]) for n in range(1, len(parts)))


def _key(modules: list[str], config: Mapping[str, object], stage: Stage) -> str:
    """All that decides whether, and how, modules can be imported; not the app."""
    files = (*stage.parts["python"].items(), *stage.parts["packages"].items())
    digests = [(path, hashlib.sha256(data).hexdigest()) for path, data in files]
    packages = hashlib.sha256(json.dumps(digests).encode()).hexdigest()
    return json.dumps([modules, packages, config.get("env"), config.get("path")])
