"""The settings of the tests: those of the product, with nothing that reaches beyond the test process."""

import os
from pathlib import Path

os.environ["EXTRA_APPS"] = "tests.sampleapp"
os.environ.setdefault("EMAIL_URL", "memorymail://")

from herotill.settings import *
from herotill.settings import DATABASES, RUN_DIR

for database in DATABASES.values():
    database["OPTIONS"] = {"options": "-c synchronous_commit=off", "application_name": "herotill-tests"}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STATIC_ROOT = RUN_DIR / "tests" / "static"
MEDIA_ROOT = RUN_DIR / "tests" / f"media-{os.getpid()}"
WHITENOISE_USE_FINDERS = True
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
