"""The product's own settings, with the floor view beside its URLs."""

import os

os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ.setdefault("PG_SETTINGS", "")

from herotill.settings import *

ROOT_URLCONF = "tests.bench.urls"
