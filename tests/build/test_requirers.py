"""Who requires a package, from uv's annotations."""

from __future__ import annotations

from tabcorn.build.requirers import chain, describe_chain, parse_requirers

ANNOTATED = """\
anyio==4.16.0
    # via
    #   httpx
    #   starlette
fastapi==0.165.0
    # via -r requirements.txt
-e ./local
    # via app (pyproject.toml)
MarkupSafe==3.0.4 ; python_full_version < '3.15'
    # via jinja2
starlette==1.10.0 ; sys_platform == 'win32'
    # via fastapi
starlette==1.9.0 ; sys_platform != 'win32'
    # via fastapi
zero @ https://example.test/zero.whl
direct==1
"""


def test_annotations_become_a_table() -> None:
    assert parse_requirers(ANNOTATED) == {
        "anyio": ("httpx", "starlette"),
        "fastapi": ("-r requirements.txt",),
        "markupsafe": ("jinja2",),
        "starlette": ("fastapi",),
        "zero": (),
        "direct": (),
    }


def test_the_shortest_chain_is_told() -> None:
    requirers = {"c": ("b", "-r requirements.txt"), "b": ("a",), "d": ("c",)}
    assert chain("d", requirers) == ("d", "c", "-r requirements.txt")
    assert describe_chain("d", requirers) == "required by c, required by requirements.txt"


def test_a_circle_ends() -> None:
    assert chain("a", {"a": ("b",), "b": ("a",)}) == ("a",)


def test_nothing_is_said_of_the_unknown() -> None:
    assert describe_chain("a", {}) == ""
