"""History comes in under its own numbers, once, and can be taken back; what is wrong is refused with a reason."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import (
    AccountingPeriod,
    BankAccount,
    Document,
    Entry,
    Line,
    OpenItem,
    Receipt,
    RecurringItem,
    Reversal,
    Series,
)
from billing.selectors import crediting
from billing.services import credit_notes, history, write_offs
from herotill.errors import DomainError
from herotill.imports import showing, work
from herotill.imports.kinds import kinds
from herotill.models import Import, ImportRow
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.people import in_role
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]

INVOICES = """Inv No;Inv Date;Account Code;Amount
INV00563;2018-03-26;ABE001;R 450.00
INV00589;2018-04-30;ABE001;R 454.00
INV00615;2018-05-23;ABE001;R 454.00
"""
RECEIPTS = """Account Code;Rept Date;Bank Account;Bank Ref;Amount
ABE001;2018-04-16;Sage Pay;ABE001 -;R 450.00
ABE001;2018-05-15;Sage Pay;ABE001 -;R 454.00
ABE001;2018-05-15;Sage Pay;ABE001 -;R 454.00
"""


@pytest.fixture
def abe():
    BankAccount.objects.create(name="Sage Pay")
    return make_customer("Abe Hare", "ABE001")


@pytest.fixture
def bring(tmp_path):
    def bring(kind, text, *options):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        said = StringIO()
        call_command("import_csv", kind, str(file), *options, stdout=said)
        return said.getvalue()

    return bring


def back(run):
    call_command("import_csv", "--roll-back", str(run), stdout=StringIO())


def balance(customer):
    customer.balance.refresh_from_db()
    return customer.balance.amount


def outcomes():
    return [row.reason or row.outcome for row in ImportRow.objects.order_by("of_id", "line")]


def test_invoices_keep_their_numbers_and_carry_the_rate_of_their_day(abe, bring):
    said = bring("invoices", INVOICES)
    assert "3 created" in said
    assert "R 1,358.00" in said
    found = {document.name: document for document in Document.objects.all()}
    assert found["INV00563"].lines.get().vat_rate == 14
    assert found["INV00589"].lines.get().vat_rate == 15
    assert found["INV00563"].vat == Decimal("55.26")
    assert all(document.before and document.series is None for document in found.values())
    assert balance(abe) == Decimal("1358.00")
    assert Series.objects.get(kind="invoice").first_number == 616
    assert make_invoice(abe).name == "INV00616"


def test_a_second_import_adds_nothing_and_equal_rows_are_two_payments(abe, bring):
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    assert balance(abe) == 0
    assert not OpenItem.objects.exists()
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    assert outcomes() == ["create"] * 6 + ["already_there"] * 6
    assert Receipt.objects.count() == 3


def test_what_is_taken_back_is_answered_on_its_own_day_and_can_come_anew(abe, bring):
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    invoices, receipts = Import.objects.order_by("pk").values_list("run_id", flat=True)
    back(receipts)
    assert balance(abe) == Decimal("1358.00")
    assert set(Reversal.objects.values_list("reversed_on", flat=True)) == {
        date(2018, 4, 16),
        date(2018, 5, 15),
    }
    back(invoices)
    assert balance(abe) == 0
    assert not OpenItem.objects.exists()
    assert Entry.objects.count() == 12
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    assert balance(abe) == 0
    assert outcomes()[-6:] == ["create"] * 6
    assert Document.objects.get(name="INV00589", edition=1).incl == Decimal("454.00")


def test_a_paid_invoice_that_is_taken_back_leaves_the_payment_as_credit(abe, bring):
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    back(Import.objects.order_by("pk").first().run_id)
    assert balance(abe) == Decimal("-1358.00")
    assert sum(item.open for item in OpenItem.objects.all()) == Decimal("-1358.00")


def test_an_invoice_credited_since_stays(abe, bring):
    bring("invoices", INVOICES)
    invoice = Document.objects.get(name="INV00563")
    make_invoice(abe, "50.00", date(2018, 6, 1), kind="credit_note", against=invoice)
    run = Import.objects.get().run_id
    back(run)
    assert balance(abe) == Decimal("400.00")
    assert ImportRow.objects.filter(way_back="stays: Another document answers it.").count() == 1


def test_credit_notes_go_to_their_invoices_and_adjustments_carry_no_vat(abe, bring):
    bring("invoices", INVOICES)
    bring(
        "credit-notes",
        "number,date,code,amount,invoice,reason\nCN9,2018-05-01,ABE001,54.00,INV00589,Off for two days\n",
    )
    bring("adjustments", "number,date,code,amount,reason\nA1,2018-05-02,ABE001,-4.00,Rounding\n")
    assert balance(abe) == Decimal("1300.00")
    assert OpenItem.objects.get(entry__reference="INV00589").open == Decimal("400.00")
    assert Document.objects.get(name="A1").vat == 0
    assert Document.objects.get(name="CN9").lines.get().vat_rate == 15


def test_a_document_comes_in_whole_or_not_at_all(abe, bring):
    bring(
        "invoices",
        "number,date,code,amount,text\n"
        "OLD1,2018-05-01,ABE001,100.00,Line\nOLD1,2018-05-01,ABE001,20.00,Router\n"
        "OLD2,2018-05-01,ABE001,100.00,Line\nOLD2,2018-05-01,ABE001,many,Router\n"
        "OLD3,2018-05-01,ABE001,1.00,a\nOLD3,2018-05-02,ABE001,1.00,b\n",
    )
    refused = ["part_refused", "bad_amount", "rows_disagree", "rows_disagree"]
    assert outcomes() == ["create", "create", *refused]
    assert list(Document.objects.values_list("name", "incl")) == [("OLD1", Decimal("120.00"))]


def test_rows_that_cannot_be_are_refused_each_with_its_reason(abe, bring):
    bring(
        "invoices",
        "number,date,code,amount\n"
        "X1,2018-05-01,NOBODY,1.00\nX2,31/31/2018,ABE001,1.00\nX3,2018-05-01,ABE001,-1.00\n,2018-05-01,ABE001,1\n"
        "X4,1950-05-01,ABE001,1.00\n",
    )
    assert outcomes() == ["customer_unknown", "bad_date", "below_zero", "no_number", "no_rate"]
    assert not Document.objects.exists()


def test_a_number_our_own_series_will_give_is_refused(abe, bring):
    make_invoice(abe)
    bring("invoices", "number,date,code,amount\nINV00001,2018-05-01,ABE001,1\nINV00007,2018-05-01,ABE001,1\n")
    assert outcomes() == ["number_taken", "number_of_ours"]


def test_recurring_items_come_once_with_their_own_price(abe, bring):
    make_product("UNC10", "454.00")
    text = "code,product,text,quantity,price,starts,bill_from\nABE001,unc10,Home line,1,400.00,2015-01-01,2018-09-01\nABE001,nope,,1,,2018-01-01,\n"
    bring("recurring", text)
    bring("recurring", text)
    assert outcomes() == ["create", "product_unknown", "already_there", "product_unknown"]
    item = RecurringItem.objects.get()
    assert (item.prices.get().amount, item.bill_from) == (Decimal("400.00"), date(2018, 9, 1))
    back(Import.objects.order_by("pk").first().run_id)
    assert not RecurringItem.objects.exists()


def test_a_dry_run_writes_nothing(abe, bring):
    assert "3 to create" in bring("invoices", INVOICES, "--dry-run")
    assert not Document.objects.exists()


def test_who_may_not_post_invoices_may_not_import_them(abe, client):
    dora = make_person("Dora", "billing.import_billing")
    page = client_of(dora).get("/billing/import/")
    assert page.status_code == 200
    assert "Import invoices" in page.content.decode()
    assert client_of(make_person("Eve")).get("/billing/import/").status_code == 403


def test_the_headings_of_a_report_keep_their_capitals():
    found = showing.columns(kinds["invoices"], in_role("Thabo", "manager"))
    assert found == ["Number", "Date", "Amount", "VAT"]


AMOUNTS = st.lists(st.decimals("0.01", "9999.99", places=2), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owed=AMOUNTS, paid=AMOUNTS)
def test_whatever_comes_in_and_goes_back_leaves_nothing_open(owed, paid, abe, bring):
    number = Document.objects.count()
    rows = "".join(f"H{number}-{n},2018-05-{n + 1:02},ABE001,{amount}\n" for n, amount in enumerate(owed))
    bring("invoices", "number,date,code,amount\n" + rows)
    rows = "".join(
        f"ABE001,2018-06-{n + 1:02},{amount},Sage Pay,p{number}\n" for n, amount in enumerate(paid)
    )
    bring("receipts", "code,date,amount,account,reference\n" + rows)
    assert balance(abe) == sum(owed) - sum(paid)
    for run in Import.objects.filter(state="applied").values_list("run_id", flat=True):
        back(run)
    assert balance(abe) == 0
    assert not OpenItem.objects.exists()


CREDIT = "number,date,code,amount,invoice,reason\nCN9,2018-05-01,ABE001,54.00,INV00589,Off for two days\n"


def test_what_was_credited_can_go_once_the_credit_notes_are_taken_back(abe, bring):
    bring("invoices", INVOICES)
    bring("credit-notes", CREDIT)
    notes, invoices = Import.objects.order_by("-pk").values_list("run_id", flat=True)
    back(notes)
    assert balance(abe) == Decimal("1358.00")
    back(invoices)
    assert balance(abe) == 0
    assert not ImportRow.objects.filter(way_back__startswith="stays").exists()
    bring("invoices", INVOICES)
    bring("credit-notes", CREDIT)
    assert balance(abe) == Decimal("1304.00")


def test_what_was_written_off_stays(abe, bring):
    bring("invoices", INVOICES)
    invoices = Document.objects.order_by("document_date")[:2]
    write_offs.make(
        customer=abe,
        named=[one.pk for one in invoices],
        recovery="ceased",
        reason="Gone abroad.",
        day=date(2018, 9, 1),
        actor=None,
        now=datetime(2018, 9, 1, 10, tzinfo=UTC),
    )
    back(Import.objects.get().run_id)
    assert balance(abe) == 0
    assert ImportRow.objects.filter(way_back="stays: It has been written off.").count() == 2


@pytest.mark.parametrize(
    ("kind", "text", "wrote", "took_back"),
    [
        ("invoices", INVOICES, '"billing_document"."name" IN', '"settles_id"'),
        ("receipts", RECEIPTS, '"source_reference" IN', '"billing_reversal"'),
    ],
)
def test_accounts_are_held_before_it_is_looked_what_is_there(abe, bring, kind, text, wrote, took_back):
    def is_held_first(does, looks):
        with CaptureQueriesContext(connection) as asked:
            does()
        said = [one["sql"] for one in asked]
        held = next(place for place, sql in enumerate(said) if "FOR NO KEY UPDATE" in sql)
        return held < next(place for place, sql in enumerate(said) if looks in sql)

    assert is_held_first(lambda: bring(kind, text), wrote)
    assert is_held_first(lambda: back(Import.objects.get().run_id), took_back)


def test_what_stands_in_closed_books_stays(abe, bring):
    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    AccountingPeriod.objects.create(month=date(2018, 4, 1), closed_at="2018-05-05T08:00Z")
    for run in Import.objects.order_by("-pk").values_list("run_id", flat=True):
        back(run)
    told = ImportRow.objects.order_by("of_id", "line").values_list("way_back", flat=True)
    closed = "stays: The books of its month are closed."
    assert list(told) == [closed, closed, "removed", closed, "removed", "removed"]
    assert balance(abe) == Decimal("454.00")


def test_a_reference_may_hold_any_sign_and_a_receipt_come_and_go_many_times(abe, bring):
    text = "code,date,amount,account,reference\nABE001,2018-05-01,10.00,Sage Pay,A~1\n"
    for _ in range(3):
        bring("receipts", text)
        bring("receipts", text)
        assert balance(abe) == Decimal("-10.00")
        back(Import.objects.order_by("-pk")[1].run_id)
        assert balance(abe) == 0
    bring("receipts", text)
    assert balance(abe) == Decimal("-10.00")


def test_an_earlier_credit_note_counts_against_its_invoice(abe, bring):
    bring(
        "invoices",
        "number,date,code,amount,text\nH1,2018-05-01,ABE001,100.00,Line\nH1,2018-05-01,ABE001,50.00,Hire\n",
    )
    bring("credit-notes", CREDIT.replace("54.00", "120.00").replace("INV00589", "H1"))
    invoice = Document.objects.get(name="H1")
    assert [left.left.incl for _, left in crediting.lines_left(invoice)] == [0, Decimal("30.00")]
    first, second = invoice.lines.all()
    for line in (first, second):
        with pytest.raises(DomainError, match="can still be credited"):
            credit_notes.make(
                document=invoice,
                amounts={line.pk: Decimal("50.00")},
                reason="Again",
                day=date(2018, 6, 1),
                actor=None,
                now=datetime(2018, 6, 1, 10, tzinfo=UTC),
            )
    back(Import.objects.get(kind="credit-notes").run_id)
    assert crediting.lines_left(invoice)[0][1].left.incl == Decimal("100.00")


def test_vat_is_none_where_the_file_says_so_and_never_more_than_there_can_be(abe, bring):
    make_product("BOOK", "100.00", vat_class="zero")
    bring(
        "invoices",
        "number,date,code,amount,vat,product\n"
        "V1,2018-05-01,ABE001,115.00,0.00,\nV2,2018-05-01,ABE001,115.00,14.12,\nV3,2018-05-01,ABE001,115.00,,BOOK\n"
        "V4,2018-05-01,ABE001,115.00,-15.00,\nV5,2018-05-01,ABE001,115.00,50.00,\n",
    )
    assert outcomes() == ["create", "create", "create", "bad_vat", "bad_vat"]
    lines = Line.objects.order_by("document__name")
    assert [(line.vat_class, line.vat_rate, line.vat) for line in lines] == [
        ("zero", Decimal(0), Decimal(0)),
        ("standard", Decimal(15), Decimal("14.12")),
        ("zero", Decimal(0), Decimal(0)),
    ]


def test_what_nobody_can_mean_is_refused(abe, bring):
    soon = timezone.localdate() + timedelta(days=8)
    bring(
        "invoices",
        "number,date,code,text,quantity,amount\n"
        f"F1,{soon},ABE001,Next month,1,10.00\nF2,2099-01-01,ABE001,Then,1,10.00\nF3/BACK,2018-05-01,ABE001,Gone,1,10.00\n"
        "F4,2018-05-01,ABE001,Pipe, 5 m,1,100.00\nF5,2018-05-01,ABE001,Dust,0.001,99999999.00\nF6,31/12/9999,ABE001,End,1,1\n",
    )
    assert outcomes() == ["create", "far_ahead", "bad_number", "wrong_columns", "bad_quantity", "far_ahead"]
    bring("receipts", "code,date,amount,account\nABE001,2099-01-01,10.00,Sage Pay\n")
    assert outcomes()[-1] == "far_ahead"


def test_what_the_database_refuses_is_said_in_its_words(abe, bring):
    bring("invoices", INVOICES)
    batch = Import.objects.get()
    AccountingPeriod.objects.create(month=date(2018, 4, 1), closed_at="2018-05-05T08:00Z")
    with (
        pytest.raises(
            DomainError, match=r"is closed; nothing more is posted in it\. Nothing has been written"
        ),
        work._in_words(batch.run),
        transaction.atomic(),
    ):
        history.take_back(
            documents=[Document.objects.get(name="INV00563").pk], actor=None, now=timezone.now()
        )
