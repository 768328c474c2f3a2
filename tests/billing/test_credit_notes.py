"""Credit and debit notes, adjustments and corrections: what answers a document that is issued."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, connections

from billing.models import AdjustmentReason, Allocation, Document, Entry, Limit, Line, OpenItem
from billing.services import adjustments, corrections, credit_notes, debit_notes, documents, locks
from billing.services.corrections import Particulars
from customers.models import CustomerBalance
from herotill import approvals, vat
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.users.models import Role
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)
TODAY = date(2018, 9, 1)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def credit(invoice, amount=None, actor=None, day=TODAY):
    line = invoice.lines.first()
    amounts = credit_notes.whole(invoice) if amount is None else {line.pk: Decimal(amount)}
    return credit_notes.make(
        document=invoice, amounts=amounts, reason="Charged twice", day=day, actor=actor, now=NOW
    )


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_s27_a_credit_note_goes_to_its_invoice_first_and_the_rest_is_credit(alice):
    old, invoice = make_invoice(alice, "100.00", date(2018, 6, 1)), make_invoice(alice, "200.00")
    make_receipt(alice, "150.00", names=invoice)
    note, _ = credit(invoice)
    note.refresh_from_db()
    assert (note.name, note.incl, note.against) == ("CN00001", Decimal("200.00"), invoice)
    paid = Allocation.objects.filter(credit__reference="CN00001").order_by("pk")
    assert [(one.debit.reference, one.amount, one.how) for one in paid] == [
        (invoice.name, Decimal("50.00"), "credit_note"),
        (old.name, Decimal("100.00"), "oldest"),
    ]
    assert OpenItem.objects.get().open == Decimal("-50.00")
    assert balance(alice) == Decimal("-50.00")


def test_s13_a_credit_note_takes_the_stored_rate_of_the_line_it_credits(alice):
    invoice = make_invoice(alice, "450.00", date(2018, 3, 26), rate="14")
    note, _ = credit(invoice, "114.00")
    line = note.lines.get()
    assert (line.vat_rate, line.excl, line.vat) == (Decimal("14.00"), Decimal("100.00"), Decimal("14.00"))
    assert line.credits.document == invoice


def test_s27_parts_of_a_line_together_take_exactly_its_vat_and_no_more(alice):
    invoice = make_invoice(alice, "100.00")
    for part in ("33.33", "33.33", "33.34"):
        credit(invoice, part)
    whole = Line.objects.filter(document__kind="credit_note")
    assert sum(line.vat for line in whole) == invoice.vat
    assert sum(line.excl for line in whole) == invoice.excl
    with pytest.raises(DomainError, match=r"only R 0\.00 can still be credited"):
        credit(invoice, "0.01")


@pytest.mark.parametrize(
    ("amount", "reason", "said"),
    [
        ("100.01", "Charged twice", "can still be credited"),
        ("50", " ", "Say why"),
        ("0", "Nothing", "how much"),
        ("-1", "x", "can still"),
    ],
)
def test_a_credit_note_is_refused_beyond_its_line_without_reason_and_for_nothing(alice, amount, reason, said):
    invoice = make_invoice(alice, "100.00")
    with pytest.raises(DomainError, match=said):
        credit_notes.make(
            document=invoice,
            amounts={invoice.lines.get().pk: Decimal(amount)},
            reason=reason,
            day=TODAY,
            actor=None,
            now=NOW,
        )
    assert not Document.objects.filter(kind="credit_note").exists()


def test_a_draft_is_changed_and_not_credited(alice):
    with pytest.raises(DomainError, match="Only an issued"):
        credit(make_draft(alice))


def _at_once(count, deed):
    """The same deed from so many threads, begun together; what each came to."""
    ready, found = threading.Barrier(count), []

    def one():
        try:
            ready.wait()
            deed()
            found.append("done")
        except Exception as no:
            found.append(str(no))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _credited():
    return sum(note.incl for note in Document.objects.filter(kind="credit_note", status="issued"))


@pytest.mark.django_db(transaction=True)
def test_s27_from_two_screens_at_once_only_one_credits_the_whole(alice):
    invoice = make_invoice(alice, "100.00")
    found = _at_once(4, lambda: credit(invoice, "100.00"))
    assert found.count("done") == 1
    assert _credited() == Decimal("100.00")
    assert Document.objects.filter(kind="credit_note").count() == 1


@pytest.mark.django_db(transaction=True)
def test_s27_without_the_lock_the_database_still_refuses(alice, monkeypatch):
    invoice = make_invoice(alice, "100.00")
    notes = [_credit_draft(invoice) for _ in range(3)]
    monkeypatch.setattr(locks, "hold", lambda customers: None)
    pile = iter(notes)
    found = _at_once(3, lambda: documents.issue(documents=[next(pile).pk], actor=None, now=NOW))
    assert found.count("done") == 1
    assert all("beyond" in said or said == "done" or "More would be credited" in said for said in found)
    assert _credited() == Decimal("100.00")


def test_without_the_constraint_more_would_be_credited(alice):
    """The control: it is the constraint that holds."""
    invoice = make_invoice(alice, "100.00")
    notes = [_credit_draft(invoice) for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_linecredit DROP CONSTRAINT no_line_is_credited_beyond_itself")
    for note in notes:
        documents.issue(documents=[note.pk], actor=None, now=NOW)
    assert _credited() == Decimal("200.00")


def _credit_draft(invoice):
    line = invoice.lines.get()
    copy = documents.copied(line, vat.Amounts(line.excl, line.vat, line.incl), credits=line)
    return documents.make(
        kind="credit_note", customer=invoice.customer, day=TODAY, lines=[copy], against=invoice, actor=None
    )


def test_s27_over_a_persons_limit_a_credit_waits_for_a_second_person(alice):
    greta, manager = in_role("Greta", "accounts"), in_role("Thandi", "manager")
    Limit.objects.update_or_create(
        role=Role.objects.get(name="accounts"), defaults={"amount": Decimal("100.00")}
    )
    small, large = make_invoice(alice, "100.00"), make_invoice(alice, "100.01")
    assert credit(small, actor=greta)[1] == documents.Outcome(1, 0)
    note, outcome = credit(large, actor=greta)
    assert outcome == documents.Outcome(0, 1)
    note.refresh_from_db()
    assert note.is_draft
    request = ApprovalRequest.objects.get()
    assert "Credit note of R 100.01" in request.about
    with pytest.raises(DomainError, match="a second person decides"):
        approvals.decide(request=request, approve=True, actor=greta, now=NOW)
    page = client_of(greta).get(note.get_absolute_url()).content.decode()
    assert "waits for a second person" in page
    assert f"{note.get_absolute_url()}issue/" not in page
    approvals.decide(request=request, approve=True, actor=manager, now=NOW)
    note.refresh_from_db()
    assert (note.name, note.issued_by, note.created_by) == ("CN00002", manager, greta)


def test_s27_a_refused_credit_stays_a_draft_and_takes_nothing(alice):
    greta, manager = make_person("Greta", "billing.issue_credit_notes"), in_role("Thandi", "manager")
    note, _ = credit(make_invoice(alice, "10.00"), actor=greta)
    request = ApprovalRequest.objects.get()
    approvals.decide(request=request, approve=False, answer="She owes it", actor=manager, now=NOW)
    note.refresh_from_db()
    assert note.is_draft
    assert balance(alice) == Decimal("10.00")


def test_the_dialog_offers_what_can_still_be_credited(alice):
    greta = in_role("Greta", "accounts")
    desk, invoice = client_of(greta), make_invoice(alice, "100.00")
    credit(invoice, "40.00")
    for part in ("credit", "edit", "delete"):
        page = desk.get(f"{invoice.get_absolute_url()}{part}/").content.decode()
        assert 'value="60.00"' in page
    line = invoice.lines.get()
    answer = desk.post(
        f"{invoice.get_absolute_url()}credit/",
        {f"amount_{line.pk}": "60.00", "day": "2018-09-02", "reason": "Charged twice"},
    )
    note = Document.objects.filter(kind="credit_note").latest("pk")
    assert answer.url == note.get_absolute_url()
    page = desk.get(invoice.get_absolute_url()).content.decode()
    assert "Credited" in page
    assert "document-credit" not in page
    other = make_invoice(alice, "50.00")
    assert "document-credit" in desk.get(other.get_absolute_url()).content.decode()
    card = desk.get("/customers/ALI001/widgets/age-analysis/").content.decode()
    assert f"Credit {other.name}" in card
    assert f"Credit {invoice.name}" not in card


def test_a_debit_note_charges_more_at_the_stored_rate(alice):
    invoice = make_invoice(alice, "450.00", date(2018, 3, 26), rate="14")
    line = invoice.lines.get()
    note, _ = debit_notes.make(
        document=invoice,
        amounts={line.pk: Decimal("114.00")},
        reason="Too little",
        day=TODAY,
        actor=None,
        now=NOW,
    )
    note.refresh_from_db()
    assert (note.name, note.vat, note.against) == ("DN00001", Decimal("14.00"), invoice)
    assert balance(alice) == Decimal("564.00")
    credit(note, "114.00")
    assert balance(alice) == Decimal("450.00")
    with pytest.raises(DomainError, match="make a credit note"):
        debit_notes.make(
            document=invoice, amounts={line.pk: Decimal("-1")}, reason="x", day=TODAY, actor=None, now=NOW
        )


def test_s11_an_adjustment_carries_no_vat_and_needs_a_reason_of_the_list(alice):
    why = AdjustmentReason.objects.get(name="Bank charges")
    manager = in_role("Thandi", "manager")
    made, _ = adjustments.make(
        customer=alice,
        amount=Decimal("35.00"),
        why=why,
        text="Returned debit",
        day=TODAY,
        actor=manager,
        now=NOW,
    )
    made.refresh_from_db()
    assert (made.name, made.vat, made.grounds.adjustment) == ("ADJ00001", Decimal(0), why)
    down, _ = adjustments.make(
        customer=alice, amount=Decimal("-5.00"), why=why, text="Ours", day=TODAY, actor=manager, now=NOW
    )
    assert Entry.objects.get(kind="adjustment", source_id=down.pk).amount == Decimal("-5.00")
    assert balance(alice) == Decimal("30.00")
    for amount, text, said in (("0", "x", "nothing"), ("5", " ", "what for")):
        with pytest.raises(DomainError, match=said):
            adjustments.make(
                customer=alice, amount=Decimal(amount), why=why, text=text, day=TODAY, actor=manager, now=NOW
            )
    names = set(AdjustmentReason.objects.values_list("name", flat=True))
    assert not [name for name in names if "price" in name.lower()]


def test_s12_wrong_particulars_are_corrected_by_a_further_version_without_an_entry(alice):
    greta, invoice = in_role("Greta", "accounts"), make_invoice(alice)
    before = Entry.objects.count()
    made = corrections.correct(
        document=invoice,
        particulars=Particulars("Alice Liddell (Pty) Ltd", "1 Rabbit Row", "4123456789"),
        reason="Her name was misspelt",
        requested_on=date(2018, 8, 25),
        today=TODAY,
        actor=greta,
    )
    first, second = invoice.snapshots.order_by("version")
    assert (made.version, made.due_on, second.letterhead) == (2, date(2018, 9, 15), first.letterhead)
    assert (first.bill_to, second.bill_to) == ("Alice Liddel", "Alice Liddell (Pty) Ltd")
    assert Entry.objects.count() == before
    again = Document.objects.get(pk=invoice.pk)
    assert (again.name, again.document_date, again.incl) == (
        invoice.name,
        invoice.document_date,
        invoice.incl,
    )
    page = client_of(greta).get(invoice.get_absolute_url()).content.decode()
    assert "Corrected: Her name was misspelt" in page
    assert "2018-09-15" in page


@pytest.mark.parametrize("reason", ["", "No change"])
def test_s12_a_correction_says_why_and_corrects_something(alice, reason):
    invoice = make_invoice(alice)
    last = invoice.snapshots.get()
    with pytest.raises(DomainError):
        corrections.correct(
            document=invoice,
            particulars=Particulars(last.bill_to, last.address, last.vat_number),
            reason=reason,
            requested_on=TODAY,
            today=TODAY,
            actor=None,
        )


def test_s27_the_lines_of_a_waiting_note_are_not_changed_by_hand(alice):
    invoice = make_invoice(alice, "100.00")
    note, greta = _credit_draft(invoice), in_role("Greta", "accounts")
    line = note.lines.get()
    values = {
        "text": "More",
        "quantity": "1",
        "unit_price": "5000",
        "vat_class": "standard",
        "includes_vat": "on",
    }
    desk = client_of(greta)
    for part in ("lines/new", f"lines/{line.pk}", f"lines/{line.pk}/remove"):
        answer = desk.post(f"{note.get_absolute_url()}{part}/", values)
        assert answer.status_code == 422
        assert "follow what it answers" in answer.content.decode()
    line.refresh_from_db()
    assert (line.incl, line.credits.document) == (Decimal("100.00"), invoice)
