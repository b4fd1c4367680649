"""What holds for all adaptations."""

import importlib
import importlib.metadata
import platform
import sys

import pytest
from packaging.specifiers import SpecifierSet

from tabcorn.server import adaptations
from tabcorn.server.adaptations import ADAPTATIONS, Adaptation

EACH = pytest.mark.parametrize("adaptation", ADAPTATIONS, ids=lambda each: each.module)


@EACH
def test_the_installed_release_is_one_it_was_tried_with(adaptation: Adaptation) -> None:
    package = adaptation.package
    of_python = package.partition(".")[0] in sys.stdlib_module_names
    version = platform.python_version() if of_python else importlib.metadata.version(package)
    assert SpecifierSet(adaptation.versions).contains(version, prereleases=True)
    assert adaptation.reason


@EACH
def test_its_module_is_there(adaptation: Adaptation) -> None:
    importlib.import_module(adaptation.module)


def test_each_module_is_adapted_once() -> None:
    modules = [adaptation.module for adaptation in ADAPTATIONS]
    assert len(set(modules)) == len(modules)


def test_nothing_is_adapted_where_threads_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = list(sys.meta_path)
    adaptations.install()
    assert sys.meta_path == before
