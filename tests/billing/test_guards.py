"""What goes round the screens and the triggers: direct SQL, addresses without a button, limits in small pieces."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from billing.models import (
    AccountingPeriod,
    AdjustmentReason,
    BankAccount,
    Document,
    Limit,
    Line,
    OpenItem,
    Receipt,
)
from billing.selectors.verifying import verify
from billing.services import (
    charging,
    credit_notes,
    documents,
    drafting,
    drafts,
    month_end,
    month_end_runs,
    periods,
)
from herotill import approvals
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.months import Month
from herotill.users.models import Role
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.items import AUGUST, make_item, make_month_end, run_step, signed
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)
TODAY = date(2018, 9, 1)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def said_by_the_database(sql, *values):
    """Do what SQL says, deferred checks and all; the name of the rule that refuses it."""
    with pytest.raises(IntegrityError) as no, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)
    return no.value.__cause__.diag.constraint_name


@pytest.mark.parametrize("table", ["entry", "openitem", "linecredit", "reversal", "letterhead"])
def test_what_was_posted_is_never_emptied(alice, table):
    make_invoice(alice)
    make_receipt(alice)
    assert said_by_the_database(f"TRUNCATE billing_{table} CASCADE") == "kept_whole"
    assert Receipt.objects.exists()


def test_a_balance_that_counts_is_never_deleted(alice):
    make_invoice(alice)
    sql = "DELETE FROM customers_customerbalance WHERE customer_id = %s"
    assert said_by_the_database(sql, alice.pk) == "only_posting_writes"


def test_an_allocation_that_begins_undone_takes_nothing_from_what_is_open(alice):
    make_invoice(alice, "100.00")
    make_receipt(alice, "30.00")
    sql = """
        INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, ends_on, known_until)
        SELECT customer_id, debit_id, credit_id, 1, 'hand', starts_on, starts_on, now() FROM billing_allocation
    """
    assert said_by_the_database(sql) == "allocation_begins_live"
    assert OpenItem.objects.get().open == Decimal("70.00")


def test_no_number_is_no_amount(alice):
    make_receipt(alice)
    sql = """
        INSERT INTO billing_receipt (customer_id, account_id, receipt_date, amount, source_reference, reference,
            method, part, note, before)
        SELECT customer_id, account_id, receipt_date, 'NaN', 'nan', '', 'eft', 0, '', false FROM billing_receipt
    """
    assert said_by_the_database(sql) == "entry_is_a_number"


@pytest.mark.parametrize(
    "first",
    ["CREATE TEMP TABLE billing_accountingperiod (month date, closed_at timestamptz)", "SET search_path = x"],
)
def test_s09_no_table_in_the_way_opens_a_closed_month(alice, first):
    make_invoice(alice)
    draft = make_draft(alice)
    AccountingPeriod.objects.create(month=date(2018, 8, 1), closed_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT current_schema()")
        home = cursor.fetchone()[0]
        cursor.execute(first)
    sql = f"""
        UPDATE {home}.billing_document SET status = 'issued', before = true, name = 'OLD1', issued_at = now() WHERE id = %s
    """
    assert said_by_the_database(sql, draft.pk) == "entry_in_open_period"
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {home}; DROP TABLE IF EXISTS pg_temp.billing_accountingperiod")


@pytest.fixture
def closed(alice):
    """July is closed, with an invoice in it; Sipho asked for it to be opened again and Naledi approves."""
    make_invoice(alice, "10.00", date(2018, 7, 3))
    period = periods.close(month=Month(2018, 7), today=TODAY, actor=None)
    sipho, naledi = (make_person(name, "billing.reopen_period") for name in ("Sipho", "Naledi"))

    def reopen(now=NOW, *, approve=True):
        period.refresh_from_db()
        periods.ask_to_reopen(period=period, reason="Late invoice", actor=sipho, now=now)
        asked = ApprovalRequest.objects.latest("pk")
        approvals.decide(request=asked, approve=approve, answer="No", actor=naledi, now=now)

    return period, reopen


OPENED = (
    "UPDATE billing_accountingperiod SET closed_at = NULL, reopened_at = %s, reopened_why = %s WHERE id = %s"
)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE billing_accountingperiod SET closed_at = NULL",
        "UPDATE billing_accountingperiod SET month = '2017-01-01'",
        "UPDATE billing_accountingperiod SET closed_at = now() + interval '1 year'",
        "UPDATE billing_accountingperiod SET vat201 = '{}'",
        "UPDATE billing_accountingperiod SET totals = '{}'",
    ],
)
def test_s09_the_database_leaves_closed_books_closed(closed, sql):
    assert said_by_the_database(sql) == "period_reopens_by_two"


@pytest.mark.parametrize("deed", ["DELETE FROM", "TRUNCATE"])
def test_s09_closed_books_are_never_deleted(closed, deed):
    assert said_by_the_database(f"{deed} billing_accountingperiod") == "period_is_kept"


def test_s09_the_database_opens_books_again_by_an_approved_request_once(closed):
    period, reopen = closed
    reopen(approve=False)
    assert said_by_the_database(OPENED, NOW, "Late invoice", period.pk) == "period_reopens_by_two"
    reopen(NOW)
    period.refresh_from_db()
    assert (period.closed_at, period.reopened_at) == (None, NOW)

    periods.close(month=Month(2018, 7), today=TODAY, actor=None)
    assert said_by_the_database(OPENED, NOW, "Late invoice", period.pk) == "period_reopens_by_two"
    reopen(NOW + timedelta(hours=1))
    forget = "UPDATE billing_accountingperiod SET reopened_at = NULL"
    assert said_by_the_database(forget) == "period_reopens_by_two"
    periods.close(month=Month(2018, 7), today=TODAY, actor=None)
    assert said_by_the_database(OPENED, NOW, "Late invoice", period.pk) == "period_reopens_by_two"


def test_s06_no_account_begins_as_the_one_that_customers_pay_into(alice):
    sql = (
        "INSERT INTO billing_bankaccount (name, kind, source, printed) VALUES ('Mine', 'bank', 'capture', %s)"
    )
    assert said_by_the_database(sql, True) == "bank_details_stand"
    with connection.cursor() as cursor:
        cursor.execute(sql, [False])
    assert said_by_the_database("UPDATE billing_bankaccount SET printed = true") == "bank_details_stand"


def credit(invoice, amount, actor):
    line = invoice.lines.get()
    return credit_notes.make(
        document=invoice, amounts={line.pk: Decimal(amount)}, reason="Late", day=TODAY, actor=actor, now=NOW
    )


def limited(amount):
    limits = {"defaults": {"amount": Decimal(amount)}}
    Limit.objects.update_or_create(role=Role.objects.get(name="accounts"), **limits)
    return in_role("Greta", "accounts")


def test_s27_the_limit_counts_what_is_credited_in_pieces(alice):
    greta, bob = limited("100.00"), make_customer("Bob Hatter")
    invoice, other = make_invoice(alice, "300.00"), make_invoice(alice, "300.00")
    assert credit(invoice, "60.00", greta)[1] == documents.Outcome(1, 0)
    assert credit(invoice, "60.00", greta)[1] == documents.Outcome(0, 1)
    assert credit(other, "40.01", greta)[1] == documents.Outcome(0, 1)
    assert credit(other, "40.00", greta)[1] == documents.Outcome(1, 0)
    assert credit(make_invoice(bob, "300.00"), "100.00", greta)[1] == documents.Outcome(1, 0)


def test_s27_the_limit_counts_drafts_that_are_issued_together(alice):
    greta = limited("100.00")
    invoice = make_invoice(alice, "300.00")
    pile = []
    for _ in range(3):
        line = invoice.lines.get()
        copy = Line(
            vat_class="standard",
            text="Late",
            unit_price=40,
            credits=line,
            excl="34.78",
            vat="5.22",
            incl="40.00",
            vat_rate=15,
        )
        pile.append(
            documents.make(
                kind="credit_note", customer=alice, day=TODAY, lines=[copy], against=invoice, actor=greta
            ).pk
        )
    assert documents.issue(documents=pile, actor=greta, now=NOW) == documents.Outcome(2, 1)


@pytest.mark.parametrize("deed", ["line-add", "line-change", "line-remove"])
def test_s27_lines_of_a_note_that_waits_are_not_changed_by_address(alice, deed):
    greta = limited("0.00")
    note, _ = credit(make_invoice(alice, "300.00"), "60.00", greta)
    note.refresh_from_db()
    line = note.lines.get()
    arguments = [note.pk] if deed == "line-add" else [note.pk, line.pk]
    typed = {"text": "More", "quantity": "9", "unit_price": "60.00", "vat_class": "standard", "seen": ""}
    note_waits = client_of(greta).post(reverse(f"billing:{deed}", args=arguments), typed)
    assert note_waits.status_code == 422
    values = drafts.LineValues("More", Decimal(9), Decimal(60))
    _no_longer_waits(note)
    with pytest.raises(DomainError, match="lines follow what it answers"):
        drafts.change_line(document=note, line=line, values=values, seen="", actor=greta)
    line.refresh_from_db()
    assert (line.incl, line.credits.document) == (Decimal("60.00"), note.against)


def _no_longer_waits(note):
    [asked] = ApprovalRequest.objects.filter(subject_id=note.pk)
    approvals.withdraw(request=asked, actor=asked.asked_by, now=NOW)


def test_what_was_typed_on_a_draft_is_billed_by_the_next_when_drafts_are_taken_back(alice):
    thabo = in_role("Thabo", "manager")
    make_item(alice, price="100.00")
    made = signed(make_month_end(), thabo)
    run_step(made, month_end_runs.CHARGES)
    run_step(made, month_end_runs.DRAFTS)
    call_out = drafts.LineValues("Call-out", Decimal(1), Decimal("350.00"))
    drafts.add_line(document=Document.objects.get(), values=call_out, seen="", actor=thabo)
    run_step(made, month_end_runs.UNDO_DRAFTS)
    run_step(made, month_end_runs.DRAFTS)
    assert Document.objects.get().incl == Decimal("450.00")
    assert list(verify()) == []


@pytest.fixture
def archived(alice):
    """July stands in an archive; an invoice of then is open."""
    invoice = make_invoice(alice, "100.00", date(2018, 7, 10))
    month_end.archive(month_end=make_month_end(), actor=None, now=NOW)
    return invoice


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("new-invoice", {}),
        ("adjust", {"amount": "1.00", "why": "1", "text": "Rounding"}),
        ("write-off", {"named": "1", "recovery": "ceased", "reason": "Gone"}),
        ("credit", {"amount": "1.00", "reason": "Late"}),
        ("debit", {"amount": "1.00", "reason": "Late"}),
    ],
)
def test_what_is_dated_in_an_archived_month_gets_the_first_day_after_it(alice, archived, name, typed):
    mona = in_role("Mona", "manager")
    of_document = name in ("credit", "debit")
    typed = typed | {"day": "2018-07-20"}
    if of_document:
        typed[f"amount_{archived.lines.get().pk}"] = typed.pop("amount")
    if name == "write-off":
        typed["named"] = str(archived.pk)
    if name == "adjust":
        typed["why"] = str(AdjustmentReason.objects.order_by("pk")[0].pk)
    address = reverse(f"billing:{name}", args=[archived.pk if of_document else alice.code])
    assert client_of(mona).post(address, typed).status_code == 302
    assert Document.objects.exclude(pk=archived.pk).get().document_date == date(2018, 8, 1)


def test_a_draft_is_not_moved_into_an_archived_month(alice, archived):
    mona, draft = in_role("Mona", "manager"), make_draft(alice)
    changes = {"document_date": date(2018, 7, 20)}
    with pytest.raises(DomainError, match="closed or archived"):
        drafts.change_head(document=draft, changes=changes, seen="", actor=mona)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_a_slip_and_is_refused(alice, day):
    mona = client_of(in_role("Mona", "manager"))
    answer = mona.post(reverse("billing:new-invoice", args=[alice.code]), {"day": day})
    assert answer.status_code == 422
    assert "Give a day between 1900 and 2199." in answer.content.decode()
    assert (
        mona.post(reverse("billing:new-invoice", args=[alice.code]), {"day": "2199-12-31"}).status_code == 302
    )


@pytest.mark.parametrize(("quantity", "price"), [("999999999.999", "454.00"), ("1", "10,000,000,000.00")])
def test_what_no_column_holds_is_refused_where_it_is_typed(alice, quantity, price):
    draft, mona = make_draft(alice), client_of(in_role("Mona", "manager"))
    typed = {"text": "Fibre", "quantity": quantity, "unit_price": price, "vat_class": "standard", "seen": ""}
    assert mona.post(reverse("billing:line-add", args=[draft.pk]), typed).status_code == 422
    assert draft.lines.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_draft_the_same_charges_make_one_invoice(alice):
    make_item(alice, price="100.00")
    charging.generate(customers=[alice.pk], month=AUGUST)
    first_has_drafted, made = threading.Event(), []

    def draft(*, first):
        try:
            with transaction.atomic():
                first or first_has_drafted.wait(20)
                made.append(
                    drafting.draft(
                        customers=[alice.pk], period=AUGUST.first, upto=AUGUST.first, dated=TODAY, actor=None
                    )
                )
                first_has_drafted.set()
                time.sleep(0.5 if first else 0)
        finally:
            connections.close_all()

    both = [threading.Thread(target=draft, kwargs={"first": first}) for first in (True, False)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [len(drafts) for drafts in made] == [1, 0]
    assert Document.objects.get().lines.count() == 1


@pytest.mark.parametrize("way", ["widget", "grid", "split"])
def test_money_is_not_captured_before_it_came(alice, way):
    mona, cash = (
        client_of(in_role("Mona", "manager")),
        BankAccount.objects.create(name="Cash", source="capture"),
    )
    of_all = {"account": cash.pk, "method": "eft"}
    addresses = {
        "widget": "/customers/ALI001/widgets/payment-receipts/add/",
        "grid": reverse("billing:receipts-capture"),
        "split": reverse("billing:receipts-split"),
    }
    today = timezone.localdate()
    for number, day in enumerate((today + timedelta(days=1), today)):
        typed = {
            "widget": {"receipt_date": day, "amount": "5.00"},
            "grid": {"0-code": "ALI001", "0-day": day, "0-amount": "5.00"},
            "split": {"receipt_date": day, "total": "5.00", "0-code": "ALI001", "0-amount": "5.00"},
        }[way]
        answer = mona.post(addresses[way], {**of_all, **typed, "token": f"t{number}"}, HTTP_HX_REQUEST="true")
        assert ("still to come" in answer.content.decode()) == (day > today)
    assert Receipt.objects.get().receipt_date == today
