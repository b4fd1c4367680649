"""`tabcorn check`: what of an app will not work in a browser, found without running it.

Runs on CPython at build time. One module per kind of finding; `run.check` puts them together.
"""
