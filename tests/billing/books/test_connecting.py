"""The cut-over day and what came before it; whom a customer is there after two were merged."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import moving
from billing.models import BankAccount, BooksConnection, BooksCustomer, BooksOwed, TakeOver
from billing.services import receipts
from billing.services.books import connecting, linking, owing, sending
from billing.services.receipts import NewReceipt
from herotill.errors import DomainError
from herotill.integrations.sageone.standin import SageStandIn
from herotill.models import ImportRow
from herotill.moving_in import deeds
from tests.billing.books.test_sending import Clock, at_save, clock, linked, numbers
from tests.factories.billing import NOW, make_invoice
from tests.factories.books import STARTS, connect
from tests.factories.customers import make_customer
from tests.factories.people import make_person

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def mary():
    return make_person("Mary Manager")


def change(**other):
    one = connecting.connection()
    given = {name: getattr(one, name) for name in connecting.SETTINGS}
    return connecting.change(values=given | other)


def from_before(day):
    account, _ = BankAccount.objects.get_or_create(name="Old account")
    return receipts.capture(
        receipt=NewReceipt(
            customer_id=make_customer().pk,
            account_id=account.pk,
            receipt_date=day,
            amount=Decimal("454.00"),
            source_reference=f"old-{day}",
            before=True,
        ),
        actor=None,
    )


def test_the_cut_over_comes_after_all_history_that_stands(mary):
    last = from_before(STARTS + timedelta(days=3))
    connect(is_on=False)
    with pytest.raises(DomainError, match="History was imported up to 2018-08-04"):
        change(is_on=True)
    receipts.reverse(receipt=last, day=last.receipt_date, reason="Taken back", actor=mary)
    assert change(is_on=True).is_on


def test_history_ends_where_the_books_begin():
    connect()
    from_before(STARTS - timedelta(days=1))
    with pytest.raises(DomainError, match="history ends before it"), transaction.atomic():
        from_before(STARTS)
    BooksConnection.objects.update(is_on=False)
    from_before(STARTS)


def test_the_cut_over_moves_back_until_something_counts(sage: SageStandIn, clock: Clock):
    connect()
    change(starts_on=STARTS - timedelta(days=9))
    make_invoice(linked(sage))
    sending.push(clock=clock)
    with pytest.raises(DomainError, match="count from 2018-07-23 already"):
        change(starts_on=date(2018, 7, 1))
    with pytest.raises(IntegrityError, match="count from"), transaction.atomic():
        BooksConnection.objects.update(starts_on=date(2018, 7, 1))


def test_after_a_merge_there_a_customer_with_documents_is_linked_with_who_is_left(
    sage: SageStandIn, clock: Clock
):
    connect()
    alice = linked(sage)
    make_invoice(alice)
    sending.push(clock=clock)
    old, new = alice.in_books.their_id, sage.add_customer("", "A. Liddel")
    with pytest.raises(DomainError, match="move them there first"):
        linking.link(customer=alice, their_id=new)
    del sage.ledger.rows["Customer"][int(old)]
    linking.link(customer=alice, their_id=new)
    assert BooksCustomer.objects.get(customer=alice).their_id == new


def test_an_id_is_looked_up_before_it_is_taken(sage: SageStandIn):
    connect()
    alice = linked(sage)
    with pytest.raises(DomainError, match="no customer with this ID"):
        linking.link(customer=alice, their_id="9999")
    with pytest.raises(DomainError, match="this is Bob Builder, with the code BOB001"):
        linking.link(customer=alice, their_id=sage.add_customer("BOB001", "Bob Builder"))
    sage.misbehave("500", "500", "500")
    with pytest.raises(DomainError, match="must be asked first"):
        linking.link(customer=alice, their_id="1002")


def test_what_a_chief_left_out_no_push_revives(sage: SageStandIn, clock: Clock, mary):
    connect()
    alice = linked(sage)
    invoice = make_invoice(alice)
    at_save(sage, "text")
    sending.push(clock=clock)
    owing.leave_out(owed=BooksOwed.objects.all(), actor=mary)
    assert owing.push_documents(documents=[invoice.pk], actor=mary, now=NOW) == 0
    alice.surname = "Hargreaves"
    alice.save()
    owing.leave_out(owed=BooksOwed.objects.filter(document=None), actor=mary)
    with pytest.raises(DomainError, match="left out"):
        owing.push_customer(customer=alice, actor=mary, now=NOW)
    assert sending.push(clock=clock) == "0 sent, 0 refused."
    assert numbers(sage) == []


def test_a_sync_leaves_the_telephone_that_only_they_keep(sage: SageStandIn, clock: Clock):
    connect()
    alice = linked(sage)
    there = int(alice.in_books.their_id)
    sage.ledger.rows["Customer"][there]["Telephone"] = "021 555 0001"
    alice.surname = "Hargreaves"
    alice.save()
    sending.push(clock=clock)
    row = sage.ledger.rows["Customer"][there]
    assert (row["Name"], row["Telephone"]) == ("Alice Hargreaves", "021 555 0001")


def test_an_old_signature_is_no_proof_of_a_new_move(mary):
    TakeOver.objects.create(
        as_at=STARTS,
        file_name="old.csv",
        uploaded_by=mary,
        signed_by=mary,
        signed_at=timezone.now() - timedelta(days=300),
    )
    from_before(date(2018, 7, 2))
    deeds.begin(actor=mary)
    assert not moving._debtors_signed()
    TakeOver.objects.update(signed_at=timezone.now())
    assert moving._debtors_signed()


def test_who_stands_there_already_is_linked_from_a_file_all_or_none(sage: SageStandIn, tmp_path):
    connect(is_on=False)
    alice, bob = make_customer(code="ALI001"), make_customer("Bob Builder", code="BOB001")
    theirs = [sage.add_customer("", "A. Liddel"), sage.add_customer("BOB001", "B. Builder")]
    file = tmp_path / "ids.csv"
    for lines, why in (
        (f"ALI001;{theirs[0]}\nCAR001;7", "no customer CAR001"),
        ("ALI001;9999", "ALI001: SageOne has no customer 9999"),
        (f"ALI001;{theirs[1]}", "carries the code BOB001"),
        (f"ALI001;{theirs[0]}\nALI001;{theirs[0]}", "stands there twice"),
        ("ALI001;x\nALI001;y", "Line 2 is not"),
        (f"ALI001;{theirs[0]}\nBOB001;{theirs[0]}", "another customer's of ours"),
    ):
        file.write_text(lines)
        with pytest.raises(CommandError, match=why):
            call_command("link_sageone", str(file), stdout=StringIO())
        assert not BooksCustomer.objects.exists()
    file.write_text(f"Code;SageOne ID\nali001;{theirs[0]}\nBOB001;{theirs[1]}\n")
    for said in ("2 customers linked.\n", "0 customers linked.\n"):
        out = StringIO()
        call_command("link_sageone", str(file), stdout=out)
        assert out.getvalue() == said
    found = dict(BooksCustomer.objects.values_list("customer", "their_id"))
    assert found == {alice.pk: theirs[0], bob.pk: theirs[1]}
    file.write_text("ALI001;" + sage.add_customer("", "Another"))
    with pytest.raises(CommandError, match="linked with"):
        call_command("link_sageone", str(file), stdout=StringIO())


def test_history_from_the_cut_over_on_is_refused_by_line(tmp_path):
    connect()
    make_customer(code="ALI001")
    BankAccount.objects.create(name="Sage Pay")
    rows = {
        "receipts": "Account Code;Rept Date;Bank Account;Bank Ref;Amount\nALI001;{};Sage Pay;x;R 450.00\n",
        "invoices": "Inv No;Inv Date;Account Code;Amount\nINV00563;{};ALI001;R 450.00\n",
    }
    for kind, text in rows.items():
        for day, outcome in (("2018-08-01", "refuse"), ("2018-07-31", "create")):
            file = tmp_path / f"{kind}-{day}.csv"
            file.write_text(text.format(day))
            call_command("import_csv", kind, str(file), stdout=StringIO())
            row = ImportRow.objects.latest("pk")
            assert (row.outcome, row.reason) == (outcome, "after_cut_over" if outcome == "refuse" else "")
