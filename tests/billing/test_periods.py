"""Accounting periods: closed months take no more entries, and open again only by two."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections, transaction

from billing.models import AccountingPeriod, BankAccount, Document, Entry
from billing.selectors import periods as reading
from billing.selectors.vat201 import output_vat, vat201
from billing.selectors.verifying import verify
from billing.services import audit_packs, credit_notes, documents, issuing, periods, write_offs
from customers.models import CustomerBalance
from herotill import approvals, runs
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.models import ApprovalRequest, AuditEvent, Run
from herotill.months import Month
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 5, 8, tzinfo=UTC)
TODAY = date(2018, 9, 5)
JULY, AUGUST = Month(2018, 7), Month(2018, 8)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def close(month, actor=None):
    return periods.close(month=month, today=TODAY, actor=actor)


def test_s09_closing_stores_totals_and_a_vat201_snapshot(alice):
    make_invoice(alice, "114.00", date(2018, 7, 3), rate="14")
    first = make_invoice(alice, "230.00", date(2018, 7, 4))
    make_receipt(alice, "100.00", date(2018, 7, 20))
    credit_notes.make(
        document=first,
        amounts={first.lines.get().pk: Decimal("115.00")},
        reason="Half",
        day=date(2018, 7, 9),
        actor=None,
        now=NOW,
    )
    thandi = in_role("Thandi", "manager")
    period = close(JULY, thandi)
    assert period.closed_by == thandi
    assert period.totals == {
        "opening": "0.00",
        "entries": [["credit_note", 1, "-115.00"], ["invoice", 2, "344.00"], ["receipt", 1, "-100.00"]],
        "closing": "129.00",
    }
    assert period.vat201["output_vat"] == "29.00"
    assert [(row["kind"], row["rate"], row["vat"]) for row in period.vat201["rows"]] == [
        ("credit_note", "15.00", "-15.00"),
        ("invoice", "15.00", "30.00"),
        ("invoice", "14.00", "14.00"),
    ]
    make_invoice(alice, "10.00", date(2018, 8, 2))
    assert close(AUGUST).totals["opening"] == "129.00"


def test_s09_the_database_refuses_an_accounting_date_in_a_closed_period(alice):
    make_invoice(alice, "10.00", date(2018, 7, 3))
    close(JULY)
    draft = make_draft(alice, "20.00", date(2018, 7, 4))
    with pytest.raises(IntegrityError, match="Jul 2018 is closed"), transaction.atomic():
        issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    old = make_draft(alice, "20.00", date(2018, 7, 4))
    with pytest.raises(IntegrityError, match="Jul 2018 is closed"), transaction.atomic():
        Document.objects.filter(pk=old.pk).update(status="issued", before=True, name="OLD1", issued_at=NOW)


def test_s09_later_facts_post_in_the_open_period_with_a_reference(alice):
    invoice = make_invoice(alice, "100.00", date(2018, 7, 3))
    close(JULY)
    receipt = make_receipt(alice, "60.00", date(2018, 7, 30))
    entry = Entry.objects.get(kind="receipt", source_id=receipt.pk)
    assert (receipt.receipt_date, entry.accounting_date) == (date(2018, 7, 30), date(2018, 8, 1))
    note, _ = credit_notes.make(
        document=invoice,
        amounts=credit_notes.whole(invoice),
        reason="Not built",
        day=date(2018, 7, 31),
        actor=None,
        now=NOW,
    )
    note.refresh_from_db()
    assert (note.document_date, note.against) == (date(2018, 8, 1), invoice)
    draft = make_draft(alice, "20.00", date(2018, 7, 4))
    documents.issue(documents=[draft.pk], actor=None, now=NOW)
    draft.refresh_from_db()
    assert draft.document_date == date(2018, 8, 1)
    assert not list(verify())


def test_s09_months_are_closed_in_order_and_only_when_they_are_over(alice):
    make_invoice(alice, "10.00", date(2018, 6, 3))
    with pytest.raises(DomainError, match="Close Jun 2018 first"):
        close(JULY)
    with pytest.raises(DomainError, match="not over yet"):
        close(Month(2018, 9))
    run = periods.begin(month=JULY, today=TODAY, actor=in_role("Thandi", "manager"))
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"closed": 2})
    assert reading.closed_months() == {date(2018, 6, 1), date(2018, 7, 1)}
    with pytest.raises(DomainError, match="closed already"):
        close(JULY)


def test_s09_an_unsound_ledger_is_not_closed(alice):
    make_invoice(alice, "10.00", date(2018, 7, 3))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE customers_customerbalance DISABLE TRIGGER USER")
    CustomerBalance.objects.update(amount=5)
    run = periods.begin(month=JULY, today=TODAY, actor=in_role("Thandi", "manager"))
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "not sound" in run.error
    assert not AccountingPeriod.objects.exists()


def test_s09_reopening_takes_a_right_a_second_person_and_a_reason(alice):
    make_invoice(alice, "10.00", date(2018, 7, 3))
    close(JULY)
    close(AUGUST)
    right = ("billing.view_accountingperiod", "billing.reopen_period")
    sipho, naledi = make_person("Sipho", *right), make_person("Naledi", *right)
    thandi = client_of(in_role("Thandi", "manager"))
    assert thandi.get("/billing/periods/2018-08/reopen/").status_code == 403
    first = client_of(sipho).post("/billing/periods/2018-07/reopen/", {"reason": "Late invoice"})
    assert "Open Aug 2018 again first" in first.content.decode()
    assert client_of(sipho).post("/billing/periods/2018-08/reopen/", {"reason": ""}).status_code == 422
    client_of(sipho).post("/billing/periods/2018-08/reopen/", {"reason": "Late invoice"})
    request = ApprovalRequest.objects.get()
    assert date(2018, 8, 1) in reading.closed_months()
    with pytest.raises(DomainError, match="a second person decides"):
        approvals.decide(request=request, approve=True, actor=sipho, now=NOW)
    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    period = AccountingPeriod.objects.get(month=date(2018, 8, 1))
    assert (period.closed_at, period.reopened_why) == (None, "Late invoice")
    assert make_invoice(alice, "5.00", date(2018, 8, 3)).document_date == date(2018, 8, 3)
    told = AuditEvent.objects.filter(model="billing.accountingperiod", operation="change")
    assert told.filter(new__reopened_why="Late invoice").exists()
    assert close(AUGUST).totals["closing"] == "15.00"


@pytest.mark.django_db(transaction=True)
def test_s09_whoever_is_posting_while_a_month_is_closed_is_in_its_totals(alice):
    make_invoice(alice, "10.00", date(2018, 7, 3))
    posted, go_on = threading.Event(), threading.Event()

    def post():
        try:
            with transaction.atomic():
                make_invoice(alice, "5.00", date(2018, 7, 4))
                posted.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    poster = threading.Thread(target=post)
    poster.start()
    posted.wait(10)
    threading.Timer(0.3, go_on.set).start()
    period = close(JULY)
    poster.join()
    assert period.totals["closing"] == "15.00"


def read(pack, name):
    with pack.open(name) as raw:
        return list(csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig")))


def test_s09_the_audit_pack_holds_what_an_auditor_asks_for(alice):
    thandi = in_role("Thandi", "manager")
    invoice = make_invoice(alice, "230.00", date(2018, 7, 4))
    make_receipt(alice, "115.00", date(2018, 7, 20))
    write_offs.make(
        customer=alice,
        named=[invoice.pk],
        recovery="ceased",
        reason="=HYPERLINK(1)",
        day=date(2018, 7, 30),
        actor=None,
        now=NOW,
    )
    run = audit_packs.begin(month=JULY, actor=thandi)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error
    desk = client_of(thandi)
    answer = desk.get(f"/billing/periods/packs/{run.pk}/")
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row["amount"] for row in read(pack, "ledger.csv")] == ["230.00", "-115.00", "-115.00"]
    control = {row["what"]: row["amount"] for row in read(pack, "control-account.csv")}
    moved = sum(Decimal(amount) for what, amount in control.items() if what not in ("opening", "closing"))
    assert Decimal(control["opening"]) + moved == Decimal(control["closing"]) == 0
    assert {row["missing"] for row in read(pack, "number-gaps.csv")} == {"0"}
    assert [row["VAT"] for row in read(pack, "vat-by-document.csv")] == ["30.00", "15.00"]
    written = read(pack, "write-offs.csv")
    assert [(row["document"], row["VAT"], row["recovery"]) for row in written] == [
        (invoice.name, "15.00", "ceased")
    ]
    assert written[0]["reason"] == "'=HYPERLINK(1)"
    assert read(pack, "refunds.csv") == []
    assert client_of(in_role("Mpho", "manager")).get(f"/billing/periods/packs/{run.pk}/").status_code == 404
    assert client_of(in_role("Greta", "accounts")).get(f"/billing/periods/packs/{run.pk}/").status_code == 403


def test_s09_the_pack_tells_changes_of_rights_and_of_bank_details():
    today = Month.of(local_day(datetime.now(UTC)))
    BankAccount.objects.create(name="FNB", number="62001234567")
    in_role("Greta", "accounts")
    models = {row[2] for row in audit_packs._changes((*audit_packs.RIGHTS, *audit_packs.BANK), today)}
    assert "billing.bankaccount" in models
    assert "users.user_groups" in models


def test_s16_history_from_before_stands_in_no_vat_return(alice):
    draft = make_draft(alice, "115.00", date(2018, 7, 3))
    Document.objects.filter(pk=draft.pk).update(status="issued", before=True, name="OLD1", issued_at=NOW)
    make_invoice(alice, "230.00", date(2018, 7, 3))
    assert output_vat(vat201(JULY.first, JULY.last)) == Decimal("30.00")


def test_the_screen_shows_closes_and_gathers(alice, django_assert_max_num_queries):
    make_invoice(alice, "230.00", date(2018, 7, 3))
    desk = client_of(in_role("Thandi", "manager"))
    desk.get("/")  # the navigation's figures are remembered from here on
    with django_assert_max_num_queries(12):
        page = desk.get("/billing/periods/").content.decode()
    assert "Jul 2018" in page
    page = desk.get("/billing/periods/2018-07/").content.decode()
    assert "/billing/periods/2018-07/close/" in page
    assert "Audit pack" in page
    make_draft(alice, "5.00", date(2018, 7, 9))
    assert "1 drafts are dated" in desk.get("/billing/periods/2018-07/close/").content.decode()
    answer = desk.post("/billing/periods/2018-07/close/", {})
    run = Run.objects.get()
    assert answer.url == f"/runs/{run.pk}/"
    runs.work(run.pk)
    page = desk.get("/billing/periods/2018-07/").content.decode()
    for said in ("Closed", "R 230.00", "R 30.00", "Debtors at its end", "Audit pack"):
        assert said in page
    assert "/billing/periods/2018-07/close/" not in page
    assert "/billing/periods/2018-07/reopen/" not in page
    ruth = client_of(make_person("Ruth", "billing.view_accountingperiod", "billing.reopen_period"))
    assert "/billing/periods/2018-07/reopen/" in ruth.get("/billing/periods/2018-07/").content.decode()
    assert "R 230.00" in desk.get("/billing/periods/").content.decode()
    for wrong in ("2018-13", "nonsense", "2018"):
        assert desk.get(f"/billing/periods/{wrong}/").status_code == 404
    eve = client_of(make_person("Eve", "billing.view_accountingperiod"))
    assert eve.get("/billing/periods/").status_code == 200
    assert "Audit pack" not in eve.get("/billing/periods/2018-07/").content.decode()
    for part in ("close", "reopen", "pack"):
        assert eve.get(f"/billing/periods/2018-07/{part}/").status_code == 403
