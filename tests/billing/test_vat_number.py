"""A VAT vendor without a VAT number issues no tax invoice (rule 13); who is no vendor needs none."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from billing.models import Document
from billing.services import documents, month_end_runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.reference.models import VendorStatus
from tests.factories import client_of, make_customer
from tests.factories.billing import NOW, make_draft, make_invoice, make_receipt
from tests.factories.items import make_item, make_month_end, run_step, signed
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def alice():
    """Alice has an invoice of before; since then nobody knows our number, as in a new installation."""
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice)
    VendorStatus.objects.update(vat_number="")
    return alice


@pytest.mark.parametrize("kind", ["invoice", "debit_note", "credit_note"])
def test_s13_a_vendor_without_a_number_issues_no_tax_document(alice, kind):
    thandi = in_role("Thandi", "manager")
    against = Document.objects.get() if kind != "invoice" else None
    draft = make_draft(alice, "10.00", kind=kind, against=against)
    with pytest.raises(DomainError, match="Give it in Setup, VAT"):
        documents.issue(documents=[draft.pk], actor=thandi, now=NOW)
    draft.refresh_from_db()
    assert (draft.status, draft.name) == ("draft", "")
    VendorStatus.objects.update(vat_number="4000000002")
    assert documents.issue(documents=[draft.pk], actor=thandi, now=NOW).issued == 1


def test_s13_who_is_no_vendor_on_the_day_needs_no_number(alice):
    VendorStatus.objects.create(starts_on=date(2018, 8, 1), is_vendor=False)
    assert make_invoice(alice, "10.00", date(2018, 8, 21)).name
    with pytest.raises(DomainError, match="none is known for 2018-07-31"):
        make_invoice(alice, "10.00", date(2018, 7, 31))


def test_money_is_taken_and_accounts_are_adjusted_without_one(alice):
    make_receipt(alice)
    assert make_invoice(alice, "5.00", kind="adjustment").name


def test_s13_the_month_end_says_so_before_anything_is_issued(alice):
    thabo = in_role("Thabo", "manager", "accounts")
    make_item(alice)
    made = signed(make_month_end(), thabo)
    for kind in (month_end_runs.CHARGES, month_end_runs.DRAFTS):
        run_step(made, kind, thabo)
    page = client_of(thabo).get(reverse("billing:month-end", args=[made.pk])).content.decode()
    assert "not known, so nothing is issued: give it in Setup, VAT" in page
    assert "Issue 1 drafts" not in page
    with pytest.raises(DomainError, match="none is known for 2018-08-31"):
        month_end_runs.start(kind=month_end_runs.ISSUE, of=made, actor=thabo)
    assert not Run.objects.filter(kind=month_end_runs.ISSUE).exists()
    run = run_step(made, month_end_runs.ISSUE, thabo)
    assert run.state == "failed"
    assert "Setup, VAT" in run.error

    VendorStatus.objects.update(vat_number="4000000002")
    assert run_step(made, month_end_runs.ISSUE, thabo).state == "done"
