"""Settings, all by environment. Names and defaults: docs/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from herotill import embedded, logs

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = embedded.RUN
env = environ.Env()

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
TIME_ZONE = env.str("TIME_ZONE", default="Africa/Johannesburg")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if DEMO:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# --- databases -------------------------------------------------------------------------------------

EMBEDDED = not env.str("DATABASE_URL", default="")


def _secret(variable: str, filename: str) -> str:
    value = env.str(variable, default="")
    if value:
        return value
    if EMBEDDED:
        return embedded.secret(filename)
    raise ImproperlyConfigured(f"{variable} must be set when DATABASE_URL is.")


SECRET_KEY = _secret("SECRET_KEY", "secret_key")
FIELD_ENCRYPTION_KEYS = _secret("FIELD_ENCRYPTION_KEYS", "field_encryption_keys").split(",")

_servers = embedded.addresses()
DATABASE_URL = env.str("DATABASE_URL", default="") or _servers.database_url
REDIS_URL = env.str("REDIS_URL", default="") or _servers.redis_url


def _database(url: str) -> dict[str, object]:
    """One database with psycopg's connection pool, so that no request pays for a connection."""
    settings = dict(environ.Env.db_url_config(url))
    settings["ENGINE"] = "django.db.backends.postgresql"
    settings["CONN_MAX_AGE"] = 0
    settings["OPTIONS"] = {
        # A page is short work: compiling it, or starting workers for it, costs more than doing it. A report
        # that gains by workers sets them for its own transaction; the address may say `options` otherwise.
        "options": "-c jit=off -c max_parallel_workers_per_gather=0",
        **dict(settings.get("OPTIONS", {})),
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 20},
        "application_name": "herotill",
    }
    return settings


DATABASES = {"default": _database(DATABASE_URL)}
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = _database(env.str("DATABASE_REPLICA_URL")) | {"TEST": {"MIRROR": "default"}}
REPLICA_STICKY_SECONDS = env.int(
    "REPLICA_STICKY_SECONDS", default=10
)  # who changed something reads the primary
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "herotill.caches.Forgiving",
        "LOCATION": REDIS_URL,
        # A machine that is gone answers nothing at all; a socket file on our own always does.
        "OPTIONS": {}
        if REDIS_URL.startswith("unix:")
        else {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

# --- apps ------------------------------------------------------------------------------------------

# Lowest first; an app's wiring and widgets are imported in this order.
LOCAL_APPS = [
    "herotill",
    "herotill.users",
    "herotill.reference",
    "herotill.messages",
    "herotill.api",
    "customers",
    "dataaccounts",
    "billing",
    "workflow",
    "helpdesk",
    *env.list("EXTRA_APPS", default=[]),
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "herotill.apps.HouseConfig",
    "herotill.users.apps.UsersConfig",
    "herotill.reference.apps.ReferenceConfig",
    "herotill.messages.apps.MessagesConfig",
    "herotill.api.apps.ApiConfig",
    "django_celery_beat",
    "customers.apps.CustomersConfig",
    "dataaccounts.apps.DataAccountsConfig",
    "billing.apps.BillingConfig",
    "workflow.apps.WorkflowConfig",
    "helpdesk.apps.HelpdeskConfig",
    *env.list("EXTRA_APPS", default=[]),
]
AUTH_USER_MODEL = "users.User"
ROOT_URLCONF = "herotill.urls"
WSGI_APPLICATION = "herotill.wsgi.application"

MIDDLEWARE = [
    "herotill.logs.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "herotill.headers.SafeHeaders",
    "herotill.users.middleware.DemoStaysHome",
    "herotill.users.middleware.TwoDoors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "herotill.links.LinkForms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "herotill.users.middleware.WhoIsThere",
    "herotill.audit.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "herotill.reading.ReadYourChanges",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "herotill.users.middleware.LookingChangesNothing",
    "herotill.users.middleware.IdleLock",
    "herotill.users.middleware.SecondFactorFirst",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "herotill.shell.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["herotill.templatetags.shell"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- language, time, files -------------------------------------------------------------------------

LANGUAGE_CODE = "en-za"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["herotill.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]  # translations of what customers read; `make messages` gathers the texts

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(RUN_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(RUN_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
BACKUP_DIR = env.str("BACKUP_DIR", default="")
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", default=[])  # public age keys
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)
PG_BIN = env.str("PG_BIN", default="")  # where pg_dump and pg_restore are, if not where they are looked for
INSTALLATION_ID = env.str("INSTALLATION_ID", default=embedded.secret("installation") if EMBEDDED else "")
INSTALLATION_FILE = MEDIA_ROOT / ".installation"  # where the id is kept that the environment does not give
FILE_UPLOAD_PERMISSIONS = 0o600  # copies of identity documents: nobody else on the machine reads them
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the matrix sends a field for each right of each role
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
MAX_UPLOAD_SIZE = 25_000_000
API_PER_MINUTE = env.int("API_PER_MINUTE", default=300)
DATA_COPY_DAYS = env.int("DATA_COPY_DAYS", default=7)

# --- messages --------------------------------------------------------------------------------------

_mail = f"filemail:///{RUN_DIR / 'mail'}" if DEMO else "consolemail://"
vars().update(environ.Env.email_url_config(env.str("EMAIL_URL", default=_mail)))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="HeroTill <noreply@isp.example>")
MAIL_SERVICE = env.str("MAIL_SERVICE", default="")  # one of anymail's, such as mailgun or postal
ANYMAIL = env.json("MAIL_SERVICE_OPTIONS", default={})
if MAIL_SERVICE:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_SERVICE}.EmailBackend"
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
SMS_PER_MINUTE = env.int("SMS_PER_MINUTE", default=0)
SMSPORTAL, BULKSMS = "https://rest.smsportal.com", "https://api.bulksms.com/v1"
SMSPORTAL_URL = env.str("SMSPORTAL_URL", default=SMSPORTAL)
BULKSMS_URL = env.str("BULKSMS_URL", default=BULKSMS)
PAYFAST_URL = env.str("PAYFAST_URL", default="https://www.payfast.co.za")
PAYFAST_SANDBOX_URL = env.str("PAYFAST_SANDBOX_URL", default="https://sandbox.payfast.co.za")
PAYFAST_API_URL = env.str("PAYFAST_API_URL", default="https://api.payfast.co.za")
PAYFAST_HOSTS: list[str] = env.list(  # names whose addresses its notices come from
    "PAYFAST_HOSTS", default=["www.payfast.co.za", "w1w.payfast.co.za", "w2w.payfast.co.za"]
)
PAYNOW_URL = env.str("PAYNOW_URL", default="https://paynow.netcash.co.za")
VCS_URL = env.str("VCS_URL", default="https://www.vcs.co.za")
PAY_LINK_DAYS = env.int("PAY_LINK_DAYS", default=14)
NETCASH_URL = env.str("NETCASH_URL", default="https://ws.netcash.co.za")
SAGEONE_URL = env.str("SAGEONE_URL", default="https://accounting.sageone.co.za")
SAGEONE_MOMENT = env.str("SAGEONE_MOMENT", default="DateTime'%Y-%m-%dT%H:%M:%S'")
SAGEONE_CODE_FIELD = env.str("SAGEONE_CODE_FIELD", default="TextField1")
SAGEONE_SECONDS_APART = env.float("SAGEONE_SECONDS_APART", default=1.0)
SAGEONE_A_MINUTE = env.int("SAGEONE_A_MINUTE", default=100)
SAGEONE_A_DAY = env.int("SAGEONE_A_DAY", default=4500)
SMS_FILE = env.str("SMS_FILE", default=str(RUN_DIR / "sms.jsonl") if DEMO else "")
QUIET_HOURS = env.str("QUIET_HOURS", default="20:00-08:00")  # of marketing
MESSAGES_KEPT_YEARS = env.int("MESSAGES_KEPT_YEARS", default=7)
OUTBOUND_ALLOW: list[str] = env.list("OUTBOUND_ALLOW", default=[])  # networks of ours that may be called
RADIUS_ADDRESS: str = env.str("RADIUS_ADDRESS", default="")  # of our RADIUS server, as routers reach it
RADIUS_DETAIL_DIR: str = env.str("RADIUS_DETAIL_DIR", default="")  # accounting detail files to be read
CALL_DROPS_DIR: str = env.str("CALL_DROPS_DIR", default="")  # files of calls that are left to be read
CALL_ROWS_KEPT_MONTHS = env.int(
    "CALL_ROWS_KEPT_MONTHS", default=36
)  # what rows of such files said; 0 is for ever

# --- jobs ------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
# Rows say what is owed, so a message may be lost or come twice; it only must not come twice too soon.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 12 * 3600,
    "socket_connect_timeout": 3,
    "global_keyprefix": env.str("QUEUE_PREFIX", default=""),  # where installations share one Redis
}
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "messages"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "herotill.timetable.beat:Timetable"
CELERY_BEAT_SCHEDULE_FILENAME = str(RUN_DIR / "beat-schedule")
RUN_LEASE_SECONDS = env.int("RUN_LEASE_SECONDS", default=60)  # a worker silent for so long has lost its run

# --- logs and figures ------------------------------------------------------------------------------

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOGGING: dict[str, Any] = logs.configuration(
    form=env.str("LOG_FORMAT", default="plain"),
    level=env.str("LOG_LEVEL", default="INFO"),
    secrets=[
        SECRET_KEY,
        *FIELD_ENCRYPTION_KEYS,
        *(str(one["PASSWORD"]) for one in DATABASES.values()),
        vars().get("EMAIL_HOST_PASSWORD") or "",
        METRICS_TOKEN,
        *map(str, ANYMAIL.values()),
    ],
)

# --- safety ----------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIE_SECURE", default=not EMBEDDED)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
EXPORT_ROWS_WITHOUT_RIGHT = env.int("EXPORT_ROWS_WITHOUT_RIGHT", default=500)

# --- people and log-ins ----------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["herotill.users.backends.HouseBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"user_attributes": ["username", "name", "email"]}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "/login/"
SESSION_ENGINE = "herotill.users.sessions"
SESSION_COOKIE_NAME = "herotill_staff"
SESSION_COOKIE_AGE = 16 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "herotill_csrf"
CSRF_FAILURE_VIEW = "herotill.users.views.errors.csrf_failure"
# The portal's own names for the cookies that Django sets; they are sent to the portal only.
PORTAL_PATH = "/portal/"
PORTAL_COOKIES = {
    SESSION_COOKIE_NAME: "herotill_portal",
    CSRF_COOKIE_NAME: "herotill_portal_csrf",
    "messages": "herotill_portal_messages",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "herotill.users.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "HeroTill"
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}")
INSTALLATION_NAME = env.str("INSTALLATION_NAME", default="") or urlsplit(SITE_URL).hostname or "herotill"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STAFF_LINK_HOURS = env.int("STAFF_LINK_HOURS", default=4)
PORTAL_LINK_HOURS = env.int("PORTAL_LINK_HOURS", default=72)
IDLE_LOCK_SECONDS = env.int("IDLE_LOCK_SECONDS", default=15 * 60)
IDLE_LOCK_ASKS_SECOND_FACTOR = env.bool("IDLE_LOCK_ASKS_SECOND_FACTOR", default=False)
EMAIL_TIMEOUT = 20
