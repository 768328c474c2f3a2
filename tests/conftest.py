"""What every test may ask for. Fixtures of one area live in that area's own conftest or in tests/fixtures/."""

from __future__ import annotations

import gc
import math
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase

from herotill import outward
from tests import databases

pytest_plugins = ["tests.strict", "tests.browser"]
hypothesis.settings.register_profile("house", deadline=None)  # no test depends on how fast a machine is
hypothesis.settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end, so that the collector of garbage need not walk through it each time.

    With little left to walk through it would come the more often; the threshold keeps it as rare as it was.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """A copy of the migrated template; a test that commits leaves a fresh copy behind it."""
    with django_db_blocker.unblock(), databases.copies() as copies, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: copies.renew())
        yield


@pytest.fixture(scope="session", autouse=True)
def _ours() -> None:
    """Whatever calls out is this installation's own, also where a test has no database to ask."""
    outward._sure_until = math.inf


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _own_media() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
