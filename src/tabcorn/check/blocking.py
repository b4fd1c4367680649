"""Findings about calls that block in the app's async code, where the syntax tells.

Runs on CPython at build time. Under uvicorn they hold up one worker; a browser has no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tabcorn.check.findings import Finding, find
from tabcorn.check.modules import Modules

# Full name of the call -> what to do instead.
_CALLS = (
    (r"time\.sleep", "Use: await asyncio.sleep(...)."),
    (
        r"requests\.(Session\(\)\.)?(get|post|put|patch|delete|head|options|request)",
        "Use httpx.AsyncClient, or await asyncio.to_thread(requests.get, ...).",
    ),
    (
        r"httpx\.(Client\(\)\.)?(get|post|put|patch|delete|head|options|request|stream)",
        "Use httpx.AsyncClient.",
    ),
    (
        r"urllib\.request\.url(open|retrieve)|http\.client\.HTTPS?Connection"
        r"|urllib3\.(request|PoolManager\(\)\.request)",
        "Use httpx.AsyncClient, or await asyncio.to_thread(...).",
    ),
    (
        r"subprocess\.(run|call|check_call|check_output|getoutput|getstatusoutput)|os\.system",
        "A browser tab starts no processes: do it in Python itself.",
    ),
    (
        r"(sqlite3|psycopg2?|pymysql|MySQLdb|mysql\.connector|pymssql|pyodbc|oracledb)\.connect"
        r"|pymongo\.MongoClient|redis\.(Redis|StrictRedis|from_url)",
        "Use an async driver (aiosqlite for SQLite), or await asyncio.to_thread(...).",
    ),
    (r"concurrent\.futures\.wait", "Use: await asyncio.wait(...)."),
)
_TABLE = tuple((re.compile(pattern), fix) for pattern, fix in _CALLS)


def blocking_calls(modules: Modules) -> Iterator[Finding]:
    """Look for blocking calls directly in `async def` functions of the app's own files."""
    reached = {module.path for module in modules.reached}
    for module in modules.own:
        for use in module.facts.uses if module.facts else ():
            fix = next((fix for pattern, fix in _TABLE if pattern.fullmatch(use.name)), None)
            if fix and use.place.in_async and not use.awaited:
                name = use.name.replace("()", "")
                what = f"{name} is called in async code"
                line = use.place.line
                found = find("blocking-call", what, file=module.path, line=line, fix=fix)
                yield found if module.path in reached else found.as_note()
