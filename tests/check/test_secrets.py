"""Secrets are found, never shown whole, and what only looks like one is let pass.

The keys are put together here, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import pytest

from tabcorn.check.secrets import masked
from tabcorn.check.show import as_json
from tests.check.making import Project

APP = "async def app(scope, receive, send): ...\n"
RANDOM = "Zq8v" + "T3xLw9KdY2pRm5Bn" + "7HcJf4GsUe6A"
KEYS = [
    "AK" + "IA" + "Q3ZT7WLMX9PDR2VK",
    "gh" + "p_" + RANDOM + "a1B2c3D4",
    "gl" + "pat-" + RANDOM[:20],
    "xo" + "xb-" + "2093847561-" + RANDOM,
    "sk_" + "live_" + RANDOM[:24],
    "sk-" + "ant-" + RANDOM,
    "sk-" + "proj-" + RANDOM + RANDOM[::-1],
    "hf" + "_" + RANDOM + "Qw",
]
PRIVATE = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", ["settings.py", "static/app.js", "config.toml"])
def test_keys_of_providers(project: Project, key: str, name: str) -> None:
    report = project.check({"main.py": APP, name: f'\nX = "{key}"\n'})
    (finding,) = report.findings
    assert (finding.code, finding.file, finding.line) == ("provider-key", name, 2)
    assert key not in as_json(report, strict=False)
    assert report.fails(strict=False)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("id_rsa", PRIVATE, "private-key"),
        ("certs/server.pem", PRIVATE, "private-key"),
        ("key.py", 'KEY = """' + PRIVATE + '"""', "private-key"),
        ("s.py", f'SECRET_KEY = "{RANDOM}"', "secret-value"),
        ("s.py", f'SECRET_KEY = "django-insecure-{RANDOM}$x(&"', "secret-value"),
        ("s.py", f'app.config["SECRET_KEY"] = "{RANDOM}"', "secret-value"),
        ("s.py", f'app = App(secret_key="{RANDOM}")', "secret-value"),
        ("s.py", f'JWT_SECRET: str = "{RANDOM}"', "secret-value"),
        ("c.json", f'{{"api_key": "{RANDOM}"}}', "secret-value"),
        ("c.yaml", f"password: {RANDOM}", "secret-value"),
        ("c.js", f'const apiKey = "{RANDOM}"', "secret-value"),
        ("s.py", f'DB = "postgresql://shop:{RANDOM}@db.internal/shop"', "password-in-url"),
        ("c.toml", f'url = "redis://u:{RANDOM}@10.0.0.1:6379"', "password-in-url"),
        ("prod.env", "DEBUG=1\n", "env-file"),
        (".env.local", "DEBUG=1\n", "env-file"),
    ],
)
def test_other_secrets(project: Project, name: str, text: str, code: str) -> None:
    report = project.check({"main.py": APP, name: text}, include=(name,))
    assert {(each.code, each.file) for each in report.findings} == {(code, name)}
    assert RANDOM not in as_json(report, strict=False)
    assert report.fails(strict=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.py", 'SECRET_KEY = "not a secret in an example"'),
        ("s.py", 'SECRET_KEY = "change-me-please-1234"'),
        ("s.py", 'SECRET_KEY = "your-secret-key-here"'),
        ("s.py", 'SECRET_KEY = os.environ["SECRET_KEY"]'),
        ("s.py", 'SECRET_KEY = "aaaaaaaaaaaaaaaaaaaaaaa1"'),
        ("s.py", f'SECRET_KEY_FILE_HASH = "{RANDOM}"'),
        ("s.py", 'token_url = "/auth/token/1A2b"'),
        ("s.py", 'password = "correct_horse_battery"'),
        ("s.py", 'csrf_token = "csrfmiddlewaretoken"'),
        ("s.py", 'X = "AKIA' + 'IOSFODNN7EXAMPLE"'),
        ("s.py", 'X = "AKIA' + 'AAAAAAAAAAAAAAAA"'),
        ("s.py", f'digest = "{RANDOM}"'),
        ("s.py", 'DB = "postgresql://user:password@localhost/db"'),
        ("s.py", 'DB = "postgresql://postgres:postgres@db/x"'),
        ("s.py", 'DB = f"postgresql://{user}:{pw}@db/x"'),
        ("s.py", 'P = "-----BEGIN " + "PRIVATE KEY-----"'),
        ("a.html", '<input name="password" value="">'),
        ("a.html", '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">'),
        ("a.js", "const token = document.querySelector('#token').value"),
        ("pub.pem", "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA\n"),
        (".env", f"SECRET_KEY={RANDOM}"),
        ("prod.env", f"SECRET_KEY={RANDOM}"),
        ("id_rsa", PRIVATE),
        ("certs/server.pem", PRIVATE),
        ("tests/test_a.py", f'SECRET_KEY = "{RANDOM}"'),
    ],
)
def test_let_pass(project: Project, name: str, text: str) -> None:
    assert project.found({"main.py": APP, name: text}) == []


def test_variables_of_an_env_file(project: Project) -> None:
    file = project.root / "site.env"
    file.write_text(f"API_KEY={RANDOM}\nTITLE=Hello\n")
    report = project.check(APP, env_file=file, exclude=("*.env",))
    (finding,) = report.findings
    assert "API_KEY of --env-file" in finding.what
    assert RANDOM not in finding.what


@pytest.mark.parametrize("length", [1, 3, 8, 12, 40])
def test_no_value_is_shown_whole(length: int) -> None:
    value = "abcdefghij" * 4
    shown = masked(value[:length]).partition("…")[0]
    assert len(shown) <= length / 4
