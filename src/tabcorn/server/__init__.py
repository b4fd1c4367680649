"""The ASGI server that runs inside Pyodide, beside the app: what uvicorn is on a machine.

Plain Python on the standard library alone, so that all of it but `bridge` also runs under
pytest on CPython. `bridge` is the only module that touches `js` or `pyodide`.
"""
