"""Disputes: a disputed document is not overdue until it is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.models import Debtor, Dispute, Document
from billing.selectors import suspensions
from billing.services import disputes, work_list
from customers.models import Customer
from herotill.errors import DomainError
from herotill.messages.models import Message
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
TODAY = date(2018, 8, 22)
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
RIGHTS = "billing.view_document", "customers.view_customer", "billing.view_dispute"


@pytest.fixture
def bob() -> Customer:
    return make_customer("Bob Baker", "BOB001")


@pytest.fixture
def invoice(bob: Customer) -> Document:
    return make_invoice(bob, "454.00", date(2018, 7, 1))


def dispute(document: Document, **more) -> Dispute:
    given = {"reason": "We moved out in June", "now": NOW, "actor": None} | more
    return disputes.add(document=document, **given)


def overdue(customer: Customer) -> Decimal | None:
    found = suspensions.overdue([customer.pk], TODAY).get(customer.pk)
    return found and found.amount


def test_s29_a_disputed_amount_is_not_overdue_until_it_is_answered(bob, invoice):
    make_invoice(bob, "100.00", date(2018, 7, 1))
    assert overdue(bob) == Decimal("554.00")

    made = dispute(invoice)
    assert overdue(bob) == Decimal("100.00")
    disputes.answer(dispute=made, text="The cancellation came in July", tell=False, now=NOW, actor=None)
    assert overdue(bob) == Decimal("554.00")


def test_who_disputes_all_of_it_leaves_the_collectors_list_and_comes_back_once_answered(bob, invoice):
    work_list.renew(now=NOW)
    assert Debtor.objects.get().overdue == Decimal("454.00")
    made = dispute(invoice)
    assert not Debtor.objects.exists()
    disputes.answer(dispute=made, text="No", tell=False, now=NOW, actor=None)
    assert Debtor.objects.get().customer == bob


def test_a_document_is_disputed_once_at_a_time_and_only_where_something_is_owed(bob, invoice):
    dispute(invoice)
    with pytest.raises(DomainError, match="disputed already"):
        dispute(invoice)
    paid = make_invoice(make_customer("Alice Liddel", "ALI001"), "100.00", date(2018, 7, 1))
    make_receipt(paid.customer, "100.00")
    for document in (paid, make_draft(bob)):
        with pytest.raises(DomainError, match="Nothing of this document"):
            dispute(document)


def test_an_answer_is_given_once_and_can_be_told_to_the_customer(bob, invoice):
    made = dispute(invoice)
    disputes.answer(dispute=made, text="The cancellation came in July", tell=True, now=NOW, actor=None)
    with pytest.raises(DomainError, match="answered already"):
        disputes.answer(dispute=made, text="Again", tell=True, now=NOW, actor=None)

    message = Message.objects.get(template="dispute_answered")
    assert (message.customer_id, message.context["answer"]) == (bob.pk, "The cancellation came in July")
    assert dispute(invoice, reason="And in July we were away").pk != made.pk


def test_the_database_lets_no_dispute_be_reworded_or_deleted(invoice):
    made = dispute(invoice)
    with pytest.raises(IntegrityError, match="answered once and never reworded"), transaction.atomic():
        Dispute.objects.filter(pk=made.pk).update(reason="Nothing")
    with pytest.raises(IntegrityError, match="answered, never deleted"), transaction.atomic():
        Dispute.objects.filter(pk=made.pk).delete()
    with pytest.raises(IntegrityError, match="dispute_answered_in_words"), transaction.atomic():
        Dispute.objects.filter(pk=made.pk).update(answered_at=NOW)


def test_a_dispute_is_noted_and_answered_on_the_page_of_the_document(invoice):
    thabo = client_of(make_person("Thabo", *RIGHTS, "billing.add_dispute", "billing.change_dispute"))
    page = f"/billing/documents/{invoice.pk}/"

    assert thabo.post(f"{page}dispute/", {"reason": "Moved out"}).status_code == 302
    shown = thabo.get(page).content.decode()
    assert "not overdue until answered: Moved out" in shown
    assert "Answer dispute" in shown
    assert "Moved out" in thabo.get(f"{page}dispute/answer/").content.decode()
    assert thabo.post(f"{page}dispute/answer/", {"answer": "In July", "tell": "on"}).status_code == 302
    assert "answered" in thabo.get(page).content.decode()
    assert thabo.get(f"{page}dispute/answer/").status_code == 404


def test_dora_without_the_right_neither_disputes_nor_answers(invoice):
    dora = client_of(make_person("Dora", *RIGHTS))
    page = f"/billing/documents/{invoice.pk}/"
    assert "document-dispute" not in dora.get(page).content.decode()
    assert dora.post(f"{page}dispute/", {"reason": "No"}).status_code == 403
    dispute(invoice)
    assert dora.post(f"{page}dispute/answer/", {"answer": "No"}).status_code == 403


def test_the_list_of_disputes_tells_their_age(bob, invoice, django_assert_max_num_queries):
    dispute(invoice, now=datetime.now(UTC) - timedelta(days=9))
    thabo = client_of(make_person("Thabo", *RIGHTS))
    with django_assert_max_num_queries(14):
        page = thabo.get("/billing/collections/disputes/?answered=false").content.decode()
    assert "We moved out in June" in page
    assert "Bob Baker" in page
    assert ">9<" in page
    assert "We moved" not in thabo.get("/billing/collections/disputes/?answered=true").content.decode()


def test_the_age_analysis_offers_the_dispute_and_marks_the_disputed(bob, invoice):
    thabo = client_of(make_person("Thabo", *RIGHTS, "billing.add_dispute"))
    card = "/customers/BOB001/widgets/age-analysis/"
    assert f"age-dispute-{invoice.pk}" in thabo.get(card).content.decode()
    dispute(invoice)
    shown = thabo.get(card).content.decode()
    assert "Disputed" in shown
    assert f"age-dispute-{invoice.pk}" not in shown
