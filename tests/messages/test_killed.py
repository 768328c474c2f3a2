"""Killed while sending, and two senders at once: nobody gets anything twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from herotill.messages.models import Message
from herotill.messages.services import again, outbox, sending
from tests.factories import make_person
from tests.messages.mailserver import Sink

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
SENDER = """
import django, sys
django.setup()
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = sys.argv[1]
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from django.utils import timezone
from tests.messages.conftest import BILL
from herotill.messages.templates import templates
from herotill.messages.services import sending
templates.register(BILL)
sending.send_mail(timezone.now())
"""


def bills(number: int, now: datetime) -> None:
    some = [outbox.New(to=f"c{each}@example.com", key=f"bill:{each}") for each in range(number)]
    outbox.queue_many(some, template="test-bill", now=now)
    Message.objects.update(state="waiting", next_try_at=now, attempts=0)


def sender() -> subprocess.Popen[bytes]:
    """A process of its own that sends what is due in this test's database."""
    database = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, database, str(settings.EMAIL_PORT)], cwd=ROOT, env=environment
    )


@pytest.fixture
def _nobody_sends_at_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herotill.messages.services.outbox.nudge", lambda name: None)
    monkeypatch.setattr("herotill.messages.services.again.nudge", lambda name: None)


@pytest.mark.usefixtures("_nobody_sends_at_commit")
def test_killed_while_sending_leaves_one_unknown_and_the_rest_is_sent_once(sink: Sink, now: datetime) -> None:
    bills(6, now)
    sink.silent_at = 3
    process = sender()
    _wait_until(lambda: len(sink.taken) == 3)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)

    later = now + timedelta(minutes=20)
    assert sending.send_mail(later) == "3 sent. 1 have an unknown end."
    assert sorted(sink.to()) == [f"c{each}@example.com" for each in range(6)]
    lost = Message.objects.get(state="unknown")
    assert "may have gone out" in lost.error
    assert sending.send_mail(later + timedelta(days=1)) == "0 sent."

    again.send_again(message=lost, now=later, actor_id=make_person("Naledi").pk)
    assert sending.send_mail(later) == "1 sent."
    assert sink.to().count(lost.address) == 2


@pytest.mark.usefixtures("_nobody_sends_at_commit")
def test_two_senders_at_once_send_each_once(sink: Sink, now: datetime) -> None:
    bills(150, now)
    senders = [threading.Thread(target=_send, args=(now,)) for _ in range(3)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    assert sorted(sink.to()) == sorted(f"c{each}@example.com" for each in range(150))
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def _send(now: datetime) -> None:
    try:
        sending.send_mail(now)
    finally:
        connection.close()


def _wait_until(true: Callable[[], bool]) -> None:
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("It never came to that.")
