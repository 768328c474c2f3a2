"""Mails of issued documents: queued with the issue, once, and to nobody whom we do not write to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from billing.models import Document, SubAccountMode
from billing.services import credit_notes, issuing, write_offs
from herotill.messages.models import Message
from herotill.messages.templates import templates
from tests.factories import client_of, make_customer
from tests.factories.billing import make_draft, make_invoice
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def test_an_issued_invoice_is_mailed_with_its_print(alice):
    invoice = make_invoice(alice)
    said = Message.objects.get()
    assert (said.template, said.purpose, said.attachments, said.customer_id) == (
        "invoice",
        "invoices",
        ["document"],
        alice.pk,
    )
    assert (said.subject_kind, said.subject_id) == ("document", invoice.pk)
    assert said.context["document"] == "INV00001"
    assert said.context["amount"] == "454.00"
    page = client_of(in_role("Greta", "accounts")).get(invoice.get_absolute_url()).content.decode()
    assert "Messages" in page
    assert f'<span class="wide">{templates["invoice"].title}</span>' in page
    assert "Waiting" in page


def test_what_is_not_issued_is_not_mailed(alice):
    draft = make_draft(alice)
    with pytest.raises(RuntimeError), transaction.atomic():
        issuing.issue(documents=[draft.pk], actor=None, now=NOW)
        raise RuntimeError("The power is gone.")
    assert not Message.objects.exists()


def test_a_credit_note_is_mailed_and_a_write_off_is_not(alice):
    first, second = make_invoice(alice), make_invoice(alice)
    Message.objects.all().delete()
    credit_notes.make(
        document=first,
        amounts=credit_notes.whole(first),
        reason="Twice",
        day=date(2018, 9, 1),
        actor=None,
        now=NOW,
    )
    write_offs.make(
        customer=alice,
        named=[second.pk],
        recovery="ceased",
        reason="Gone",
        day=date(2018, 9, 1),
        actor=None,
        now=NOW,
    )
    assert [one.template for one in Message.objects.all()] == ["credit-note"]
    assert Document.objects.get(kind="write_off").incl == Decimal("454.00")


def test_s16_history_from_before_is_never_mailed(alice):
    draft = make_draft(alice)
    Document.objects.filter(pk=draft.pk).update(status="issued", before=True, name="OLD1", issued_at=NOW)
    assert not Message.objects.exists()


def test_s14_a_resellers_client_is_never_written_to(alice):
    SubAccountMode.objects.create(customer=alice, starts_on=date(2018, 6, 1), mode="reseller")
    make_invoice(alice)
    assert not Message.objects.exists()
    SubAccountMode.objects.create(customer=alice, starts_on=date(2018, 8, 1), mode="itself")
    make_invoice(alice)
    assert Message.objects.count() == 1


def test_many_documents_take_as_many_questions_as_one(alice, django_assert_max_num_queries):
    drafts = [make_draft(alice).pk for _ in range(10)]
    with django_assert_max_num_queries(29):
        issuing.issue(documents=drafts, actor=None, now=NOW)
    assert Message.objects.count() == 10
