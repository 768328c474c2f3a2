"""Debtor notes: stamped by themselves, newest first, never changed, never shown to customers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from billing.models import DebtorNote
from billing.services import debtor_notes
from customers.models import ALL_PURPOSES, Customer
from herotill.errors import DomainError
from herotill.messages.models import Message
from tests.factories import ContactFactory, make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 2, 26, 10, 12, 32, tzinfo=UTC)
TODAY = date(2018, 2, 26)
SEES = "customers.view_customer", "billing.view_debtornote"
CARD = "/customers/BOB001/widgets/debtor-notes/"


@pytest.fixture
def bob() -> Customer:
    return make_customer("Bob Baker", "BOB001")


def note(bob: Customer, text: str = "Says he pays on Friday", **more) -> DebtorNote:
    return debtor_notes.add(customer=bob, text=text, **({"now": NOW, "actor": None} | more))


def test_thabo_adds_a_note_and_his_name_and_the_time_stand_by_themselves(bob):
    thabo = make_person("Thabo", *SEES, "billing.add_debtornote")
    client = client_of(thabo)

    sent = {"text": "permission granted to load debit order accordingly\n\nThank you", "way": "call"}
    assert client.post(f"{CARD}add/", sent).status_code == 302
    made = bob.debtor_notes.get()
    assert (made.author, made.way) == (thabo, "call")
    page = client.get(CARD).content.decode()
    assert "permission granted" in page
    assert "Thabo" in page
    assert f"{made.written_at:%Y-%m-%d}" in page


def test_the_newest_stands_first_and_older_ones_can_be_shown(bob):
    for number in range(12):
        note(bob, f"Said {number:02}", now=NOW + timedelta(minutes=number))
    client = client_of(make_person("Thabo", *SEES))

    page = client.get(CARD).content.decode()
    assert page.index("Said 11") < page.index("Said 05")
    assert "Said 00" not in page
    assert "Said 00" in client.get(f"{CARD}?shown=all").content.decode()


def test_dora_without_the_right_sees_no_card_and_may_only_read_where_she_may_read(bob):
    note(bob)
    dora, eva = (
        client_of(make_person(name, *rights)) for name, rights in (("Dora", SEES[:1]), ("Eva", SEES))
    )
    assert dora.get(CARD).status_code in (403, 404)
    assert "pays on Friday" in eva.get(CARD).content.decode()
    assert eva.post(f"{CARD}add/", {"text": "Me too", "way": "note"}).status_code == 403
    assert DebtorNote.objects.count() == 1


def test_a_note_is_never_changed_or_deleted_not_even_by_sql(bob):
    made = note(bob)
    for changed in ({"text": "Says nothing"}, {"way": "call"}, {"written_at": NOW + timedelta(days=1)}):
        with pytest.raises(IntegrityError, match="never changed; write another"), transaction.atomic():
            DebtorNote.objects.filter(pk=made.pk).update(**changed)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        DebtorNote.objects.filter(pk=made.pk).delete()


def test_a_mail_with_a_note_can_be_tracked_and_says_nothing_of_the_note(bob):
    make_invoice(bob, "454.00", date(2018, 1, 1))
    thabo = make_person("Thabo", *SEES, "outbox.view_message")
    made = note(bob, "Rude on the telephone; mailed instead", mail=True, actor=thabo)

    message = Message.objects.get(pk=made.message_id)
    assert (made.way, message.template, message.purpose) == ("email", "debtor_reminder", "debt")
    assert message.context == {
        "name": "Bob Baker",
        "code": "BOB001",
        "amount": "R 454.00",
        "oldest": "2018-01-01",
    }
    page = client_of(thabo).get(CARD).content.decode()
    assert "Track Email" in page
    assert f'hx-get="/messages/{message.pk}/"' in page
    shown = client_of(thabo).get(f"/messages/{message.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Waiting" in shown
    assert "Rude" not in shown
    assert "Track Email" not in client_of(make_person("Eva", *SEES)).get(CARD).content.decode()


def test_nobody_is_reminded_of_nothing_or_without_an_address(bob):
    with pytest.raises(DomainError, match="Nothing is overdue"):
        note(bob, mail=True)
    make_invoice(bob, "454.00", date(2018, 1, 1))
    ContactFactory(customer=bob, email="", purposes=["debt"])
    bob.contacts.filter(is_primary=True).update(purposes=[one for one in ALL_PURPOSES if one != "debt"])
    with pytest.raises(DomainError, match="Nobody at this customer"):
        note(bob, mail=True)
    assert not DebtorNote.objects.exists()
    assert not Message.objects.filter(template="debtor_reminder").exists()


def test_a_contact_does_what_was_due_and_a_later_action_replaces_what_was_planned(bob):
    first = note(bob, next_on=TODAY)
    note(bob, "Nothing new")
    assert not DebtorNote.objects.exclude(next_done_at=None).exists()

    later = NOW + timedelta(hours=1)
    second = note(bob, "Spoke to him", way="call", next_on=TODAY + timedelta(days=7), now=later)
    note(bob, "Called by chance", way="call", now=later)
    planned = DebtorNote.objects.filter(next_on__isnull=False).order_by("pk")
    assert list(planned.values_list("pk", "next_done_at")) == [(first.pk, later), (second.pk, None)]
    with pytest.raises(DomainError, match="today or later"):
        note(bob, next_on=TODAY - timedelta(days=1))


def test_what_stands_in_a_note_is_shown_as_it_is(bob):
    note(bob, "<b>{{ 7*7 }}</b> <img src=http://x>")
    page = client_of(make_person("Thabo", *SEES)).get(CARD).content.decode()
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt; &lt;img src=http://x&gt;" in page


def test_s19_control_characters_are_refused(bob):
    thabo = client_of(make_person("Thabo", *SEES, "billing.add_debtornote"))
    assert thabo.post(f"{CARD}add/", {"text": "a\tb\x00", "way": "note"}).status_code == 422
    assert not DebtorNote.objects.exists()


def test_no_page_of_the_portal_reads_debtor_notes():
    """They are never shown to the customer: nothing that the portal is made of names them."""
    root = Path(__file__).parents[2]
    portal = [*root.glob("*/portal.py"), *root.glob("templates/**/portal*.html")]
    assert portal
    assert not [one for one in portal if "debtor" in one.read_text().lower()]


def test_the_card_takes_few_questions_however_many_notes(bob, django_assert_max_num_queries):
    for number in range(30):
        note(bob, f"Said {number}")
    client = client_of(make_person("Thabo", *SEES))
    client.get(CARD)
    with django_assert_max_num_queries(9):
        client.get(CARD)
