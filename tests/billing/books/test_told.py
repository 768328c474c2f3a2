"""The financial manager hears of what SageOne did not take: once for each trouble, from whoever works."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from billing.models import BooksConnection, BooksDocument, BooksOwed
from billing.selectors.books import sync_of
from billing.services import blanking
from billing.services.books import connecting, owing, sending, telling
from customers.anonymising import Stage
from herotill import outward
from herotill.blanking import begin
from herotill.integrations.books.errors import Denied
from herotill.integrations.sageone.live import SageOne
from herotill.integrations.sageone.standin import SageStandIn
from herotill.messages.models import Message
from herotill.messages.services import preparing
from tests.billing.books.test_sending import Clock, clock, linked
from tests.factories.billing import make_invoice
from tests.factories.books import connect
from tests.factories.customers import make_customer
from tests.factories.people import in_role, make_person

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
LOCKED = "Processing is locked up to"


@pytest.fixture
def mary() -> Any:
    """The financial manager."""
    connect()
    mary = in_role("Mary", "manager", email="mary@isp.example")
    BooksConnection.objects.update(manager=mary)
    return mary


def refuse(sage: SageStandIn, clock: Clock, *codes: str) -> list[Any]:
    """Invoices of these customers in a month that is locked there."""
    some = [make_invoice(customer) for customer in [linked(sage, code) for code in codes]]
    sage.lock_until(clock.now.date())
    sending.push(clock=clock)
    assert BooksOwed.objects.filter(state="refused").count() == len(codes)
    return some


def told() -> list[Message]:
    """The messages about SageOne; others are the invoices' own."""
    return list(Message.objects.filter(template__startswith="books_").order_by("pk"))


def mails() -> list[Any]:
    return preparing.letters(told(), now=timezone.now())


def test_mary_hears_of_a_refusal_once_and_of_the_next_reason(
    sage: SageStandIn, clock: Clock, mary: Any, settings: Any
) -> None:
    settings.SITE_URL = "https://isp.example"
    (invoice,) = refuse(sage, clock, "ALI001")
    assert telling.tell(clock.now) == "1 told of."
    (mail,) = mails()
    assert (mail.message.address, mail.subject) == ("mary@isp.example", "SageOne: Alice Liddel (ALI001)")
    for word in (invoice.name, LOCKED, "https://isp.example/customers/ALI001/"):
        assert word in mail.text
    for _ in range(2):
        owing.retry(owed=BooksOwed.objects.all(), actor=mary, now=clock.now)
        sending.push(clock=clock)
        assert telling.tell(clock.now) == "0 told of."
    assert sync_of(invoice.customer).told
    BooksOwed.objects.update(trouble="SelectionId is invalid.")
    assert not sync_of(invoice.customer).told
    assert telling.tell(clock.now) == "1 told of."
    assert sync_of(invoice.customer).told
    assert len(told()) == 2


def test_many_at_once_are_one_mail_without_names(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    some = refuse(sage, clock, "ALI001", "BOB001", "CAR001", "DAN001", "EVE001")
    BooksOwed.objects.filter(document=some[4]).update(trouble="SelectionId is invalid.")
    assert telling.tell(clock.now) == "5 told of."
    (mail,) = mails()
    assert mail.subject == "SageOne did not take 5 entries"
    assert f"{some[2].name} (CAR001) and 1 more" in mail.text
    assert f"SelectionId is invalid. {some[4].name} (EVE001)" in mail.text
    assert "Liddel" not in mail.text


def count_otherwise(invoice: Any, incl: str, vat: str = "") -> None:
    BooksDocument.objects.update_or_create(
        document=invoice,
        defaults={
            "kind": "invoice",
            "their_id": str(invoice.pk),
            "ours": invoice.incl,
            "our_vat": invoice.vat,
            "incl": incl,
            "vat": vat or invoice.vat,
            "synced_at": timezone.now(),
        },
    )


def test_totals_that_differ_are_told_once_and_again_when_they_change(clock: Clock, mary: Any) -> None:
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Smith", "BOB001")
    one, other, same = make_invoice(alice), make_invoice(bob), make_invoice(bob)
    count_otherwise(same, "454.00")
    assert telling.tell(clock.now) == "0 told of."
    count_otherwise(one, "454.01")
    count_otherwise(other, "454.00", "59.21")
    assert [telling.tell(clock.now) for _ in range(2)] == ["2 told of.", "0 told of."]
    (mail,) = mails()
    assert mail.subject == "SageOne counts 2 documents otherwise"
    assert f"{one.name} (ALI001): R 454.01 there, R 454.00 here." in mail.text
    assert f"{other.name} (BOB001): VAT R 59.21 there, R 59.22 here." in mail.text
    assert "/billing/books/sent/?differs=true" in mail.text
    assert ("Liddel" in mail.text, sync_of(alice).told) == (False, True)
    count_otherwise(one, "454.02")
    assert not sync_of(alice).told
    assert [telling.tell(clock.now) for _ in range(2)] == ["1 told of.", "0 told of."]
    assert mails()[-1].subject == "SageOne counts 1 document otherwise"


def test_more_totals_than_a_mail_holds_are_counted(
    clock: Clock, mary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    for cents in range(3):
        count_otherwise(make_invoice(alice), f"454.1{cents}")
    monkeypatch.setattr(telling, "LISTED", 1)
    telling.tell(clock.now)
    assert "R 454.12 there, R 454.00 here.\n… and 2 more." in mails()[0].text


def test_a_mail_about_many_goes_with_the_words_of_one_who_is_forgotten(
    sage: SageStandIn, clock: Clock, mary: Any
) -> None:
    invoice, _ = refuse(sage, clock, "ALI001", "BOB001")
    BooksOwed.objects.filter(document=invoice).update(trouble="Alice Liddel already exists.")
    telling.tell(clock.now)
    count_otherwise(make_invoice(make_customer("Carol Smith", "CAR001")), "454.01")
    telling.tell(clock.now)
    begin([invoice.customer_id], Stage.PERSON)
    blanking.profile([invoice.customer_id], clock.now)
    about_many, about_carol = told()
    assert (about_many.context, about_many.state) == ({}, "cancelled")
    assert "CAR001" in str(about_carol.context)


def test_more_troubles_than_a_mail_holds_are_counted(
    sage: SageStandIn, clock: Clock, mary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = refuse(sage, clock, "ALI001", "BOB001", "CAR001")
    for one in some:
        BooksOwed.objects.filter(document=one).update(trouble=f"{one.name} is not wanted.")
    monkeypatch.setattr(telling, "LISTED", 1)
    telling.tell(clock.now)
    assert "… and 2 more." in mails()[0].text


def test_without_a_manager_who_can_be_mailed_those_hear_who_settle_it(
    sage: SageStandIn, clock: Clock, mary: Any
) -> None:
    refuse(sage, clock, "ALI001")
    type(mary).objects.filter(pk=mary.pk).update(is_active=False)
    assert telling.tell(clock.now).startswith("Nobody can be told")
    make_person("Anna", "billing.view_booksowed", email="anna@isp.example")
    make_person("Sipho", "billing.settle_booksowed", email="sipho@isp.example")
    assert telling.tell(clock.now) == "1 told of."
    assert [one.address for one in told()] == ["sipho@isp.example"]


def test_what_was_told_of_details_ends_with_their_getting_there(
    sage: SageStandIn, clock: Clock, mary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing.push_customer(customer=linked(sage), actor=mary, now=clock.now)
    BooksOwed.objects.update(told_of="of an hour without an answer")
    save = SageOne.save_customer

    def while_they_change(books: SageOne, customer: Any) -> Any:
        BooksOwed.objects.update(version=F("version") + 1)
        return save(books, customer)

    monkeypatch.setattr(SageOne, "save_customer", while_they_change)
    assert sending.Sender(connecting.books(), clock).next()
    assert [(one.state, one.told_of) for one in BooksOwed.objects.all()] == [("waits", "")]


def test_a_copied_database_tells_nobody(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    refuse(sage, clock, "ALI001")
    outward.disown()
    assert telling.tell(clock.now) == outward.HELD
    assert not told()
    outward.take()
    assert telling.tell(clock.now) == "1 told of."


def test_while_the_books_are_off_nobody_hears(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    refuse(sage, clock, "ALI001")
    BooksConnection.objects.update(is_on=False)
    assert telling.tell(clock.now) == "SageOne is not in use."


def test_what_does_not_get_there_for_an_hour_is_told_of_too(
    sage: SageStandIn, clock: Clock, mary: Any
) -> None:
    make_invoice(linked(sage))
    for tried in range(telling.TRIES):
        assert telling.tell(clock.now) == "0 told of.", tried
        sage.misbehave("drop", on="TaxInvoice/Save")
        sending.push(clock=clock)
        clock.later(hours=13)
    assert telling.tell(clock.now) == "1 told of."
    assert telling.tell(clock.now) == "0 told of."


def test_that_nobody_gets_in_is_told_once(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    make_invoice(linked(sage))
    connecting.change_credentials(user="other@veldnet.test", password="wrong", api_key="")
    with pytest.raises(Denied):
        sending.push(clock=clock)
    for minutes in (0, 15):
        telling.tell(clock.now + timedelta(minutes=minutes))
    (mail,) = mails()
    assert (mail.message.template, "does not accept our user" in mail.text) == (telling.SHUT, True)


def test_the_words_go_when_the_customer_is_forgotten(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    (invoice,) = refuse(sage, clock, "ALI001")
    telling.tell(clock.now)
    begin([invoice.customer_id], Stage.PERSON)
    blanking.profile([invoice.customer_id], clock.now)
    assert (told()[0].context, telling.tell(clock.now)) == ({}, "0 told of.")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_mails(sage: SageStandIn, clock: Clock, mary: Any) -> None:
    refuse(sage, clock, "ALI001", "BOB001")
    together, said = threading.Barrier(2, timeout=60), []

    def worker() -> None:
        try:
            together.wait()
            said.append(telling.tell(clock.now))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    [one.start() for one in workers]
    [one.join() for one in workers]
    assert sorted(said) == ["0 told of.", "2 told of."]
    assert len(told()) == 1
