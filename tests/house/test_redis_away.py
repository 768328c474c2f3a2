"""Redis may be away: who is logged in works on, what is owed is written down, and only log-ins wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone
from redis.exceptions import ConnectionError as Unreachable

from herotill import caches
from herotill.api import limits
from tests.factories import make_customer, make_person
from tests.house.workers import ROOT, database_url

STORY = """
import json, django
django.setup()
from django.test import Client
from django.utils import timezone
from herotill import jobs
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.models import JobState
from herotill.users.models import User

browser = Client(raise_request_exception=False)
browser.force_login(User.objects.get(username="thandi"))
heard = {path: browser.get(path).status_code for path in ("/", "/customers/", "/customers/ALI001/", "/search/?q=alice", "/health/")}
added = browser.post("/customers/ALI001/widgets/customer-notes/add/", {"text": "Redis was away", "category": ""})
heard["note"] = added.status_code
outbox.queue(template="test-mail", to="a@example.com", context={"subject": "a", "text": "b"}, now=timezone.now())
heard["owed"] = Message.objects.filter(state="waiting").count()
print(json.dumps(heard))
"""


@pytest.mark.django_db(transaction=True)
def test_without_redis_pages_are_served_and_what_is_owed_waits() -> None:
    make_customer("Alice Liddel", "ALI001")
    make_person(
        "Thandi", "customers.view_customer", "customers.view_customernote", "customers.add_customernote"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "herotill.settings",
        "EXTRA_APPS": "tests.sampleapp",
        "DATABASE_URL": database_url(),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "ALLOWED_HOSTS": "testserver",
        "COOKIE_SECURE": "0",
        "LOG_LEVEL": "ERROR",
    }
    said = subprocess.run(
        [sys.executable, "-c", STORY], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout.splitlines()[-1]) == {
        "/": 200,
        "/customers/": 200,
        "/customers/ALI001/": 200,
        "/search/?q=alice": 200,
        "/health/": 200,
        "note": 302,
        "owed": 1,
    }


def away() -> caches.Forgiving:
    caches.Forgiving.away_until = 0.0
    return caches.Forgiving("redis://127.0.0.1:1/0", {"OPTIONS": {"retry": None}})


def test_a_cache_that_is_away_knows_nothing_and_is_not_asked_again_at_once() -> None:
    cache = away()
    asked: list[int] = []

    def work_out() -> int:
        asked.append(1)
        return 12

    assert cache.get("balance", 7) == 7
    assert cache.get_or_set("balance", work_out) == 12
    assert (cache.get_many(["a"]), cache.delete("a"), asked) == ({}, False, [1])
    cache.set("a", 1)
    cache.delete_many(["a"])
    assert caches.Forgiving.away_until > 0
    caches.Forgiving.away_until = 0.0


def test_what_guards_a_door_stays_shut() -> None:
    cache = away()
    with pytest.raises(Unreachable):
        cache.add("second-factor:1:123456", 1)
    with pytest.raises(Unreachable):
        cache.incr("tries")


def test_redis_that_is_there_remembers() -> None:
    caches.Forgiving.away_until = 0.0
    cache = caches.Forgiving(settings.REDIS_URL, {"KEY_PREFIX": f"test-{os.getpid()}"})
    cache.set("a", 1, 60)
    assert (cache.get("a"), cache.get_or_set("a", 2), cache.get_many(["a"])) == (1, 1, {"a": 1})
    assert cache.delete("a")
    assert cache.get("a") is None
    assert cache.get_or_set("a", lambda: 3, 60) == 3
    cache.delete_many(["a"])
    cache.close()


def test_programs_do_not_wait_for_it_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Away:
        def add(self, key: str, *more: object) -> bool:
            asked.append(key)
            raise Unreachable

    monkeypatch.setattr(limits, "cache", Away())
    monkeypatch.setattr(caches.Forgiving, "away_until", 0.0)
    for _ in range(5):
        limits.take("owner:1", now=timezone.now(), allowed=1)
    assert len(asked) == 1
