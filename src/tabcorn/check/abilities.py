"""What Python in a browser cannot do, by the names of modules and functions: tables only.

Runs on CPython at build time. Measured in Pyodide 314.0.7 (tests/check asks it again for the
modules that it lacks); what tabcorn/server/adaptations makes work is not in here.
"""

from __future__ import annotations

import re

from packaging.specifiers import SpecifierSet

from tabcorn.server.adaptations import ADAPTATIONS

# Parts of Python's library that Pyodide's does not have.
_LACKING = """
    curses dbm ensurepip grp idlelib msvcrt nt pwd pydoc_data readline resource syslog tkinter
    turtle turtledemo venv winreg winsound
"""
LACKING = frozenset(_LACKING.split())

# Parts of older Pythons that 3.14 no longer has (PEP 594, PEP 632 and others).
_REMOVED = """
    aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap
    msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
"""
REMOVED = frozenset(_REMOVED.split())

# Clients that speak to a server over TCP: import name -> what it is for.
NETWORK_CLIENTS = {
    **dict.fromkeys(("psycopg", "psycopg2", "asyncpg", "pg8000", "aiopg"), "PostgreSQL"),
    **dict.fromkeys(("pymysql", "MySQLdb", "mysql", "aiomysql", "asyncmy"), "MySQL"),
    **dict.fromkeys(("redis", "aioredis", "valkey"), "Redis"),
    **dict.fromkeys(("pymongo", "motor", "beanie", "mongoengine"), "MongoDB"),
    **dict.fromkeys(("pymssql", "pyodbc", "oracledb", "cx_Oracle", "aioodbc"), "a database server"),
    **dict.fromkeys(("cassandra", "clickhouse_driver"), "a database server"),
    **dict.fromkeys(("kafka", "aiokafka", "confluent_kafka", "pika", "aio_pika"), "a queue"),
    **dict.fromkeys(("celery", "dramatiq", "rq", "arq", "nats", "zmq"), "a queue"),
    **dict.fromkeys(("paramiko", "asyncssh", "ldap3", "aiosmtplib"), "a server of its protocol"),
    **dict.fromkeys(("memcache", "pymemcache", "aiomcache"), "memcached"),
    "grpc": "gRPC services",
}

# Calls and base classes that fail, by full name.
_USES = {
    "process": r"subprocess\.(run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
    r"|os\.(fork|forkpty|system|popen|exec[lv]\w*|spawn\w+|posix_spawnp?|startfile|wait\w*)"
    r"|pty\.(fork|spawn)|concurrent\.futures\.(process\.)?ProcessPoolExecutor"
    r"|multiprocessing\.(?!cpu_count|current_process|get_logger|dummy|pool|freeze_support)[\w.()]+"
    r"|asyncio\.create_subprocess_(exec|shell)"
    r"|anyio\.(run_process|open_process|to_process\.run_sync)",
    "thread": r"threading\.Thread|_thread\.start_new(_thread)?"
    r"|multiprocessing\.pool\.ThreadPool|multiprocessing\.dummy\.\w+",
    "socket": r"socket\.(socket|create_connection|create_server|socketpair|fromfd)"
    r"|socketserver\.\w+|xmlrpc\.server\.\w+|http\.server\.\w*HTTPServer"
    r"|wsgiref\.simple_server\.\w+|asyncio\.(open|start)_(unix_)?(connection|server)"
    r"|(smtplib\.(SMTP|SMTP_SSL|LMTP)|ftplib\.FTP(_TLS)?|imaplib\.IMAP4\w*|poplib\.POP3(_SSL)?)"
    r"|anyio\.(connect_tcp|connect_unix|create_tcp_listener|create_unix_listener)"
    r"|(uvicorn|hypercorn|waitress|eventlet|gevent)\.(run|serve)|websockets\.(connect|serve)",
    "signal": r"signal\.(signal|alarm|setitimer|pthread_kill|pause|sigwait)"
    r"|\S*\.add_signal_handler",
}
USES = {code: re.compile(pattern) for code, pattern in _USES.items()}

# Modules that are good for nothing else: importing one is remarked upon where no use is seen.
IMPORTS = {
    "subprocess": "process",
    "multiprocessing": "process",
    "pty": "process",
    "socket": "socket",
    "socketserver": "socket",
    "smtplib": "socket",
    "ftplib": "socket",
    "imaplib": "socket",
    "poplib": "socket",
    "xmlrpc.server": "socket",
}

_ADAPTED = {each.package: SpecifierSet(each.versions) for each in ADAPTATIONS}


def code_of_use(name: str) -> str | None:
    """Give the code for a call of this full name, if it is one that fails."""
    return next((code for code, pattern in USES.items() if pattern.fullmatch(name)), None)


def is_adapted(package: str, version: str) -> bool:
    """Tell whether tabcorn makes this release of a package work without threads and sockets."""
    return package in _ADAPTED and _ADAPTED[package].contains(version, prereleases=True)
