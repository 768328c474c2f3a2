"""Documents: the list, the page, and drafts changed by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from billing.models import Document, DraftChange, Line, MonthEnd, OpenItem, Waiver
from billing.services import documents, drafts, issuing
from billing.services.drafts import LineValues
from herotill.errors import DomainError
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)
SEE = ("billing.view_document",)
EDIT = (*SEE, "billing.add_document", "billing.change_document", "billing.delete_document")


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def greta():
    """Greta keeps the books."""
    return in_role("Greta", "accounts")


@pytest.fixture
def desk(greta) -> Client:
    return client_of(greta)


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_shows_what_became_of_each(desk, alice):
    for amount, paid in (("100.00", "100.00"), ("200.00", "50.00"), ("300.00", None)):
        invoice = make_invoice(alice, amount)
        if paid:
            make_receipt(alice, paid, names=invoice)
    draft = make_draft(alice, "400.00")
    page = text(desk.get("/billing/documents/?all=1"))
    for said in ("INV00001", "Paid", "Part paid", "Unpaid", f"Draft {draft.pk}", "R 150.00", "R 300.00"):
        assert said in page
    for state, names in (
        ("paid", {"INV00001"}),
        ("part", {"INV00002"}),
        ("unpaid", {"INV00003"}),
        ("draft", {f"Draft {draft.pk}"}),
    ):
        found = text(desk.get(f"/billing/documents/?state={state}"))
        shown = {
            name for name in ("INV00001", "INV00002", "INV00003", f"Draft {draft.pk}") if f">{name}<" in found
        }
        assert shown == names


def test_what_is_open_is_found_alone_together_and_in_any_order(desk, alice):
    for amount, paid in (("100.00", "100.00"), ("200.00", "50.00"), ("300.00", None)):
        invoice = make_invoice(alice, amount)
        if paid:
            make_receipt(alice, paid, names=invoice)
    found = {item.document_id for item in OpenItem.objects.filter(document__isnull=False)}
    assert found <= set(Document.objects.values_list("pk", flat=True))
    for asked, names in (
        ("state=unpaid", ["INV00003"]),
        ("state=unpaid&sort=date", ["INV00003"]),
        ("state=unpaid&state=part", ["INV00002", "INV00003"]),
        ("state=unpaid&state=part&sort=-number", ["INV00002", "INV00003"]),
        ("state=unpaid&state=paid", ["INV00001", "INV00003"]),
        ("state=unpaid&q=INV00002", []),
    ):
        page = text(desk.get(f"/billing/documents/?{asked}"))
        invoices = ("INV00001", "INV00002", "INV00003")
        assert [name for name in invoices if f">{name}<" in page] == names, asked


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=credit_note", 0),
        ("kind=invoice", 2),
        ("from=2018-08-01", 1),
        ("to=2018-07-31", 1),
        ("amount_min=150", 1),
        ("amount_max=150", 1),
        ("before=true", 0),
        ("before=false", 2),
        ("q=INV00002", 1),
        ("q=ALI001", 2),
        ("q=BOB001", 0),
        ("period=2018-08", 0),
        ("run=7", 0),
    ],
)
def test_the_list_is_narrowed(desk, alice, query, count):
    make_invoice(alice, "100.00", date(2018, 7, 1))
    make_invoice(alice, "200.00", date(2018, 8, 1))
    page = text(desk.get(f"/billing/documents/?{query}"))
    assert page.count('name="ids"') == count


NUMBERED = ("INV00001", "INV00002", "INV00003", "INV00004", "CN00001")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("from=2018-03-01&to=2018-03-31", ["CN00001", "INV00001", "INV00003", "Draft"]),
        ("from=2018-04-01", ["INV00002", "INV00004"]),
        ("to=2018-03-27", ["INV00001"]),
        ("from=2018-06-01", []),
        ("from=nonsense", []),
        ("period=2018-04", ["INV00002", "INV00003"]),
        ("period=2018-04&to=2018-03-31", ["INV00003"]),
        ("period=2018-07", []),
        ("period=2018-04&run=7", ["INV00003"]),
        ("run=7&from=2018-04-01", []),
        ("from=2018-03-01&to=2018-03-31&kind=invoice&size=10", ["INV00001", "INV00003", "Draft"]),
    ],
)
def test_days_and_months_stand_in_the_order_of_numbers_both_ways(desk, alice, asked, names):
    """One dated back got its number later, and is found; a draft has no number and comes last."""
    april = date(2018, 4, 1)
    first = make_invoice(alice, "100.00", date(2018, 3, 26))
    for day in (date(2018, 4, 10), date(2018, 3, 30)):
        draft = make_draft(alice, "200.00", day)
        Document.objects.filter(pk=draft.pk).update(period=april, run_id=7 if day.month == 3 else None)
        issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    make_invoice(alice, "300.00", date(2018, 5, 1))
    make_invoice(alice, "50.00", date(2018, 3, 31), kind="credit_note", against=first)
    make_draft(alice, "400.00", date(2018, 3, 28))
    for sort, wanted in (
        ("number", names),
        ("-number", [*names[-2::-1], "Draft"] if "Draft" in names else names[::-1]),
    ):
        page = text(desk.get(f"/billing/documents/?{asked}&sort={sort}"))
        places = {name: page.find(f">{name}") for name in (*NUMBERED, "Draft")}
        found = sorted((name for name in places if places[name] > 0), key=places.__getitem__)
        assert [name for name in found if name != "Draft" or ">Draft " in page] == wanted, sort


def test_what_a_run_made_is_found(desk, alice):
    make_invoice(alice)
    draft = make_draft(alice)
    Document.objects.filter(pk=draft.pk).update(run_id=8)
    other = make_draft(alice, day=date(2018, 10, 1))
    Document.objects.filter(pk=other.pk).update(run_id=8)
    page = text(desk.get("/billing/documents/?run=8"))
    assert page.count('name="ids"') == 2
    assert f"Draft {draft.pk}" in page
    issuing.issue(documents=[other.pk], actor=None, now=NOW)
    page = text(desk.get("/billing/documents/?run=8&sort=number"))
    assert page.count('name="ids"') == 2
    assert "INV00002" in page


def test_a_page_takes_as_many_questions_however_much_there_is(desk, alice, django_assert_max_num_queries):
    invoice = make_invoice(alice)
    for _ in range(12):
        make_receipt(alice, "5.00")
    desk.get("/")
    with django_assert_max_num_queries(24):
        page = text(desk.get(invoice.get_absolute_url()))
    assert page.count("Oldest first") == 12
    for _ in range(10):
        make_draft(alice)
    desk.get("/billing/documents/?all=1")
    with django_assert_max_num_queries(14):
        desk.get("/billing/documents/?all=1")


def test_who_may_not_see_documents_sees_none(alice):
    dora = client_of(make_person("Dora", "customers.view_customer"))
    invoice = make_invoice(alice)
    assert dora.get("/billing/documents/").status_code == 403
    assert dora.get(invoice.get_absolute_url()).status_code == 403
    eve = client_of(make_person("Eve", *SEE))
    page = text(eve.get(invoice.get_absolute_url()))
    assert "INV00001" in page
    assert "/credit/" not in page
    for part in ("credit", "debit", "correct", "allocate", "edit", "delete"):
        assert eve.get(f"{invoice.get_absolute_url()}{part}/").status_code == 403
    draft = make_draft(alice)
    for part in ("edit", "delete", "issue", "lines/new"):
        assert eve.get(f"{draft.get_absolute_url()}{part}/").status_code == 403
    for part in ("invoice", "write-off", "adjustment"):
        assert eve.get(f"/billing/customers/ALI001/{part}/").status_code == 403


def test_an_invoice_is_begun_filled_and_issued_by_hand(desk, alice):
    router = make_product("ROUTER", "1150.00")
    answer = desk.post("/billing/customers/ALI001/invoice/", {"day": "2018-08-21", "reference": "PO 17"})
    draft = Document.objects.get()
    assert answer.url == draft.get_absolute_url()
    assert draft.due_date == date(2018, 8, 28)
    desk.post(f"{answer.url}lines/new/", {"product": router.pk, "quantity": "2", "discount": "10"})
    refused = desk.post(f"{answer.url}lines/new/", {"text": "Call-out", "quantity": "1"})
    assert refused.status_code == 422
    assert "Give a price" in text(refused)
    desk.post(
        f"{answer.url}lines/new/",
        {
            "text": "Call-out",
            "quantity": "1",
            "unit_price": "R 115,00",
            "vat_class": "standard",
            "includes_vat": "on",
        },
    )
    draft.refresh_from_db()
    assert (draft.excl, draft.vat, draft.incl) == (Decimal("1900.00"), Decimal("285.00"), Decimal("2185.00"))
    page = text(desk.get(answer.url))
    assert "Uncapped ROUTER" in page
    assert "Begun by hand" in page
    assert desk.post(f"{answer.url}issue/", {}).status_code == 302
    draft.refresh_from_db()
    assert draft.name == "INV00001"
    assert OpenItem.objects.get().open == Decimal("2185.00")
    assert desk.post(f"{answer.url}lines/new/", {}).status_code == 404


def test_two_people_do_not_overwrite_each_other(desk, alice):
    draft = make_draft(alice)
    seen = drafts.reading.fingerprint(draft, drafts.reading.lines_of(draft))
    line = draft.lines.get()
    assert desk.post(f"{draft.get_absolute_url()}lines/{line.pk}/remove/", {"seen": seen}).status_code == 302
    head = {"seen": seen, "document_date": "2018-08-22", "due_date": "2018-08-30"}
    for part, data in (("edit", head), ("delete", {"seen": seen}), ("issue", {"seen": seen})):
        answer = desk.post(f"{draft.get_absolute_url()}{part}/", data)
        assert answer.status_code == 422
        assert "Somebody else changed this draft" in text(answer)
    assert Document.objects.get().document_date == date(2018, 8, 21)


def charge(alice, greta):
    draft = make_draft(alice)
    line = draft.lines.get()
    Line.objects.filter(pk=line.pk).update(source="item", item_id=7, period=date(2018, 8, 1))
    return draft, Line.objects.get(pk=line.pk)


def test_what_a_removed_line_billed_waits_or_is_waived_with_a_reason(alice, greta):
    draft, line = charge(alice, greta)
    drafts.remove_line(document=draft, line=line, seen="", actor=greta)
    line.refresh_from_db()
    assert line.document is None
    draft.refresh_from_db()
    assert draft.incl == 0
    Line.objects.filter(pk=line.pk).update(document=draft)
    with pytest.raises(DomainError, match="Say why"):
        drafts.remove_line(document=draft, line=line, seen="", then="waive", actor=greta)
    drafts.remove_line(document=draft, line=line, seen="", then="waive", reason="Tower was down", actor=greta)
    assert not Line.objects.filter(pk=line.pk).exists()
    waiver = Waiver.objects.get()
    assert (waiver.source, waiver.item_id, waiver.period, waiver.set_by) == (
        "item",
        7,
        date(2018, 8, 1),
        greta,
    )
    assert "Tower was down" in DraftChange.objects.last().what


def test_a_deleted_draft_lets_its_charges_wait_and_is_remembered(alice, greta):
    draft, line = charge(alice, greta)
    assert drafts.delete(documents_of=[draft.pk], actor=greta) == 1
    line.refresh_from_db()
    assert line.document is None
    assert not Document.objects.exists()
    told = DraftChange.objects.get(document_id=draft.pk)
    assert (told.what, told.by) == ("Deleted, R 454.00.", greta)
    assert drafts.delete(documents_of=[make_invoice(alice).pk], actor=greta) == 0


def test_a_line_over_the_change_of_the_rate_is_split(alice, greta):
    draft = drafts.new_invoice(customer=alice, day=date(2018, 4, 10), actor=greta)
    values = LineValues(
        text="Fibre",
        quantity=Decimal(1),
        unit_price=Decimal(600),
        first=date(2018, 3, 17),
        last=date(2018, 4, 15),
    )
    drafts.add_line(document=draft, values=values, seen="", actor=greta)
    assert list(draft.lines.values_list("vat_rate", "incl", "first")) == [
        (Decimal("14.00"), Decimal("300.00"), date(2018, 3, 17)),
        (Decimal("15.00"), Decimal("300.00"), date(2018, 4, 1)),
    ]


def test_another_date_brings_its_rate_to_lines_without_days_of_service(alice, greta):
    draft = drafts.new_invoice(customer=alice, day=date(2018, 4, 10), actor=greta)
    values = LineValues(text="Call-out", quantity=Decimal(1), unit_price=Decimal("114.00"))
    drafts.add_line(document=draft, values=values, seen="", actor=greta)
    assert draft.lines.get().vat_rate == 15
    drafts.change_head(document=draft, changes={"document_date": date(2018, 3, 30)}, seen="", actor=greta)
    line = draft.lines.get()
    draft.refresh_from_db()
    assert (line.vat_rate, line.vat, draft.vat) == (Decimal("14.00"), Decimal("14.00"), Decimal("14.00"))


def test_a_draft_without_lines_is_not_issued(alice, greta):
    draft = drafts.new_invoice(customer=alice, day=date(2018, 4, 10), actor=greta)
    with pytest.raises(DomainError, match="has no lines"):
        documents.issue(documents=[draft.pk], actor=greta, now=NOW)


def test_allocations_are_undone_and_made_by_hand(desk, alice):
    first, second = make_invoice(alice, "100.00"), make_invoice(alice, "100.00")
    make_receipt(alice, "100.00", names=first)
    page = text(desk.get(first.get_absolute_url()))
    assert "Named by the payer" in page
    allocation = page.split("/allocations/")[1].split("/")[0]
    desk.post(f"{first.get_absolute_url()}allocations/{allocation}/undo/")
    assert OpenItem.objects.filter(open__gt=0).count() == 2
    form = text(desk.get(f"{second.get_absolute_url()}allocate/"))
    other = form.split('<option value="')[1].split('"')[0]
    desk.post(f"{second.get_absolute_url()}allocate/", {"other": other, "amount": ""})
    assert OpenItem.objects.get().entry.reference == first.name
    refused = desk.post(f"{first.get_absolute_url()}allocate/", {"other": other, "amount": "100"})
    assert refused.status_code == 422


def test_many_drafts_are_issued_or_deleted_from_the_list(desk, alice):
    issued, *waiting = (
        make_invoice(alice),
        make_draft(alice),
        make_draft(alice, "10.00"),
        make_draft(alice, "20.00"),
    )
    ids = [issued.pk, *(draft.pk for draft in waiting[:2])]
    asked = text(desk.get("/billing/documents/list/bulk/issue/", {"ids": ids, "_given": "1"}))
    assert "Issue 2 documents" in asked
    assert "no way back" in asked
    answer = desk.post(
        "/billing/documents/list/bulk/issue/", {"ids": ids, "_given": "1"}, headers={"HX-Request": "true"}
    )
    assert "2 documents issued." in answer.headers["HX-Trigger"]
    assert "Undo" not in answer.headers["HX-Trigger"]
    assert Document.objects.filter(status="issued").count() == 3
    desk.post("/billing/documents/list/bulk/delete/", {"ids": [issued.pk, waiting[2].pk], "_given": "1"})
    assert not Document.objects.filter(status="draft").exists()
    assert Document.objects.count() == 3
    answer = desk.post(
        "/billing/documents/list/bulk/download/",
        {"ids": [issued.pk], "_given": "1", "form": "zip"},
        headers={"HX-Request": "true"},
    )
    assert "/runs/" in answer.headers["HX-Trigger"]


def test_who_may_only_see_has_no_bulk_deeds(alice):
    eve, draft = client_of(make_person("Eve", *SEE)), make_draft(alice)
    for deed in ("issue", "delete", "download"):
        answer = eve.post(f"/billing/documents/list/bulk/{deed}/", {"ids": [draft.pk], "_given": "1"})
        assert answer.status_code == 403
    assert Document.objects.get().is_draft


def test_the_global_search_finds_a_document_by_its_number(desk, alice):
    invoice = make_invoice(alice)
    for typed in ("INV00001", "inv000"):
        found = text(desk.get("/search/", {"q": typed}))
        assert invoice.get_absolute_url() in found
        assert "Invoice of 2018-08-21" in found
    for typed in ("INV9", "CN00001", "Alice"):
        assert invoice.get_absolute_url() not in text(desk.get("/search/", {"q": typed}))
    eve = client_of(make_person("Eve", "customers.view_customer"))
    assert invoice.get_absolute_url() not in text(eve.get("/search/", {"q": "INV00001"}))


def test_archived_months_leave_the_list_until_they_are_looked_for(desk, alice):
    old, new = (
        make_invoice(alice, "100.00", date(2018, 7, 3)),
        make_invoice(alice, "200.00", date(2018, 8, 3)),
    )
    MonthEnd.objects.create(period=date(2018, 8, 1), document_date=date(2018, 8, 1), archived_at=NOW)
    page = text(desk.get("/billing/documents/?all=1"))
    assert new.name in page
    assert old.name not in page
    for query in ("archived=true", f"q={old.name}", "state=unpaid", "to=2018-07-31"):
        assert old.name in text(desk.get(f"/billing/documents/?{query}"))


def test_a_customers_card_leads_to_what_can_be_made_for_them(alice):
    page = text(client_of(in_role("Thandi", "manager")).get("/customers/ALI001/widgets/age-analysis/"))
    for part in ("invoice", "adjustment", "write-off"):
        assert f"/billing/customers/ALI001/{part}/" in page
    eve = client_of(make_person("Eve", "customers.view_customer", *SEE))
    assert "/billing/customers/ALI001/" not in text(eve.get("/customers/ALI001/widgets/age-analysis/"))
