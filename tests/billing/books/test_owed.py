"""What the books are owed is written by the database: of whom, of what, and never what is from before."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from billing.models import BooksConnection, BooksCustomer, BooksOwed, Document
from billing.services import blanking, books_receipts
from billing.services.books import connecting, owing
from customers.anonymising import Stage
from customers.models import Address, Customer
from herotill.blanking import begin
from herotill.clock import stamp
from herotill.integrations.sageone.standin import SageStandIn
from herotill.moving_in import deeds
from tests.customers.importing.files import person
from tests.customers.importing.stories import applied, importer, rolled_back
from tests.factories.billing import NOW, make_draft, make_invoice
from tests.factories.books import connect
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def owed() -> list[str]:
    """Codes and numbers in the order in which they are owed."""
    rows = BooksOwed.objects.select_related("customer", "document").order_by("pk")
    return [row.document.name if row.document else row.customer.code for row in rows]


def test_while_the_connection_is_off_nothing_is_owed() -> None:
    alice = make_customer(code="ALI001")
    make_invoice(alice)
    assert owed() == []
    with pytest.raises(owing.DomainError, match="switched off"):
        owing.push_all(actor=make_person("Mary Manager"), now=NOW)


def test_a_new_customer_and_an_issued_invoice_are_owed_and_a_draft_is_not() -> None:
    connect()
    alice = make_customer(code="ALI001")
    make_draft(alice)
    invoice = make_invoice(alice)
    assert owed() == ["ALI001", invoice.name]


def test_who_was_there_before_the_connection_is_owed_with_the_first_invoice() -> None:
    bob = make_customer("Bob Builder", code="BOB001")
    connect()
    invoice = make_invoice(bob)
    again = make_invoice(bob)
    assert owed() == ["BOB001", invoice.name, again.name]


def test_s16_what_is_from_before_and_what_is_dated_before_the_cut_over_is_never_owed() -> None:
    connect(starts_on=date(2018, 8, 22))
    bob = make_customer("Bob Builder", code="BOB001")
    make_invoice(bob, day=date(2018, 8, 21))
    old = make_draft(bob, day=date(2018, 8, 25))
    Document.objects.filter(pk=old.pk).update(status="issued", before=True, name="OLD00017", issued_at=NOW)
    assert owed() == ["BOB001"]
    assert owing.catch_up() == 0
    assert owed() == ["BOB001"]


def test_what_was_issued_while_it_was_off_is_caught_up_with_once() -> None:
    alice = make_customer(code="ALI001")
    invoice = make_invoice(alice)
    note = make_invoice(alice, kind="credit_note", against=invoice)
    connect()
    assert owing.catch_up() == 2
    assert owing.catch_up() == 0
    assert owed() == ["ALI001", invoice.name, note.name]


def test_details_that_change_are_owed_once_and_every_change_counts() -> None:
    carol = make_customer("Carol Cook", code="CAR001")
    connect()
    carol.surname = "Baker"
    carol.save()
    Address.objects.create(customer=carol, kind="postal", lines="PO Box 7", town="Paarl")
    row = BooksOwed.objects.get()
    assert (row.customer, row.version) == (carol, 2)
    BooksOwed.objects.update(state="refused", trouble="Name is required.")
    carol.addresses.update(town="Worcester")
    row.refresh_from_db()
    assert (row.state, row.version) == ("waits", 3)


def test_what_the_books_do_not_keep_is_no_change() -> None:
    carol = make_customer("Carol Cook", code="CAR001")
    connect()
    carol.payment_method = "eft"
    carol.save()
    Address.objects.create(customer=carol, kind="other", lines="Farm gate")
    assert owed() == []


def test_a_customer_without_a_link_can_still_be_deleted_with_the_address() -> None:
    connect()
    carol = make_customer("Carol Cook", code="CAR001")
    Address.objects.create(customer=carol, kind="postal", lines="PO Box 7", town="Paarl")
    with transaction.atomic():
        carol.contacts.all().delete()
        carol.delete()
    assert owed() == []


def test_the_company_stands_once_somebody_is_linked() -> None:
    connect()
    alice = make_customer(code="ALI001")
    BooksConnection.objects.update(company_id="2")
    BooksCustomer.objects.create(customer=alice, their_id="7")
    with pytest.raises(IntegrityError, match="linked with this company"), transaction.atomic():
        BooksConnection.objects.update(company_id="3")


def test_in_use_without_a_cut_over_day_is_refused_by_the_database() -> None:
    connect()
    with pytest.raises(IntegrityError, match="books_in_use_are_complete"), transaction.atomic():
        BooksConnection.objects.update(starts_on=None)


def test_s29_of_who_is_forgotten_no_details_are_owed_and_no_words_of_theirs_are_kept() -> None:
    carol = make_customer("Carol Cook", code="CAR001")
    connect()
    make_invoice(carol)
    BooksOwed.objects.exclude(document=None).update(state="refused", trouble="Carol Cook has no address.")
    begin([carol.pk], Stage.PERSON)
    blanking.profile([carol.pk], NOW)
    assert [(row.state, row.trouble) for row in BooksOwed.objects.all()] == [("refused", "•••")]
    type(carol).objects.filter(pk=carol.pk).update(surname="Former", anonymised_on=NOW.date())
    assert BooksOwed.objects.count() == 1


def test_what_changed_while_it_was_off_is_owed_when_it_is_switched_on() -> None:
    connect()
    alice = make_customer(code="ALI001")
    BooksCustomer.objects.create(customer=alice, their_id="7")
    BooksOwed.objects.all().delete()
    BooksConnection.objects.update(is_on=False)
    alice.surname = "Hargreaves"
    alice.save()
    assert owed() == []
    one = connecting.connection()
    values = {name: getattr(one, name) for name in connecting.SETTINGS}
    connecting.change(values=values | {"is_on": True})
    assert owed() == ["ALI001"]


def test_what_was_issued_while_it_was_switched_on_is_found_by_the_next_morning(sage: SageStandIn) -> None:
    alice = make_customer(code="ALI001")
    invoice = make_invoice(alice)
    connect()
    assert books_receipts.look_again(NOW).endswith("1 documents were missed.")
    assert owed() == ["ALI001", invoice.name]


def test_whom_an_import_brings_while_we_move_in_goes_with_the_first_document() -> None:
    connect()
    move = deeds.begin(actor=make_person("Mary Manager"))
    alice, bob = make_customer(code="ALI001"), make_customer("Bob Builder", code="BOB001")
    Address.objects.create(customer=alice, kind="postal", lines="PO Box 7", town="Paarl")
    BooksCustomer.objects.create(customer=bob, their_id="7")
    assert owed() == []
    bob.surname = "Baker"
    bob.save()
    assert owed() == ["BOB001"]
    deeds.call_off(why="Done by hand", actor=move.began_by, now=stamp())
    invoice = make_invoice(alice)
    assert owed() == ["BOB001", "ALI001", invoice.name]


def test_an_import_of_customers_is_taken_back_while_sageone_is_in_use(
    django_capture_on_commit_callbacks,
) -> None:
    connect()
    naledi, commits = importer(), django_capture_on_commit_callbacks
    batch = applied(
        naledi, commits, person("Liddel, Alice", code="ALI001"), person("Builder, Bob", code="BOB001")
    )
    assert owed() == ["ALI001", "BOB001"]
    BooksOwed.objects.filter(customer__code="BOB001").update(state="sending")
    rolled_back(batch, naledi, commits)
    assert list(Customer.objects.values_list("code", flat=True)) == ["BOB001"]
    assert owed() == ["BOB001"]
