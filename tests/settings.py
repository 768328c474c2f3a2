"""The settings of the tests: those of the product, with nothing that reaches beyond the tests."""

import os
from pathlib import Path

# Servers of their own: nothing in common with the demo, and a disk that is not waited for.
os.environ.setdefault("RUN_DIR", str(Path(__file__).resolve().parents[1] / ".run" / "tests"))
os.environ.setdefault("PG_SETTINGS", "fsync=off full_page_writes=off synchronous_commit=off")
os.environ["EXTRA_APPS"] = "tests.sampleapp"
os.environ["INSTALLATION_ID"] = "tests"  # also of the processes that tests start
os.environ.setdefault("EMAIL_URL", "memorymail://")

from herotill.settings import *
from herotill.settings import DATABASES, RUN_DIR

for database in DATABASES.values():
    database["OPTIONS"] = {"options": "-c synchronous_commit=off", "application_name": "herotill-tests"}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
LOGGING = {}  # pytest keeps what is logged
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STATIC_ROOT = RUN_DIR / "static"
MEDIA_ROOT = RUN_DIR / f"media-{os.getpid()}"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # or every client of every test would list all static files first
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
