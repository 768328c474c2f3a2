"""Why? Every amount answers with its chain of facts, with dates and names."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.models import BillingProfile, Document, Line, MonthEnd
from billing.policies import facts as words
from billing.policies.facts import Fact
from billing.selectors import why
from billing.services import credit_notes, issuing, own_month, receipts, recurring
from herotill.messages.models import Message
from herotill.models import Run
from herotill.months import Month
from herotill.reference.models import PriceList
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
AUGUST = Month(2018, 8)
TODAY = date(2018, 8, 22)
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)


def told(answer) -> str:
    """Everything an answer says, a line a fact."""

    def walk(facts, depth=0):
        for fact in facts:
            said = f"{fact.text} [{fact.day or ''} {fact.by}]"
            yield "  " * depth + said
            yield from walk(fact.because, depth + 1)

    return "\n".join([answer.question, *walk(answer.facts)])


@pytest.fixture
def sam():
    return make_person("Sam")


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def bill(customer, sam, **more):
    """An item from the middle of August, charged, drafted and issued."""
    product = make_product("UNC10", "454.00", name="Home Uncapped")
    new = recurring.NewItem(product=product, starts_on=date(2018, 8, 17), **more)
    recurring.add(customer=customer, new=new, actor=sam)
    own_month.generate(customer=customer, month=AUGUST, actor=sam)
    draft = own_month.draft(customer=customer, month=AUGUST, day=TODAY, actor=sam)
    issuing.issue(documents=[draft.pk], actor=sam, now=NOW)
    return Document.objects.get(pk=draft.pk)


def test_a_line_tells_item_price_days_vat_and_document(alice, sam):
    document = bill(alice, sam)
    line = document.lines.get()
    assert line.incl == Decimal("219.68")
    said = told(why.of_line(line))
    for text in (
        "Why R 219.68 for",
        "Alice Liddel has Home Uncapped since 2018-08-17.",
        "Sam",
        "R 454.00 by the price for everybody. [2010-01-01",
        "15 of 31 days of R 454.00 are R 219.68, including VAT.",
        "VAT 15 %, the rate since 2018-04-01, by the day 2018-08-17: R 28.65 on R 191.03.",
        f"It stands on {document.name}.",
    ):
        assert text in said


def test_a_line_tells_whose_price_it_was_and_what_was_taken_off(alice, sam):
    estate = PriceList.objects.create(name="Estate")
    BillingProfile.objects.create(customer=alice, price_list=estate)
    product = make_product("UNC20", "500.00")
    make_price(product, "400.00", date(2018, 1, 1), estate)
    for more in ({}, {"price": Decimal("350.00"), "quantity": Decimal(2), "discount": Decimal(10)}):
        new = recurring.NewItem(product=product, starts_on=AUGUST.first, **more)
        recurring.add(customer=alice, new=new, actor=sam)
    own_month.generate(customer=alice, month=AUGUST, actor=sam)
    listed, own = Line.objects.order_by("item_id")
    said = told(why.of_line(listed))
    assert "R 400.00 by the list Estate. [2018-01-01" in said
    assert "Aug 2018: R 400.00 is R 400.00" in said
    assert "It waits for an invoice." in said
    said = told(why.of_line(own))
    assert "A price of its own: R 350.00, agreed with the customer. [2018-08-01 Sam]" in said
    assert "Aug 2018: 2 × R 350.00 less 10 % is R 630.00" in said


def test_a_document_tells_who_made_it_what_paid_it_and_what_was_said(alice, sam):
    document = bill(alice, sam)
    thandi = make_person("Thandi")
    make_receipt(alice, "100.00")
    Message.objects.create(
        template="invoice",
        channel="email",
        customer_id=alice.pk,
        address="alice@example.com",
        subject_kind="document",
        subject_id=document.pk,
        state="sent",
        sent_at=NOW,
        queued_at=NOW,
    )
    month_end = MonthEnd.objects.create(
        period=AUGUST.first,
        document_date=TODAY,
        fingerprint="x",
        signed_at=NOW,
        signed_by=thandi,
        sign_reason="As expected",
    )
    run = Run.objects.create(kind="x", title="Draft invoices: Aug 2018", params={"month_end": month_end.pk})
    said = told(why.of_document(document))
    for text in (
        f"Why {document.name} over R 219.68?",
        "1 line comes to R 219.68: R 191.03 and R 28.65 VAT.",
        "Drafted by hand. [",
        f"Issued as {document.name}, dated 2018-08-22, due on 2018-08-29. [2018-08-22 Sam]",
        "R 119.68 of R 219.68 is open.",
        "R 100.00 by the payment of R 100.00 into Sage Pay, “ALI001” (oldest first). [2018-08-22",
        "Email to alice@example.com: sent. [2018-08-22",
    ):
        assert text in said
    by_run = Document.objects.get(pk=document.pk)
    by_run.run_id = run.pk
    said = told(why.of_document(by_run))
    assert "Drafted by the run “Draft invoices: Aug 2018”." in said
    assert "The preview of that month-end was signed. “As expected” [2018-08-22 Thandi]" in said


def test_a_payment_taken_back_and_a_credit_note_stand_in_the_answer(alice, sam):
    document = make_invoice(alice, "454.00", date(2018, 8, 1))
    receipt = make_receipt(alice, "454.00")
    receipts.reverse(receipt=receipt, day=TODAY, reason="Not provided for", actor=sam)
    said = told(why.of_document(document))
    assert "Undone: it is owed again." in said
    assert "R 454.00, all of it open." in said
    taken = {"amounts": credit_notes.whole(document), "reason": "Tower down", "day": TODAY}
    note, outcome = credit_notes.make(document=document, actor=None, now=NOW, **taken)
    note.refresh_from_db()
    assert outcome.issued == 1
    said = told(why.of_document(document))
    assert f"R 454.00 by {note.name} (credit note to its invoice)." in said
    assert "all of it paid or credited" in said
    said = told(why.of_line(document.lines.get()))
    assert f"R 454.00 of it was taken back by {note.name}. [2018-08-22 ]" in said
    assert "Put on the document by hand." in said
    said = told(why.of_document(note))
    assert f"It answers {document.name}." in said
    assert "Tower down" in said
    assert "the rate of the line it credits" in told(why.of_line(note.lines.get()))


def test_a_balance_is_the_sum_of_what_is_open(alice, sam):
    assert "Every invoice is paid" in told(why.of_balance(alice))
    assert "No payment was ever booked." in told(why.of_balance(alice))
    first = make_invoice(alice, "454.00", date(2018, 7, 1))
    second = make_invoice(alice, "100.00", TODAY)
    make_receipt(alice, "400.00")
    answer = why.of_balance(alice)
    assert answer.amount == Decimal("154.00")
    said = told(answer)
    assert f"Invoice {first.name}: R 54.00 of R 454.00 is open." in said
    assert f"Invoice {second.name}: R 100.00, all of it open." in said
    assert "The newest payment: R 400.00." in said
    make_receipt(alice, "200.00")
    said = told(why.of_balance(alice))
    assert "Why does Alice Liddel owe -R 46.00?" in said
    assert "Receipt: R 46.00 of R 200.00 waits to be used." in said


def test_shares_and_rates_are_told_in_words():
    month = {"quantity": Decimal(1), "discount": Decimal(0), "price": Decimal(310)}
    said = words.share(first=date(2018, 8, 5), last=date(2018, 8, 5), amount=Decimal(10), **month)
    assert said == "1 of 31 days of R 310.00 is R 10.00."
    said = words.share(first=date(2018, 8, 5), last=date(2018, 8, 31), amount=Decimal(310), **month)
    assert said == "Aug 2018, charged in full: R 310.00 is R 310.00."
    assert words.share(
        first=date(2018, 8, 1), last=date(2018, 9, 30), amount=Decimal(620), **month
    ).startswith("Aug 2018")
    taxed = {"rate": Decimal(0), "since": None, "counts": TODAY, "excl": Decimal(1), "tax": Decimal(0)}
    assert "Zero-rated" in words.vat(vat_class="zero", **taxed)
    assert "no vendor" in words.vat(vat_class="outside", **taxed)
    assert "Exempt" in words.vat(vat_class="exempt", **taxed)


def test_the_dialogs_ask_their_rights_and_other_apps_add_what_they_know(alice, sam):
    document = make_invoice(alice, "454.00", TODAY)
    line = document.lines.get()
    clerk = client_of(make_person("Thabo", "customers.see_customer_balance", "billing.view_document"))
    dora = client_of(make_person("Dora", "customers.view_customer"))
    chapter = why.Chapter(
        "sample",
        "billing.view_document",
        lambda customer, document: [
            Fact(f"{customer.name} was warned about {document or 'the balance'}.", TODAY)
        ],
    )
    why.chapters.register(chapter)
    try:
        for where, about in (
            ("/billing/why/ALI001/", "the balance"),
            (f"/billing/why/documents/{document.pk}/", document.name),
            (f"/billing/why/lines/{line.pk}/", document.name),
        ):
            page = clerk.get(where, headers={"HX-Request": "true"}).content.decode()
            assert f"Alice Liddel was warned about {about}." in page
            assert dora.get(where).status_code == 403
        balance_only = client_of(make_person("Bob", "customers.see_customer_balance"))
        assert "warned" not in balance_only.get("/billing/why/ALI001/").content.decode()
    finally:
        why.chapters.unregister("sample")


def test_the_answers_take_a_fixed_number_of_questions(alice, sam, django_assert_max_num_queries):
    document = bill(alice, sam)
    for number in range(1, 13):
        make_invoice(alice, "10.00", date(2018, 7, number))
    for _ in range(6):
        make_receipt(alice, "25.00")
    document = Document.objects.select_related("customer", "created_by", "issued_by", "against").get(
        pk=document.pk
    )
    with django_assert_max_num_queries(3):
        assert why.of_balance(alice).facts
    with django_assert_max_num_queries(9):
        assert why.of_document(document).facts
    line = Line.objects.select_related("customer", "document", "product").filter(source="item").get()
    with django_assert_max_num_queries(5):
        assert why.of_line(line).facts
