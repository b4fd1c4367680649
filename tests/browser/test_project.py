"""A project as people lay it out: what it finds of itself and of its local packages in a tab."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.sites import App

if TYPE_CHECKING:
    from tests.browser.hosts import Host
    from tests.browser.tab import Tab

NAMES = [
    *("A", "a", "a\nb", "e\u0301", "\u00e9", "q'\"#?% ", "trail ", "\ufeffmark", "b\\s", "*"),
    *("n" * 255, "\u00e9" * 127, "/".join(["d" * 200] * 4) + "/x", "empty"),
]
FILES = {
    "front/pyproject.toml": """
        [project]
        name = "shop.front"
        version = "4.2"
        dependencies = ["catalog"]
        [project.entry-points."shop.parts"]
        own = "parts.own:name"
        [tool.uv.sources]
        catalog = { path = "../catalog", editable = true }
        [tool.tabcorn]
        exclude = ["notes/"]
        env-file = "public.env"
    """,
    "front/src/shop/main.py": """
        import importlib.metadata as metadata, importlib.resources as resources
        import json, os, pathlib
        import catalog, parts

        def walk(folder):
            paths = (path for path in pathlib.Path(folder).rglob("*") if path.is_file())
            return {str(path.relative_to(folder)): len(path.read_bytes()) for path in paths}

        FOUND = {
            "version": metadata.version("shop-front"),
            "parts": sorted(e.load() for e in metadata.entry_points(group="shop.parts")),
            "namespace": len(set(parts.__path__)),
            "resource": (resources.files("shop") / "data" / "x.txt").read_text(),
            "theirs": (resources.files(catalog) / "items.txt").read_text(),
            "requires": metadata.requires("shop-front"),
            "variable": os.environ.get("GREETING"),
            "secret": [path for path in (".env", "public.env", "notes/x") if os.path.exists(path)],
            "names": walk("names"),
        }

        async def app(scope, receive, send):
            if scope["type"] == "http":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": json.dumps(FOUND).encode()})
    """,
    "front/src/shop/__init__.py": "",
    "front/src/shop/data/x.txt": "ours",
    "front/src/parts/own.py": "name = 'own'",
    "front/public.env": "GREETING=hello",
    "front/.env": "SECRET=1",
    "front/notes/x": "",
    "catalog/pyproject.toml": """
        [project]
        name = "catalog"
        version = "1"
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]
    """,
    "catalog/backend.py": """
        import os, zipfile
        FILES = {
            "catalog/__init__.py": "",
            "catalog/items.txt": "theirs",
            "parts/theirs.py": "name = 'theirs'",
            "catalog-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: catalog\\nVersion: 1\\n",
            "catalog-1.dist-info/WHEEL": "Wheel-Version: 1.0\\n",
            "catalog-1.dist-info/entry_points.txt": "[shop.parts]\\ntheirs = parts.theirs:name\\n",
        }
        def build_wheel(folder, *_, **__):
            with zipfile.ZipFile(os.path.join(folder, "catalog-1-py3-none-any.whl"), "w") as wheel:
                for path, text in FILES.items():
                    wheel.writestr(path, text)
            return "catalog-1-py3-none-any.whl"
    """,
}


def test_a_project_finds_itself(tab: Tab, visit: Callable[[App], Host], tmp_path: Path) -> None:
    named = {f"front/names/{name}": "" if name == "empty" else "x" for name in NAMES}
    for path, text in {**FILES, **named}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text))
    app = App(tmp_path / "front", "shop.main:app", name="project")
    found = json.loads(tab.open(visit(app).url).text())
    assert found == {
        "version": "4.2",
        "parts": ["own", "theirs"],
        "namespace": 2,
        "resource": "ours",
        "theirs": "theirs",
        "requires": ["catalog"],
        "variable": "hello",
        "secret": [],
        "names": {name: int(name != "empty") for name in NAMES},
    }
