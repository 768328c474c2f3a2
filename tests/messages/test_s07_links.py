"""Safety 7: what opens something is put in while sending and stands nowhere afterwards."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from herotill.messages.models import Message
from herotill.messages.services import again, consent, outbox, sending
from herotill.users.models import User
from herotill.users.services import links
from tests.factories import make_person
from tests.users.conftest import portal_user, send_owed

pytestmark = pytest.mark.django_db


def tokens() -> set[str]:
    """What the links in the mails that went out open with."""
    found = (re.findall(r"https?://[^/\s]+/\S*?([\w:.~-]{20,})/", str(each.body)) for each in mail.outbox)
    return {token for each in found for token in each}


def everything() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_s07_no_stored_row_holds_a_token_that_works(client: Client, now: datetime, settings: Any) -> None:
    settings.QUIET_HOURS = ""
    carol = portal_user("CAR001", "Carol Petersen", "carol@example.com")
    links.owe(user=carol, email="carol@example.com", actor=None)
    links.owe(user=make_person("Alice", email="alice@isp.example"), email="alice@isp.example", actor=None)
    consent.record(channel="email", address="carol@example.com", wanted=True, how="on the phone", now=now)
    outbox.queue(template="test-offer", to="carol@example.com", context={"name": "Carol"}, now=now)
    assert send_owed() == 3

    found = tokens()
    assert len(found) == 3
    stored = everything()
    assert not any(token in stored for token in found)
    assert stored.count("[link]") == 3
    assert client.get(next(each for each in _paths() if "/portal/" in each)).status_code == 200


def test_s07_sent_again_it_gets_a_link_of_its_own_and_the_old_one_is_over(
    client: Client, now: datetime
) -> None:
    carol = portal_user("CAR001", "Carol Petersen", "carol@example.com")
    links.owe(user=carol, email="carol@example.com", actor=None)
    send_owed()
    [first] = _paths()
    naledi = User.objects.create_user("naledi", None, kind="staff", name="Naledi")
    copy = again.send_again(message=Message.objects.get(), now=now, actor_id=naledi.pk)
    assert copy.body == ""
    assert sending.send_mail(now) == "1 sent."
    second = _paths()[-1]
    assert first != second
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert "[link]" in Message.objects.get(pk=copy.pk).body


def _paths() -> list[str]:
    return [match for each in mail.outbox for match in re.findall(r"https?://[^/\s]+(/\S+)", str(each.body))]
