"""Every setting of Jingyi. Environment over default; `docs/reference/settings.md` lists them."""

import os
import secrets
from pathlib import Path

import jingyi.web.sqlite  # noqa: F401 -- replaces sqlite3 before Django imports it


def _flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if value in {"", "1", "0", "true", "false", "yes", "no"}:
        return default if value == "" else value in {"1", "true", "yes"}
    msg = f"{name} must be true or false, not {value!r}"
    raise ValueError(msg)


def _secret_key(folder: Path) -> str:
    """Return the office's own key; made once, readable by its owner only."""
    if given := os.environ.get("JINGYI_SECRET_KEY"):
        return given
    path = folder / "keys" / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


HERE = Path(__file__).parent
DATA = Path(os.environ.get("JINGYI_DATA", "data")).resolve()
SECRET_KEY = _secret_key(DATA)
DEBUG = _flag("JINGYI_DEBUG", default=False)
ALLOWED_HOSTS = os.environ.get("JINGYI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = _flag("JINGYI_HTTPS", default=False)  # set it where a proxy terminates TLS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "jingyi.web.ui",
    "jingyi.web.jobs",
    "jingyi.web.accounts",
    "jingyi.web.ledger",
    "jingyi.web.registry",
    "jingyi.web.evidence",
    "jingyi.web.places",
    "jingyi.web.intake",
    "jingyi.web.leads",
    "jingyi.web.cases",
    "jingyi.web.proposals",
    "jingyi.web.lab",
    "jingyi.web.screening",
    "jingyi.web.station",
    "jingyi.web.patrols",
    "jingyi.web.brands",
    "jingyi.web.selection",
    "jingyi.web.api",
    "jingyi.web.operations",
    "jingyi.web.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jingyi.web.evidence.guarding.FilesAreOnlyFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jingyi.web.registry.access.EveryViewSaysWhoMaySeeIt",
    "jingyi.web.accounts.sessions.Seen",
    "jingyi.web.cases.sealing.reads.SealedReads",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jingyi.web.urls"
WSGI_APPLICATION = "jingyi.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jingyi.web.ui.frame.frame",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

# One database. SQLite needs no server; PostgreSQL is one setting away.
DATABASE_URL = os.environ.get("JINGYI_DATABASE", "")
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "jingyi.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, not NORMAL: evidence must survive a power cut
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}


def postgres(url: str) -> dict[str, object]:
    """Return Django's words for a PostgreSQL address."""
    from urllib.parse import parse_qs, unquote, urlsplit  # noqa: PLC0415 -- only where PostgreSQL is chosen

    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = "JINGYI_DATABASE must look like postgresql://user:password@host:5432/name"
        raise ValueError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname
        or parse_qs(parts.query).get("host", [""])[0],  # or a socket's folder
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": postgres(DATABASE_URL) if DATABASE_URL else SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People and sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "intake:home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # one cannot lock another out from elsewhere
AXES_RESET_ON_SUCCESS = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [
    HERE.parent / part / "locale"
    for part in ("core", "core/triage", "core/linkage", "core/matching", "cli")
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "jingyi.web.ui.formats"

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
VAULT = DATA / "vault"
VAULT_BUCKET = os.environ.get("JINGYI_VAULT", "")  # s3://…: originals go there, not to the folder
LEDGER_SM2 = os.environ.get("JINGYI_SM2", "") == "1"  # sign tree heads with SM2 as well
SWEEP_BYTES_PER_SECOND = int(os.environ.get("JINGYI_SWEEP_MB_PER_SECOND", "20")) * 2**20
SWEEP_EVERY_DAYS = int(os.environ.get("JINGYI_SWEEP_DAYS", "7"))
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # form fields; files are streamed to disk
DATA_UPLOAD_MAX_NUMBER_FILES = 12
EXCHANGE = os.environ.get("JINGYI_EXCHANGE", "")  # a folder where organs leave their tables
CONNECTIONS = os.environ.get("JINGYI_CONNECTIONS", "")  # a TOML file: name = "postgresql://…"
SCREENING_ENGINE = os.environ.get("JINGYI_SCREENING_ENGINE", "duckdb")  # or spark
# where webhooks may go: origins, as "https://oa.example.org http://10.1.2.3:8080"; none: nowhere
WEBHOOKS = os.environ.get("JINGYI_WEBHOOKS", "").split()
IMPORT_MAX_BYTES = int(os.environ.get("JINGYI_IMPORT_MAX_MB", "200")) * 2**20

# What a browser may do: own files only, no inline script, no inline style
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# Mail, where the office has a server; otherwise notices stay in the page
EMAIL_HOST = os.environ.get("JINGYI_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("JINGYI_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("JINGYI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("JINGYI_MAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("JINGYI_MAIL_TLS", default=False)
DEFAULT_FROM_EMAIL = os.environ.get("JINGYI_MAIL_FROM", "jingyi@localhost")

METRICS_TOKEN = os.environ.get("JINGYI_METRICS_TOKEN", "")  # without one there are no figures
LOG = os.environ.get("JINGYI_LOG", "line")  # or json: one object a line
# No address of a person who reports is written anywhere
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "jingyi.web.ui.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"jingyi": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
# Whether every host beside this one speaks TLS, and for all time, is the office's to say, not ours
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not HTTPS:  # one laptop: what TLS would bring is known to be missing
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

JINGYI_ACTS_OF = "jingyi.web.registry.queries.acts_of"

# Tasks queued with an office's id when reports have come in: rooms above intake name themselves
JINGYI_AFTER_REPORTS = ["jingyi.web.leads.jobs.gather_office"]

# The rail of rooms: shown in this order to whoever holds a post whose role has the act
# asked at each beat of a worker, every few seconds; must be cheap
JINGYI_BEATS = ["jingyi.web.api.hooks.jobs.look"]
JINGYI_RAIL = [
    {"label": "今日", "url": "desk:today", "glyph": "日", "act": "desk.read"},
    {"label": "线索台", "url": "leads:desk", "glyph": "线", "act": "lead.read"},
    {"label": "案件", "url": "cases:list", "glyph": "案", "act": "case.read"},
    {"label": "工作站", "url": "station:matters", "glyph": "站", "act": "station.read"},
    {"label": "共享台账", "url": "shared:agenda", "glyph": "共", "act": "station.ledger"},
    {"label": "监督模型", "url": "screening:models", "glyph": "模", "act": "screening.read"},
    {"label": "建议提案", "url": "proposals:items", "glyph": "议", "act": "proposals.read"},
    {"label": "我的建议", "url": "proposals:mine", "glyph": "议", "act": "proposals.mine"},
    {"label": "实验室", "url": "lab:home", "glyph": "检", "act": "lab.read"},
    {"label": "品牌", "url": "brands:list", "glyph": "牌", "act": "brands.read"},
    {"label": "评选", "url": "selection:list", "glyph": "选", "act": "selection.read"},
    {"label": "评分表", "url": "selection:sheets", "glyph": "评", "act": "selection.sheets"},
    {"label": "地图", "url": "places:map", "glyph": "图", "act": "place.read"},
    {"label": "巡查", "url": "patrols:list", "glyph": "巡", "act": "patrols.walk"},
    {"label": "导入", "url": "intake:imports", "glyph": "入", "act": "import.read"},
    {"label": "登记", "url": "registry:home", "glyph": "机", "act": "registry.read"},
    {"label": "账本", "url": "evidence:ledger", "glyph": "账", "act": "ledger.read"},
    {"label": "运维", "url": "operations:page", "glyph": "维", "act": "operations.read"},
]
