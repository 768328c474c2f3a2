"""Rule 29: former customers lose what is personal, the law gets its years, and nothing is left in any table."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from billing.models import (
    Alias,
    BankAccount,
    Cancellation,
    CancellationReason,
    CardAttempt,
    CardGateway,
    CardNotice,
    CaseStep,
    Dispute,
    Hold,
    Snapshot,
    SuspensionCase,
)
from billing.services import debtor_notes, printing, receipts
from customers.models import Address, Anonymisation, Asset, Customer, CustomerNote
from customers.services import anonymising, attachments, portal_logins
from dataaccounts.models import Device, LoginAnswer, UsageName
from dataaccounts.services import usage_import
from herotill import approvals, blanking
from herotill.api.models import Delivery, KeptAnswer, Token, Webhook
from herotill.api.services import owing
from herotill.errors import DomainError
from herotill.models import ApprovalRequest, AuditEvent, Blanking, Fact, Import, ImportRow
from herotill.secrets import decrypt
from herotill.users.models import User
from tests.factories import ContactFactory, make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.data import make_account, make_nas, make_session
from tests.factories.mandates import make_mandate
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
LATER = datetime(2028, 6, 1, 1, tzinfo=UTC)
TAX_OVER = datetime(2033, 6, 1, 1, tzinfo=UTC)
BOOKS_OVER = datetime(2036, 6, 1, 1, tzinfo=UTC)
NAME, SURNAME, PHONE, EMAIL = "Xanthippe", "Quorlzwick", "+27839998877", "xanthippe@quorlzwick.example"
ID_NUMBER, ACCOUNT, MAC, IP = "8001015009087", "62194875749", "D4:CA:6D:AB:CD:EF", "10.99.88.77"
USERNAME, TEXT = "xanthippe@isp.example", "quorlzwick-note"
CANARIES = (NAME, SURNAME, "839998877", ID_NUMBER, MAC, IP, USERNAME, "Wisteria Lane 77")
ASKS = "customers.view_customer", "customers.view_anonymisation", "customers.anonymise_customer"


def held(canaries: tuple[str, ...] = CANARIES) -> set[tuple[str, str]]:
    """Tables and canaries found in them, through every column of every table."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            text = "\n".join(row[0] for row in cursor.fetchall()).lower()
            found |= {(table.split("_20")[0], canary) for canary in canaries if canary.lower() in text}
    return found


def tables(found: set[tuple[str, str]]) -> set[str]:
    return {table for table, _ in found}


@pytest.fixture
def vera() -> User:
    return make_person("Vera")


@pytest.fixture
def xan(vera: User) -> Customer:
    """A customer who left a trace everywhere, paid, and was cancelled."""
    contact = {"name": f"{NAME} {SURNAME}", "phone": PHONE, "email": EMAIL}
    xan = make_customer(f"{NAME} {SURNAME}", "XAN001", id_number=ID_NUMBER, contact=contact)
    ContactFactory(customer=xan, name=f"Mother of {NAME}", email=f"m.{EMAIL}", purposes=["portal"])
    Address.objects.create(customer=xan, kind="physical", lines="Wisteria Lane 77", town="Calvinia")
    Asset.objects.create(customer=xan, description="Radio", mac_address=MAC, note=TEXT, owner="isp")
    CustomerNote.objects.create(customer=xan, text=f"{NAME} likes {TEXT}", author=vera)
    upload = SimpleUploadedFile(f"{SURNAME}.txt", f"{NAME} {TEXT}".encode(), "text/plain")
    attachments.add(customer=xan, upload=upload, kind="other", note=TEXT, actor=vera)
    portal_logins.send_link(customer=xan, contact=xan.contacts.get(is_primary=True), actor=vera)
    _online(xan)
    _billed(xan, vera)
    _said(xan, vera)
    _told(xan, vera)
    Customer.objects.filter(pk=xan.pk).update(status="cancelled")
    xan.refresh_from_db()
    assert xan.balance.amount == 0
    return xan


def _online(xan: Customer) -> None:
    account = make_account(xan, USERNAME, text=f"{NAME}'s house", static_ip=IP)
    make_session(account, make_nas(), mac=MAC, ip=IP)
    LoginAnswer.objects.create(username=USERNAME, reply="Access-Accept", calling_station=MAC)
    Device.objects.update_or_create(account=account, mac=MAC, defaults={"text": f"{NAME}'s router"})
    UsageName.objects.create(username=f"old-{USERNAME}", account=account)
    usage_import.run(now=LATER)
    type(account).objects.filter(pk=account.pk).update(state="cancelled", ends_on=date(2018, 9, 30))


def _told(xan: Customer, vera: User) -> None:
    """A program was told of the account, and answered about a note."""
    fact = Fact.objects.create(
        kind="data-account.capped", key="xan", customer_id=xan.pk, data={"username": USERNAME}
    )
    hook = Webhook.objects.create(
        name="Stock", url="https://stock.example/", kinds=[fact.kind], made_at=LATER
    )
    said = json.dumps(owing.body(fact, {xan.pk: xan.code}))
    Delivery.objects.create(webhook=hook, fact_id=fact.pk, kind=fact.kind, body=said, next_at=LATER)
    token = Token.objects.create(
        owner=vera, name="Stock", prefix="ht_", hashed="0" * 64, scopes=["x"], expires_at=LATER
    )
    for key, body in (
        ("note", {"text": NAME}),
        ("account", {"customer": xan.code, "username": USERNAME}),
        ("other", {"customer": "BOB001", "id": 7}),
    ):
        KeptAnswer.objects.create(token=token, key=key, asked="x", status=201, body=json.dumps(body))


def _billed(xan: Customer, vera: User) -> None:
    invoice = make_invoice(xan, "454.00")
    printing.print_some(among=[invoice.pk])
    receipt = make_receipt(xan, "454.00")
    receipts.reverse(receipt=receipt, day=date(2018, 9, 1), reason=f"{NAME} stopped it", actor=None)
    account = BankAccount.objects.get(name="Sage Pay")
    paid = receipts.NewReceipt(
        customer_id=xan.pk, account_id=account.pk, receipt_date=date(2018, 9, 2), amount=Decimal("454.00"),
        source_reference=f"EFT {SURNAME}", reference=f"EFT {NAME}", note=f"{NAME} rang",
    )  # fmt: skip
    receipts.capture(receipt=paid, actor=None)
    Alias.objects.create(key=SURNAME.lower(), text=SURNAME, customer=xan, kind="receipt", named="")
    make_mandate(xan, holder=f"{NAME} {SURNAME}")
    gateway = CardGateway(name="payfast", kind="payfast", account=account, merchant="1")
    gateway.save()
    attempt = CardAttempt.objects.create(
        gateway=gateway, customer=xan, reference="a1", proof_hash="x", purpose="pay", amount=5,
        state="failed", says=f"{NAME} declined",
    )  # fmt: skip
    notice = CardNotice(gateway=gateway, attempt=attempt, came_from=IP)
    notice.decided_at = LATER
    notice.raw = f"name={NAME}"
    notice.save()


def _said(xan: Customer, vera: User) -> None:
    debtor_notes.add(customer=xan, text=f"{NAME}: {TEXT}", actor=vera, now=LATER)
    Dispute.objects.create(
        document=xan.documents.get(), reason=TEXT, answer=f"Dear {NAME}", answered_at=LATER
    )
    case = SuspensionCase.objects.create(
        customer=xan, state="ended", opened_on=date(2018, 8, 1), counts_from=date(2018, 8, 1), overdue=1, ended_on=date(2018, 9, 1),
        ended_why=f"{NAME} paid",
    )  # fmt: skip
    CaseStep.objects.create(case=case, kind="reset", day=date(2018, 9, 1), overdue=0, why=f"{NAME} paid")
    Hold.objects.create(
        customer=xan, first=date(2018, 7, 1), last=date(2018, 7, 2), reason=f"{NAME} is away", set_by=vera
    )
    reason = CancellationReason.objects.create(name="Moved away")
    Cancellation.objects.create(
        customer=xan, whole=True, reason=reason, comment=f"{NAME} emigrates", last_day=date(2018, 9, 30),
        state="done", answered_from=IP,
    )  # fmt: skip
    batch = Import.objects.create(kind="customers", file_name="all.csv", sha256="0", size=1, headings=[])
    ImportRow.objects.create(
        of=batch, line=1, outcome=ImportRow.Outcome.values[0], reason="", code=xan.code, warnings=[], values=[NAME], cells=[EMAIL],
        object_id=xan.pk, before={}, after={"name": NAME},
    )  # fmt: skip


KEPT_FOR_TAX = {
    "billing_snapshot",
    "billing_debitdetail",
    "billing_mandate",
    "billing_receipt",
    "billing_reversal",
    "billing_entry",
    "house_approvalrequest",
}


def test_s29_a_former_customer_is_blanked_and_the_law_keeps_its_years(xan):
    assert {canary for _, canary in held()} >= set(CANARIES)
    figures = _figures()

    assert "1 anonymised" in anonymising.run(LATER)
    xan.refresh_from_db()
    assert (xan.name, xan.id_number, xan.anonymised_on) == ("Former customer XAN001", "", LATER.date())
    assert tables(held()) <= KEPT_FOR_TAX
    assert json.loads(Delivery.objects.get().body)["data"] == {}
    assert KeptAnswer.objects.exclude(body="").get().key == "other"
    assert Snapshot.objects.get(document__customer=xan).bill_to == f"{NAME} {SURNAME}"

    kept = Anonymisation.objects.get(customer=xan)
    anonymising.run(TAX_OVER)
    assert tables(held()) <= {"billing_receipt", "billing_reversal", "billing_entry", "house_approvalrequest"}
    assert kept.documents_due.year < kept.books_due.year

    anonymising.run(BOOKS_OVER)
    assert held() == set()
    assert _figures() == figures
    call_command("verify_ledger", stdout=StringIO())


def _figures() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, document_date, excl, vat, incl FROM billing_document UNION ALL"
            " SELECT 'entry', accounting_date, amount, 0, 0 FROM billing_entry ORDER BY 1, 2, 3"
        )
        return cursor.fetchall()


def test_s29_old_audit_values_are_blanked_and_what_was_changed_when_and_by_whom_stays(xan, vera):
    before = list(AuditEvent.objects.filter(customer_id=xan.pk).values_list("pk", "model", "operation"))
    anonymising.run(LATER)

    events = AuditEvent.objects.filter(customer_id=xan.pk)
    assert set(before) <= set(events.values_list("pk", "model", "operation"))
    said = [value for event in events for value in (*event.old.values(), *event.new.values())]
    assert set(said) == {"•••"}
    came = events.get(model="customers.customer", operation="add")
    assert "id_number" in came.new


def test_s29_nothing_but_a_recorded_blanking_changes_the_audit_or_the_books(xan):
    bob = make_customer("Bob Baker", "BOB001")
    make_invoice(bob)
    touching = (
        "UPDATE house_auditevent SET name = '' WHERE customer_id = {}",
        "UPDATE billing_snapshot SET bill_to = '' WHERE document_id IN"
        " (SELECT id FROM billing_document WHERE customer_id = {})",
        "UPDATE billing_line SET text = '' WHERE customer_id = {}",
        "UPDATE billing_entry SET reference = '' WHERE customer_id = {}",
    )
    for statement in touching:
        assert refuses(statement.format(xan.pk))

    blanking.begin([xan.pk], "books")
    for statement in touching:
        assert not refuses(statement.format(xan.pk))
        assert refuses(statement.format(bob.pk))
    assert refuses(f"UPDATE billing_line SET incl = 1 WHERE customer_id = {xan.pk}")
    assert refuses(f"UPDATE billing_entry SET amount = 1 WHERE customer_id = {xan.pk}")
    assert refuses(f"UPDATE billing_snapshot SET sha256 = '' WHERE code = '{xan.code}'")
    assert refuses(f"UPDATE billing_receipt SET amount = 1 WHERE customer_id = {xan.pk}")
    assert refuses(f"DELETE FROM billing_receipt WHERE customer_id = {xan.pk}")
    assert refuses(f"UPDATE house_auditevent SET actor_id = NULL, at = now() WHERE customer_id = {xan.pk}")
    assert refuses("DELETE FROM house_blanking")
    assert Blanking.objects.get().customer_id == xan.pk


def refuses(statement: str) -> bool:
    """Whether the database refuses it; what it does is undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


@pytest.mark.django_db(transaction=True)
def test_s29_the_way_is_shut_again_once_the_transaction_is_over():
    alice = make_customer("Alice Liddel", "ALI001")
    with transaction.atomic():
        blanking.begin([alice.pk], "person")
        assert not refuses(f"UPDATE house_auditevent SET name = '' WHERE customer_id = {alice.pk}")
    assert refuses(f"UPDATE house_auditevent SET name = '' WHERE customer_id = {alice.pk}")


def test_s29_files_go_with_their_rows_and_account_numbers_once_no_debit_comes_back(
    xan, django_capture_on_commit_callbacks
):
    proof = xan.mandates.get().attachment
    paper, evidence = proof.file.name, xan.attachments.exclude(pk=proof.pk).get().file.name
    snapshot = Snapshot.objects.get(document__customer=xan)
    assert all(default_storage.exists(name) for name in (paper, evidence, snapshot.file))
    with django_capture_on_commit_callbacks(execute=True):
        anonymising.run(LATER)
    assert not default_storage.exists(evidence)
    assert default_storage.exists(paper)
    assert printing.original(snapshot)
    detail = xan.debit_details.get()
    assert decrypt(detail.number.token) == "none"
    assert detail.holder == f"{NAME} {SURNAME}"
    assert not CardNotice.objects.get().raw

    with django_capture_on_commit_callbacks(execute=True):
        anonymising.run(TAX_OVER)
    detail.refresh_from_db()
    assert detail.holder == ""
    assert not default_storage.exists(paper)
    snapshot.refresh_from_db()
    with pytest.raises(DomainError, match="years are over"):
        printing.original(snapshot)


def test_s29_who_is_not_cancelled_owes_or_left_lately_is_not_touched(xan):
    assert anonymising.run(datetime(2027, 3, 1, tzinfo=UTC)) == ""

    make_invoice(xan, "10.00")
    assert anonymising.run(LATER) == ""
    make_receipt(xan, "10.00")
    Dispute.objects.create(document=xan.documents.first(), reason="Not mine")
    assert anonymising.run(LATER) == ""
    assert anonymising.refusal(customer=xan, day=LATER.date()) == "A dispute is not answered."
    Customer.objects.filter(pk=xan.pk).update(status="active")
    Dispute.objects.filter(answered_at=None).update(answered_at=LATER, answer="It is")
    assert anonymising.run(LATER) == ""
    assert not Anonymisation.objects.exists()
    assert ("customers_customer", SURNAME) in held()


def test_s29_a_wish_to_be_forgotten_takes_two_people_a_reason_and_shows_what_must_stay(xan, vera):
    asker, chief = make_person("Thabo", *ASKS), make_person("Naledi", "customers.approve_anonymising")
    client = client_of(asker)
    card = client.get("/customers/XAN001/widgets/personal-data/").content.decode()
    assert "by tax law" in card
    assert "cannot be undone" in card
    assert (
        client.post("/customers/XAN001/widgets/personal-data/anonymise/", {"reason": ""}).status_code == 422
    )
    sent = client.post("/customers/XAN001/widgets/personal-data/anonymise/", {"reason": "Form 2 of 1 May"})
    assert sent.status_code == 302
    request = ApprovalRequest.objects.get()
    with pytest.raises(DomainError, match="second person"):
        approvals.decide(request=request, approve=True, actor=asker, now=LATER)

    approvals.decide(request=request, approve=True, actor=chief, now=LATER)
    done = Anonymisation.objects.get(customer=xan)
    assert (done.asked_by, done.approved_by, done.reason) == (asker, chief, "Form 2 of 1 May")
    assert "Anonymised on" in client.get("/customers/XAN001/").content.decode()
    with pytest.raises(DomainError, match="already"):
        anonymising.ask(customer=Customer.objects.get(pk=xan.pk), reason="Again", actor=asker, now=LATER)
    sees = client_of(make_person("Dora", "customers.view_customer", "customers.view_anonymisation"))
    assert sees.post("/customers/XAN001/widgets/personal-data/anonymise/", {"reason": "x"}).status_code == 403


def test_s29_the_job_goes_on_where_it_was_killed(xan, monkeypatch):
    other = make_customer("Bob Baker", "BOB001", status="cancelled")
    seen = iter([None, KeyboardInterrupt()])
    whole = blanking.audit

    def killed(*given: Any) -> None:
        whole(*given)
        if trouble := next(seen):
            raise trouble

    monkeypatch.setattr(blanking, "audit", killed)
    with pytest.raises(KeyboardInterrupt):
        anonymising.run(LATER, at_once=1)
    assert Anonymisation.objects.count() == 1

    monkeypatch.setattr(blanking, "audit", whole)
    assert "1 anonymised" in anonymising.run(LATER, at_once=1)
    other.refresh_from_db()
    assert other.name == "Former customer BOB001"
    assert anonymising.run(LATER, at_once=1) == ""
