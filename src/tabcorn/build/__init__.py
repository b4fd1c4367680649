"""The builder: turns an app and its requirements into a site. Runs on CPython, never in a tab."""
