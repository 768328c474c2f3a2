"""Writing messages: one, many, and as many as there are customers; never twice under one key."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from herotill.messages.models import Message
from herotill.messages.services import outbox
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
CONTEXT = {"name": "Alice", "number": "INV00001", "amount": "R 10.00"}


def test_a_message_is_written_with_its_cause_and_gone_with_it(now: datetime) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.queue(template="test-bill", customer_id=alice.pk, context=CONTEXT, now=now)
        raise RuntimeError
    assert not Message.objects.exists()

    assert outbox.queue(
        template="test-bill",
        customer_id=alice.pk,
        context=CONTEXT,
        subject_kind="invoice",
        subject_id=7,
        now=now,
    )
    row = Message.objects.get()
    assert (row.state, row.channel, row.purpose, row.subject_id) == ("waiting", "email", "invoices", 7)
    assert (row.context, row.address, row.next_try_at) == (CONTEXT, "", now)


def test_a_key_is_written_once(now: datetime) -> None:
    given = {"template": "test-bill", "to": "alice@example.com", "key": "bill:1", "now": now}
    assert outbox.queue(**given) is True
    assert outbox.queue(**given) is False
    same = [outbox.New(to="alice@example.com", key=key) for key in ("bill:1", "bill:2", "bill:2", "", "")]
    assert outbox.queue_many(same, template="test-bill", now=now) == 3
    with pytest.raises(IntegrityError, match="message_key_once"), transaction.atomic():
        Message.objects.create(
            template="test-bill", channel="email", address="a@b.co", key="bill:1", queued_at=now
        )


def test_a_field_that_the_template_does_not_know_is_a_mistake(now: datetime) -> None:
    with pytest.raises(ValueError, match="no field token"):
        outbox.queue(template="test-bill", to="alice@example.com", context={"token": "x"}, now=now)


def test_a_message_to_nobody_is_refused(now: datetime) -> None:
    with pytest.raises(IntegrityError, match="message_has_somebody_to_go_to"), transaction.atomic():
        outbox.queue(template="test-bill", now=now)


def test_a_message_for_every_customer_is_one_statement(now: datetime, django_assert_num_queries) -> None:
    for number in range(3):
        make_customer(f"Client {number}")
    select = """SELECT id AS customer_id, id AS subject_id, jsonb_build_object('name', name) AS context,
        'bill:' || id AS key FROM customers_customer WHERE id > %(above)s"""
    with django_assert_num_queries(3):  # the statement and its savepoint
        assert outbox.queue_select(select, {"above": 0}, template="test-bill", now=now) == 3
    assert outbox.queue_select(select, {"above": 0}, template="test-bill", now=now) == 0
    assert {row.context["name"] for row in Message.objects.all()} == {"Client 0", "Client 1", "Client 2"}


@pytest.mark.django_db(transaction=True)
def test_two_who_write_a_key_at_once_write_it_once(now: datetime) -> None:
    started, written = threading.Barrier(2), []

    def write() -> None:
        try:
            with transaction.atomic():
                started.wait(timeout=60)
                written.append(
                    outbox.queue(template="test-bill", to="a@example.com", key="once", held=True, now=now)
                )
        finally:
            connection.close()

    both = [threading.Thread(target=write) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(written) == [False, True]
    assert Message.objects.count() == 1
