"""Reports about money: right figures, files, who sees them, and no more questions with more data."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from billing.models import Document, DocumentKind, Line, RecurringItem
from billing.selectors import debtors, expected, revenue, vat201, verifying
from billing.services import month_sums, receipts
from herotill.charts import bars, stacked
from herotill.models import Export
from herotill.months import Month
from herotill.reference.models import Price, Product
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
PAGES = ("revenue", "vat", "debtors", "received", "unallocated", "next-run", "opening-debtors")


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def test_revenue_is_net_of_credit_notes_and_without_vat(alice):
    product = make_product()
    march = make_draft(alice, "114.00", date(2018, 3, 10), rate="14")
    march.lines.update(product=product)
    from billing.services import issuing

    issuing.issue(documents=[march.pk], actor=None, now=timezone.now())
    march.refresh_from_db()
    make_invoice(alice, "57.00", date(2018, 4, 2), kind=DocumentKind.CREDIT_NOTE, against=march, rate="14")
    make_invoice(alice, "5.00", date(2018, 4, 2), kind=DocumentKind.ADJUSTMENT)
    make_draft(alice, "999.00", date(2018, 4, 2))
    found = revenue.by_product(first=date(2018, 3, 1), last=date(2018, 4, 30))
    assert [month.label for month in found.months] == ["Mar 2018", "Apr 2018"]
    assert found.by_month == (Decimal("100.00"), Decimal("-50.00"))
    assert {one.name for one in found.products} == {product.name, "Without a product"}


def test_vat_stands_by_rate_and_document_without_history(alice):
    make_invoice(alice, "114.00", date(2018, 3, 26), rate="14")
    make_invoice(alice, "115.00", date(2018, 4, 30), rate="15")
    history = make_draft(alice, "1150.00", date(2018, 3, 1))
    Document.objects.filter(pk=history.pk).update(
        status="issued", before=True, name="OLD1", issued_at=timezone.now()
    )
    rows = vat201.vat201(date(2018, 3, 1), date(2018, 4, 30))
    assert sorted((row.rate, row.vat) for row in rows) == [
        (Decimal(14), Decimal("14.00")),
        (Decimal(15), Decimal("15.00")),
    ]
    found = vat201.documents(date(2018, 3, 1), date(2018, 4, 30))
    assert [(one.name, one.vat) for one in found] == [
        ("INV00001", Decimal("14.00")),
        ("INV00002", Decimal("15.00")),
    ]
    assert len(vat201.documents(date(2018, 3, 1), date(2018, 4, 30), limit=1)) == 1


def test_unused_money_and_receipts_by_account(alice):
    make_invoice(alice, "30.00", date(2018, 8, 1))
    make_receipt(alice, "100.00", date(2018, 8, 2))
    bounced = make_receipt(alice, "50.00", date(2018, 8, 3))
    receipts.reverse(receipt=bounced, day=date(2018, 8, 4), reason="Unpaid", actor=None)
    assert debtors.unused_sum() == (1, Decimal("70.00"))
    assert [(one.code, one.amount, one.open) for one in debtors.unused(limit=5)] == [
        ("ALI001", Decimal("100.00"), Decimal("70.00"))
    ]
    (row,) = debtors.received(first=date(2018, 8, 1), last=date(2018, 8, 31))
    assert (row.month, row.account, row.receipts) == (Month(2018, 8), "Sage Pay", 2)
    assert (row.amount, row.reversed, row.stands) == (Decimal(150), Decimal(50), Decimal(100))


def test_the_next_run_is_expected_from_recurring_items(alice):
    product = make_product()
    Price.objects.filter(product=product).delete()
    Price.objects.create(product=product, starts_on=date(2018, 1, 1), amount="100.00")
    item = {"customer": alice, "product": product, "starts_on": date(2018, 1, 1)}
    RecurringItem.objects.create(**item, quantity=2, discount=10)
    RecurringItem.objects.create(**item, ends_on=date(2018, 5, 31))
    RecurringItem.objects.create(**item, once=True)
    dearer = RecurringItem.objects.create(**item)
    dearer.prices.create(starts_on=date(2018, 6, 1), amount="150.00")
    back = RecurringItem.objects.create(**item)
    back.prices.create(starts_on=date(2018, 1, 1), amount="999.00")
    back.prices.create(starts_on=date(2018, 6, 1), amount=None)
    (row,) = expected.by_product(month=Month(2018, 6), rate=Decimal(15))
    assert (row.items, row.customers, row.incl) == (3, 1, Decimal("430.00"))
    assert expected.whole(day=date(2018, 6, 15), rate=Decimal(15)) == Decimal("430.00")
    to_come = RecurringItem.objects.create(**item | {"starts_on": date(2018, 9, 1)}, discount=10)
    to_come.prices.create(starts_on=date(2018, 9, 1), amount="20.00")
    assert expected.whole(day=date(2018, 6, 15), rate=Decimal(15)) == Decimal("448.00")
    assert expected.whole(day=date(2018, 2, 15), rate=Decimal(15)) == Decimal("1397.00")


@pytest.mark.parametrize("name", PAGES)
def test_every_report_opens_and_downloads(client, alice, name):
    make_invoice(alice, "115.00", timezone.localdate() - timedelta(days=40))
    make_receipt(alice, "200.00", timezone.localdate() - timedelta(days=35))
    client.force_login(in_role("Thabo", "accounts"))
    address = f"/reports/{name}/"
    if name == "debtors":
        assert client.post(address).status_code == 302  # Its ages are worked out first.
    page = client.get(address)
    assert page.status_code == 200
    assert ("<summary>Show as table</summary>" in page.content.decode()) == (name in ("revenue", "received"))
    assert client.get("/reports/").status_code == 200
    if name == "opening-debtors":
        return
    csv = client.get(f"{address}?format=csv")
    assert b"".join(csv.streaming_content).startswith("\ufeff".encode())
    book = load_workbook(BytesIO(b"".join(client.get(f"{address}?format=xlsx").streaming_content)))
    assert book.active.max_row >= 1
    assert Export.objects.count() == 2
    assert client.get(f"{address}?format=pdf").status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_reports_are_closed_to_those_without_the_right(client, name):
    client.force_login(in_role("Dora", "technician"))
    assert client.get(f"/reports/{name}/").status_code == 403
    assert f"/reports/{name}/" not in client.get("/reports/").content.decode()


def test_whom_no_report_is_open_to_reads_that(client):
    client.force_login(make_person("Dora"))
    assert "None of the reports" in client.get("/reports/").content.decode()


def test_long_files_need_their_right(client, alice, settings):
    make_invoice(alice, "115.00", timezone.localdate() - timedelta(days=40))
    make_invoice(alice, "115.00", timezone.localdate() - timedelta(days=40))
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 1
    from tests.factories import make_person

    client.force_login(make_person("Eve", "billing.see_reports"))
    assert client.get("/reports/vat/?format=csv").status_code == 403
    client.force_login(make_person("Thabo", "billing.see_reports", "billing.export_age_analysis"))
    assert client.get("/reports/vat/?format=csv").status_code == 200


def test_reports_ask_the_same_of_ten_times_as_much(client, alice, django_assert_max_num_queries):
    client.force_login(in_role("Thabo", "accounts"))
    day = timezone.localdate() - timedelta(days=40)
    for count in (1, 10):
        for number in range(count):
            make_invoice(make_customer(f"Client {count} {number}"), "115.00", day)
        for name in PAGES:
            with django_assert_max_num_queries(24):
                client.get(f"/reports/{name}/")


def test_charts_say_what_they_show():
    chart = stacked([("120 Days+", Decimal(0)), ("Current <b>", Decimal(30)), ("30 Days", Decimal(10))])
    assert chart
    assert "Current &lt;b&gt;: R 30.00" in chart.svg
    assert "style=" not in chart.svg
    assert chart.says == "Current <b> R 30.00; 30 Days R 10.00"
    assert stacked([("Current", Decimal(0))]) is None
    two = bars(["Jul 2018", "Aug 2018"], [("FNB", [Decimal(1), Decimal(-2)])])
    assert two
    assert two.svg.count("<rect") == 2
    assert bars([], []) is None


def test_debtors_stand_by_group_and_top(client, alice):
    make_invoice(alice, "115.00", timezone.localdate() - timedelta(days=130))
    client.force_login(in_role("Thabo", "accounts"))
    client.post("/reports/debtors/")
    for by in ("group", "billing_group", "status", "payment_method"):
        page = client.get(f"/reports/debtors/?by={by}").content.decode()
        assert "R 115.00" in page
        assert "ALI001" in page
    assert Line.objects.count() == 1
    assert Product.objects.count() == 0


def test_revenue_summed_up_by_month_is_what_the_documents_say(alice):
    """Summed up or not, whole months or cut ones, and whatever is posted afterwards."""
    days = {"first": date(2018, 3, 1), "last": date(2018, 5, 31)}
    march = make_invoice(alice, "115.00", date(2018, 3, 10))
    make_invoice(alice, "230.00", date(2018, 4, 10))
    plain = revenue.by_product(**days)
    now = timezone.now() + timedelta(hours=2)
    assert month_sums.sum_up(now).startswith("Summed up to entry")
    assert revenue.by_product(**days) == plain
    assert month_sums.sum_up(now) == month_sums.sum_up(now)
    make_invoice(alice, "115.00", date(2018, 3, 20), kind=DocumentKind.CREDIT_NOTE, against=march)
    assert revenue.by_product(**days).by_month == (Decimal(0), Decimal("200.00"), Decimal(0))
    month_sums.sum_up(now)
    assert revenue.by_product(**days).by_month == (Decimal(0), Decimal("200.00"), Decimal(0))
    cut = revenue.by_product(first=date(2018, 3, 15), last=date(2018, 4, 30))
    assert cut.by_month == (Decimal("-100.00"), Decimal("200.00"))
    assert list(verifying.verify()) == []


def test_vat_and_receipts_summed_up_by_month_are_what_stands_in_the_ledger(alice):
    """Before and after the sums are made, whatever follows: a note, a write-off, a receipt that bounces."""
    days = {"first": date(2018, 2, 10), "last": date(2018, 4, 30)}
    march = make_invoice(alice, "115.00", date(2018, 3, 10))
    april = make_invoice(alice, "230.00", date(2018, 4, 10))
    paid = make_receipt(alice, "100.00", date(2018, 3, 12))
    vat, received = vat201.vat201(**days), debtors.received(**days)
    later = timezone.now() + timedelta(hours=2)
    month_sums.sum_up(later)
    assert (vat201.vat201(**days), debtors.received(**days)) == (vat, received)
    make_invoice(alice, "23.00", date(2018, 4, 20), kind=DocumentKind.CREDIT_NOTE, against=march)
    make_invoice(alice, "46.00", date(2018, 4, 21), kind=DocumentKind.CREDIT_NOTE, against=april)
    receipts.reverse(receipt=paid, day=date(2018, 4, 4), reason="Unpaid", actor=None)
    for _ in range(2):
        invoiced, credited = sorted(vat201.vat201(**days), key=lambda row: -row.vat)
        assert (invoiced.documents, invoiced.vat) == (2, Decimal("45.00"))
        assert (credited.documents, credited.vat) == (2, Decimal("-9.00"))
        (row,) = debtors.received(**days)
        assert (row.month, row.amount, row.stands) == (Month(2018, 3), Decimal("100.00"), Decimal(0))
        month_sums.sum_up(later)
    assert list(verifying.verify()) == []
    assert debtors.received(first=date(2018, 3, 13), last=date(2018, 3, 20)) == []
