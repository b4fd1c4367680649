"""Compiles a tree of sources to bytecode that is never checked against them.

Runs in Pyodide, under node, at build time (see compile.mjs). A source at
/sources/<group>/<path> is compiled as /<path>: that is where it will lie in the tab.
"""

import io
import json
import os
import py_compile
import tarfile
import warnings


def compile_tree(sources: str, output: str) -> str:
    """Compile every file below `sources` into `<output>.tar`; give {path: error} as JSON."""
    warnings.simplefilter("ignore")
    errors = {}
    with tarfile.open(f"{output}.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        for folder, _, names in os.walk(sources):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), sources)
                try:
                    _add(tar, path, _compile(os.path.join(sources, path), path))
                except Exception as error:
                    errors[path] = _describe(error)
    return json.dumps(errors)


def _compile(source: str, path: str) -> bytes:
    py_compile.compile(
        source,
        cfile="/compiled.pyc",
        dfile=path[path.index("/") :],
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    with open("/compiled.pyc", "rb") as file:
        return file.read()


def _add(tar: tarfile.TarFile, path: str, data: bytes) -> None:
    info = tarfile.TarInfo(path)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _describe(error: Exception) -> str:
    if isinstance(error, py_compile.PyCompileError):
        return error.msg.strip()
    return f"{type(error).__name__}: {error}"
