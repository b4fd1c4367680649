"""Packages in the way are findings with their chain, and the rest is looked at all the same."""

from __future__ import annotations

import pytest

from tabcorn.build import plan
from tabcorn.build.declared import find_requirements
from tabcorn.build.distribution import Distribution, Offer
from tabcorn.build.entry import find_entry
from tabcorn.build.locking import make_lock
from tabcorn.build.options import BuildOptions
from tabcorn.build.preferences import Upgrade
from tabcorn.build.progress import Silent
from tests.build.making import make_wheel
from tests.check.making import HEADER, Project

APP = "import os\nos.fork()\nasync def app(scope, receive, send): ...\n"
ALIEN = "cp314-cp314-manylinux_2_28_x86_64"


@pytest.fixture(autouse=True)
def _pyodides_own(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = {"alien": Offer("alien", "0.9", "alien-0.9.whl", "00")}
    monkeypatch.setattr(plan, "load_distribution", lambda *_: Distribution(offers))


def test_every_package_without_a_wheel_is_named(project: Project) -> None:
    for name in ("alien", "strange"):
        make_wheel(project.wheels, {f"{name}.so": ""}, name, tag=ALIEN)
    make_wheel(project.wheels, {"pure.py": ""}, "pure")
    report = project.check(HEADER.format('"alien", "strange", "pure"') + "import alien\n" + APP)
    first, second, third = report.findings
    assert (first.code, first.package) == ("no-wheel", "alien")
    assert first.what == "alien 1.0 (required by the app) cannot run in a browser"
    assert first.why.startswith("Its only wheel is not for Pyodide")
    assert "has alien 0.9, which the requirements do not admit" in first.why
    assert (second.code, second.package) == ("no-wheel", "strange")
    assert third.code == "process"


def test_requirements_that_contradict_each_other(project: Project) -> None:
    make_wheel(project.wheels, {"pure.py": ""}, "pure")
    report = project.check(HEADER.format('"pure>1", "pure<1"') + APP)
    assert [each.code for each in report.findings] == ["unresolved", "process"]
    assert "pure" in report.findings[0].why


def test_an_excluded_package_is_no_finding(project: Project) -> None:
    make_wheel(project.wheels, {"alien.so": ""}, "alien", tag=ALIEN)
    text = HEADER.format('"alien"') + "async def app(scope, receive, send): ...\n"
    report = project.check(text, exclude_packages=frozenset({"alien"}))
    assert report.findings == ()


def test_a_lock_decides_and_has_to_fit(project: Project) -> None:
    clean = "import pure\nasync def app(scope, receive, send): ...\n"
    make_wheel(project.wheels, {"pure.py": ""}, "pure")
    text = HEADER.format('"pure"') + clean
    (project.root / "main.py").write_text(text)
    requirements = find_requirements(find_entry("main:app", project.root), BuildOptions("main:app"))
    make_lock(requirements, Upgrade(), project.cache, Silent())
    make_wheel(project.wheels, {"pure.py": "import os\nos.fork()"}, "pure", "2.0")
    assert project.check(text).findings == ()
    report = project.check(HEADER.format('"pure>1"') + clean)
    assert [each.code for each in report.findings] == ["unresolved", "process"]
