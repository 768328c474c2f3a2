"""The product's own settings, with the demo's people and the floor view beside its URLs."""

import os

os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ["DEMO"] = "1"
os.environ.setdefault("LOG_LEVEL", "WARNING")  # or a line for each page asked

from herotill.settings import *

ROOT_URLCONF = "tests.bench.urls"
