"""One file for a script of the runtime and all that it imports."""

import re
import subprocess
from pathlib import Path

import pytest

from tabcorn.build.joined import COMMENT, UnknownStatementError, join, without_comments
from tabcorn.build.nodejs import find_node
from tabcorn.build.runtimefiles import SCRIPTS, runtime_modules

NODE = find_node().executable
RUNTIME = runtime_modules()


def run(files: dict[str, str], folder: Path) -> str:
    """Run what `main.js` and its imports are joined to; return what it printed."""
    script = folder / "joined.mjs"
    script.write_bytes(join({path: text.encode() for path, text in files.items()}, "main.js"))
    return subprocess.run([NODE, script], check=True, capture_output=True, text=True).stdout.strip()


ONE = """import { two } from "../two.js";
const own = 1;
export function one() {
  return own + two;
}
"""
TWO = """console.log("two");
const own = 2;
export const two = own;
export const far = "far";
"""


def test_each_module_runs_once_and_in_the_order_of_imports(tmp_path: Path) -> None:
    main = (
        'import { one } from "./a/one.js";\n'
        'import { two, far as near } from "./two.js";\n'
        "console.log(one(), two, near);\n"
    )
    assert run({"main.js": main, "a/one.js": ONE, "two.js": TWO}, tmp_path) == "two\n3 2 far"


def test_modules_keep_their_names_to_themselves(tmp_path: Path) -> None:
    files = {
        "main.js": (
            'import { A } from "./a.js";\nconst name = "main";\nconsole.log(A.tell(), name);\n'
        ),
        "a.js": (
            'const name = "a";\nexport class A {\n  static tell() {\n    return name;\n  }\n}\n'
        ),
    }
    assert run(files, tmp_path) == "a main"


def test_imports_of_several_lines(tmp_path: Path) -> None:
    files = {
        "main.js": 'import {\n  one,\n  two as zwei,\n} from "./a.js";\nconsole.log(one, zwei);\n',
        "a.js": "export const one = 1;\nexport const two = 2;\n",
    }
    assert run(files, tmp_path) == "1 2"


def test_what_the_first_module_exports_is_exported() -> None:
    files = {"main.js": b"export async function start() {}\n"}
    assert join(files, "main.js") == files["main.js"]


@pytest.mark.parametrize(
    "statement",
    [
        'import * as b from "./b.js";',
        'import b from "./b.js";',
        'import "./b.js";',
        'import { b } from "elsewhere";',
        'export { b } from "./b.js";',
        "export { b };",
        "export default 1;",
        "export let b = 1;",
    ],
)
def test_another_statement_is_an_error(statement: str) -> None:
    files = {
        "main.js": b'import { a } from "./a.js";\n',
        "a.js": f"{statement}\n".encode(),
        "b.js": b"export const b = 1;\n",
    }
    with pytest.raises(UnknownStatementError, match=re.escape(statement)):
        join(files, "main.js")


def test_a_circle_is_an_error() -> None:
    files = {
        "main.js": b'import { a } from "./a.js";\n',
        "a.js": b'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": b'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(UnknownStatementError, match=r"main\.js -> a\.js -> b\.js -> a\.js"):
        join(files, "main.js")


@pytest.mark.parametrize("path", SCRIPTS)
def test_every_script_of_the_runtime_can_be_joined(path: str, tmp_path: Path) -> None:
    joined = join(RUNTIME, path)
    assert not re.search(rb"^import\b(?!\.|\()", joined, re.MULTILINE)
    script = tmp_path / "joined.mjs"
    script.write_bytes(joined)
    subprocess.run([NODE, "--check", script], check=True)


def test_comments_are_left_out_by_whole_lines() -> None:
    comments = ("/** What it is. */\n// Why.\n", "  /**\n   * @type {number}\n   */\n")
    text = f"{comments[0]}const a = 1; // one\n{comments[1]}let b;\n"
    assert without_comments(text) == "const a = 1; // one\nlet b;\n"


@pytest.mark.parametrize("path", RUNTIME)
def test_no_text_of_the_runtime_looks_like_a_comment(path: str) -> None:
    """Within a template literal such a line would be text: up to each the backticks are even."""
    text = RUNTIME[path].decode()
    for comment in COMMENT.finditer(text):
        code = re.sub(r"/.*\[.*`.*\].*/", "", without_comments(text[: comment.start()]))
        assert code.count("`") % 2 == 0, comment.group()
