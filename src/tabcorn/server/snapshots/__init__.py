"""Python's part of a memory snapshot: what is imported before it, and what is renewed after it.

Runs in Pyodide and under pytest. A snapshot holds the interpreter with the packages of an app, not
the app: its own modules are imported, and its lifespan runs, at every boot.
"""
