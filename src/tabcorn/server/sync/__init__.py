"""Sync code without threads: run where it stands, one function at a time, able to wait.

`gate` runs it, `waiting` lets it wait for async code, `nested` is the loop for that where the
engine cannot suspend, `collector` keeps Python's garbage collector from crashing while it does,
`workers` is who owns thread-local values, `turns` what keeps the event loop's callbacks together.
Runs in Pyodide and under pytest.
"""
