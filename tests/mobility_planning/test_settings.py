"""The settings refuse to start unsafe or half configured, each time with one clear line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "plans.example.org, town.example.org",
    "SITE_URL": "https://plans.example.org/",
    "EMAIL_URL": "smtp://localhost",
    "DATABASE_URL": "sqlite:///:memory:",
}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these variables and no others of the product."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, check=False, env={**kept, **environment}, cwd=settings.BASE_DIR, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "Set SECRET_KEY in the environment (or DEBUG=true for development)."),
        *(
            (without(name), f"Set {name} in the environment (or DEBUG=true for development).")
            for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL")
        ),
        ({**PRODUCTION, "SITE_URL": "plans"}, "Environment variable \"SITE_URL\" invalid: ['Not a valid URL.']"),
        ({**PRODUCTION, "SECRET_KEY": "short"}, "SECRET_KEY is too short: use 50 random characters or more."),
        ({"DEBUG": "perhaps"}, 'Environment variable "DEBUG" invalid: Not a valid boolean.'),
        ({"DEBUG": "true", "DATABASE_URL": "oracle://x"}, "DATABASE_URL must begin with sqlite:/// or postgresql://."),
        ({"DEBUG": "true", "TIME_ZONE": "Mars"}, "Environment variable \"TIME_ZONE\" invalid: ['No such time zone.']"),
        (
            {"DEBUG": "true", "EMAIL_URL": "pigeon://x"},
            "EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or console://.",
        ),
    ],
)
def test_a_start_that_cannot_be_meant_is_refused_in_one_line(environment: dict[str, str], problem: str):
    refused = started("check", **environment)
    assert (refused.returncode, refused.stderr, refused.stdout) == (1, f"manage.py: {problem}\n", "")


def printed(code: str, **environment: str) -> str:
    """What `code` prints under these settings."""
    answer = started("shell", "--no-imports", "-c", code, **environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_production_is_safe_without_saying_anything():
    safe = {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["plans.example.org", "town.example.org"],
        "SITE_URL": "https://plans.example.org",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "LAST_READER_COOKIE_NAME": "__Host-reader",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "X_FRAME_OPTIONS": "DENY",
    }
    code = "import json; from django.conf import settings as s; print(json.dumps({n: getattr(s, n) for n in %s}))"
    assert json.loads(printed(code % list(safe), **PRODUCTION)) == safe


def test_in_development_links_lead_to_the_port_that_is_served():
    code = "from django.conf import settings as s; print(s.SITE_URL)"
    assert printed(code, DEBUG="true", PORT="8123") == "http://127.0.0.1:8123\n"


ASK = """
from django.test import Client
for path in ("/livez", "/readyz", "/"):
    answer = Client(headers={"host": "plans.example.org"}).get(path)
    print(path, answer.status_code, answer.content.decode())
"""


def test_in_production_health_answers_over_http_and_says_so_where_the_database_is_down(tmp_path: Path):
    lost = {**PRODUCTION, "DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/db.sqlite3"}
    assert printed(ASK, **lost).splitlines() == ["/livez 200 ok", "/readyz 503 no database", "/ 301 "]
    fresh = {**PRODUCTION, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    assert printed(ASK, **fresh).splitlines()[1] == "/readyz 503 migrations missing"


def test_the_readme_lists_every_variable_that_settings_read():
    source = (settings.BASE_DIR / "mobility_planning" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | set(re.findall(r'_required\("([A-Z_]+)"', source))
    readme = (settings.BASE_DIR / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.M)) == read | {"PORT"}
