"""Findings about what a browser cannot do: processes, threads, sockets, signals, lacking modules.

Runs on CPython at build time. The app's own files are told line by line; of a dependency that
is reached, one note a kind, since most packages import more than a request needs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from tabcorn.check.abilities import (
    IMPORTS,
    LACKING,
    NETWORK_CLIENTS,
    REMOVED,
    code_of_use,
    is_adapted,
)
from tabcorn.check.findings import KINDS, Finding, Severity, find
from tabcorn.check.modules import Module, Modules
from tabcorn.check.visit import Facts, Import, Place

# What Pyodide and tabcorn themselves bring.
_BROUGHT = frozenset({"js", "pyodide", "pyodide_js", "_pyodide", "tabcorn", "__main__"})


def own_usage(modules: Modules, left_out: Mapping[str, str], complete: bool) -> Iterator[Finding]:
    """Look through the app's own files; what nothing seems to import gives notes at most.

    `left_out` has the reasons of packages that stay out. Only when the set of packages is
    `complete` can a module be called missing.
    """
    reached = {module.path for module in modules.reached}
    for module in modules.own:
        for found in _of_file(module, modules, left_out, complete):
            yield found if module.path in reached else found.as_note()


def _of_file(
    module: Module, modules: Modules, left_out: Mapping[str, str], complete: bool
) -> Iterator[Finding]:
    facts = module.facts
    if facts is None:
        yield find("unparsed", f"{module.path} could not be read as Python", file=module.path)
        return
    yield from _uses(module, facts)
    used = {code_of_use(use.name) for use in facts.uses}
    for each in facts.imports:
        if (found := _import_alone(module, each)) and found.code not in used:
            yield found
        yield from _clients(module, each)
        yield from _missing(module, each, modules, left_out, complete)


def _uses(module: Module, facts: Facts) -> Iterator[Finding]:
    for use in facts.uses:
        if code := code_of_use(use.name):
            name = use.name.removeprefix("?.")
            what = f"{name} is used"
            found = find(code, what, file=module.path, line=use.place.line)
            mild = use.place.guarded or name == "signal.signal"  # which works, and does nothing
            yield found.as_note() if mild else found


def _import_alone(module: Module, each: Import) -> Finding | None:
    names = (each.module, *(f"{each.module}.{name}" for name in each.names))
    name = next((name for name in names if name in IMPORTS), None)
    if name is None:
        return None
    code = IMPORTS[name]
    severity = Severity.NOTE if each.place.guarded else Severity.WARNING
    what, line = f"{name} is imported", each.place.line
    return find(code, what, file=module.path, line=line, severity=severity)


def _clients(module: Module, each: Import) -> Iterator[Finding]:
    first = each.module.partition(".")[0]
    if first in NETWORK_CLIENTS:
        what = f"{first} is imported, a client for {NETWORK_CLIENTS[first]}"
        found = find("network-client", what, file=module.path, line=each.place.line, package=first)
        yield found.as_note() if each.place.guarded else found


def _missing(
    module: Module, each: Import, modules: Modules, left_out: Mapping[str, str], complete: bool
) -> Iterator[Finding]:
    first = each.module.partition(".")[0]
    if each.place.guarded or not first or modules.provides(first) or first in _BROUGHT:
        return
    what, why, fix = f"{first} is imported, and is not there", None, None
    if first in LACKING:
        why = f"{first} is a part of Python that needs an operating system; the import raises."
    elif first in REMOVED:
        why = f"{first} is no longer a part of Python 3.14, which runs in the browser."
        fix = "Use what replaced it, or a package that provides it."
    elif first in sys.stdlib_module_names or not complete:
        return
    elif reason := left_out.get(canonicalize_name(first)):
        why = f"The package was left out: {reason}."
    else:
        why = "Neither the app's files nor its declared packages have it; the import raises."
        fix = "Declare the package that provides it, or see that the file is in the app's folder."
    severity = None if each.place.eager else Severity.WARNING
    yield find(
        "missing-module",
        what,
        file=module.path,
        line=each.place.line,
        why=why,
        fix=fix,
        severity=severity,
    )


def usage_of_packages(modules: Modules) -> Iterator[Finding]:
    """One finding per dependency and kind: an error only for an import that is sure to fail."""
    told: dict[tuple[str, str], Finding] = {}
    for module in modules.reached:
        package = module.package
        if package is None or module.facts is None or is_adapted(package.name, package.version):
            continue
        for code, name, place in _seen(module.facts, modules):
            fails = code == "missing-module" and module.certain and place.eager
            key = (package.name, code)
            if fails or key not in told:
                told[key] = _of_package(module, code, name, place, fails)
    yield from told.values()


def _seen(facts: Facts, modules: Modules) -> Iterator[tuple[str, str, Place]]:
    for use in facts.uses:
        if (code := code_of_use(use.name)) and not use.place.guarded:
            yield code, use.name.removeprefix("?."), use.place
    for each in facts.imports:
        first = each.module.partition(".")[0]
        gone = first in LACKING | REMOVED and not modules.provides(first)
        if gone and each.place.eager and not each.place.guarded:
            yield "missing-module", first, each.place


def _of_package(module: Module, code: str, name: str, place: Place, fails: bool) -> Finding:
    assert module.package is not None
    what = f"{module.package.name} {module.package.version} uses {name} ({module.chain()})"
    why = KINDS[code].why if fails else f"Only if the app gets there. {KINDS[code].why}"
    fix = None if fails else "See that the app does not use this part of the package."
    return find(
        code,
        what,
        file=f"site-packages/{module.path}",
        line=place.line,
        package=module.package.name,
        severity=Severity.ERROR if fails else Severity.NOTE,
        why=why,
        fix=fix,
    )
