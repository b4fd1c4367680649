"""Installers come along when something imports them, and only then."""

from __future__ import annotations

import pytest

from tabcorn.build.unimported import unimported

SETUPTOOLS = {"setuptools/__init__.py": b"import wheel", "pkg_resources/__init__.py": b""}
PIP = {"pip/__init__.py": b"import setuptools"}


def idle(source: str, path: str = "p/m.py") -> set[str]:
    packages = {"p": {path: source.encode()}, "pip": PIP, "setuptools": SETUPTOOLS}
    return unimported(packages, {})


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import pipeline, setuptools_scm",
        "hooks.load_setuptools_entrypoints('x')",
        "# import setuptools",
        "run_module('pip', run_name='__main__')",
        "name = 'setuptools'",
        "from . import distutils_like",
    ],
)
def test_nothing_imports_them(source: str) -> None:
    assert idle(source) == {"pip", "setuptools"}


@pytest.mark.parametrize(
    "source",
    [
        "import setuptools",
        "import os, pkg_resources",
        "import os as o, pkg_resources.extern",
        "    from setuptools.command import build_py",
        "try:\n\tfrom distutils.version import LooseVersion\nexcept ImportError: ...",
        "importlib.import_module('pkg_resources')",
        '__import__( "setuptools")',
    ],
)
def test_a_package_imports_one(source: str) -> None:
    assert idle(source) == {"pip"}


def test_what_is_no_python_does_not_count() -> None:
    assert idle("import setuptools", "p/readme.txt") == {"pip", "setuptools"}


def test_the_app_counts() -> None:
    assert unimported({"pip": PIP, "setuptools": SETUPTOOLS}, {"main.py": b"import pip"}) == set()


def test_what_one_of_them_needs_stays_with_it() -> None:
    packages = {"setuptools": SETUPTOOLS, "wheel": {"wheel/__init__.py": b""}, "pip": PIP}
    assert unimported(packages, {"main.py": b"import pkg_resources"}) == {"pip"}
    assert unimported(packages, {}) == {"pip", "setuptools", "wheel"}
