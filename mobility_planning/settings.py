"""All settings, read from the environment. Safe by default; README.md lists every variable."""

import sys
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError
from environs import validate as check

LEAST_SECRET = 50
ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
NO_ZONE = "No such time zone."
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)


def _required(name: str, development: str, **checks: Any) -> str:
    """A value that production must set; development has one of its own."""
    value: str = env.str(name, development if DEBUG else "", **checks)
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment (or DEBUG=true for development).")
    return value


try:
    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = _required("SECRET_KEY", "development-only-" + "x" * 50)
    if len(SECRET_KEY) < LEAST_SECRET:
        raise ImproperlyConfigured(f"SECRET_KEY is too short: use {LEAST_SECRET} random characters or more.")
    ALLOWED_HOSTS = [
        host.strip() for host in _required("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
    ]
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
    if DATABASES["default"]["ENGINE"] not in ENGINES:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    # Never by default in production: there the console is a log, and the links in e-mails are secrets.
    EMAIL = env.dj_email_url("EMAIL_URL", _required("EMAIL_URL", "console://"))
    if "EMAIL_BACKEND" not in EMAIL:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or console://.")
    DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data")))
    TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
    TIME_ZONE = env.str("TIME_ZONE", "America/New_York", validate=check.OneOf(available_timezones(), error=NO_ZONE))
    HTTPS = env.bool("HTTPS", not DEBUG)
    _here = f"http://127.0.0.1:{env.str('PORT', '8000')}"
    SITE_URL = _required("SITE_URL", _here, validate=check.URL(require_tld=False)).rstrip("/")
    BACKGROUND_WORKER = env.bool("BACKGROUND_WORKER", False)
    EXPORT_SECONDS = env.int("EXPORT_SECONDS", 120, validate=check.Range(min=1))
    EXPORT_MEGABYTES = env.int("EXPORT_MEGABYTES", 1024, validate=check.Range(min=64))
    EXPORT_FILE_MEGABYTES = env.int("EXPORT_FILE_MEGABYTES", 100, validate=check.Range(min=1))
    LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=check.OneOf(LOG_LEVELS))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Mobility Planning <no-reply@localhost>")
except (EnvError, ValueError) as error:
    raise ImproperlyConfigured(str(error)) from error

TESTING = "pytest" in sys.modules

# --- Applications -----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mobility_planning",
    "findings",
    "strategy",
    "plans",
    "sustain",
    "launch",
    "preparedness",
    "readings",
    "readiness",
    "pulse",
    "coalition",
    "comments",
    "municipalities",
    "accounts",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "simple_history",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "mobility_planning.urls"
WSGI_APPLICATION = "mobility_planning.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["mobility_planning.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "municipalities.context_processors.seat",
                "mobility_planning.context_processors.task_count",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "uswds"
CRISPY_FAIL_SILENTLY = not (DEBUG or TESTING)

# --- Database ---------------------------------------------------------------------------------------------

_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: anything less than immediate transactions with WAL answers "database is locked" under load.
    # synchronous stays FULL: an acknowledged save survives a power cut.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
# Measured: without persistent connections PostgreSQL answers five times slower, and SQLite, which writes its log back
# when the last one closes, takes half as long again for a save.
_database["CONN_MAX_AGE"] = 600

# --- Accounts ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapter.display"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Besides allauth's own: what readers of a published plan may send.
ACCOUNT_RATE_LIMITS = {"plan_feedback": "5/h/ip"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Safety -----------------------------------------------------------------------------------------------

_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
LAST_READER_COOKIE_NAME = f"{_cookie_prefix}reader"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
# Who asks for health stands on the machine itself and speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}

# --- Mail, cache, files -----------------------------------------------------------------------------------

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
# Sign-in limits count over all workers, so they need a cache that all workers share.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # How far long work is, told while its transaction is still open: a table would not show it to anybody else.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "progress",
        "TIMEOUT": 600,
    },
}
# What people bring. Nothing serves it but the gate (readiness.views.evidence), so it has no address.
MEDIA_ROOT = DATA_DIR / "evidence"
FILE_UPLOAD_HANDLERS = [
    "documents.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
EXPORT_CACHE_DIR = DATA_DIR / "exports"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_plain_static = DEBUG or TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _plain_static
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = _plain_static

# --- Language, time, logs ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]
USE_TZ = True
# Measured: with one language, looking every word up takes an eighth of a page's time. A second one switches it on.
USE_I18N = len(LANGUAGES) > 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # WeasyPrint and fontTools speak at INFO about every subset they make.
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        # How far a document is; only whoever draws it listens.
        "weasyprint.progress": {"level": "INFO", "propagate": False},
    },
}
