"""Billing in Setup: number series, rules, limits, reasons of adjustments."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.models import AdjustmentReason, Limit, Rules, Series
from herotill.users.models import Role
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return client_of(in_role("Thandi", "manager", "administrator"))


def test_a_series_is_changed_until_its_first_number_is_given(desk):
    invoices = Series.objects.get(kind="invoice")
    values = {"prefix": "FAK", "width": 6, "first_number": 700}
    assert "INV00001" in desk.get("/billing/setup/series/").content.decode()
    assert desk.post(f"/billing/setup/series/{invoices.pk}/", values).status_code == 302
    assert make_invoice(make_customer("Alice Liddel")).name == "FAK000700"
    again = desk.post(f"/billing/setup/series/{invoices.pk}/", values | {"prefix": "INV"})
    assert again.status_code == 422
    assert "stays as it is" in again.content.decode()
    for change in ({"prefix": "INV"}, {"width": 5}, {"first_number": 1}):
        with pytest.raises(IntegrityError, match="Numbers have been given"), transaction.atomic():
            Series.objects.filter(pk=invoices.pk).update(**change)


def test_two_series_never_share_a_prefix(desk):
    notes = Series.objects.get(kind="credit_note")
    answer = desk.post(f"/billing/setup/series/{notes.pk}/", {"prefix": "INV", "width": 5, "first_number": 1})
    assert answer.status_code == 422
    assert "prefix" in answer.content.decode()


def test_the_rules_are_changed(desk):
    values = {
        "ageing_by": "months",
        "ageing_from": "due",
        "due_days": 14,
        "notice_days": 40,
        "debit_notice_days": 12,
    }
    assert desk.post("/billing/setup/rules/", values).status_code == 302
    rules = Rules.objects.get()
    assert (rules.ageing_by, rules.ageing_from, rules.due_days) == ("months", "due", 14)
    assert desk.post("/billing/setup/rules/", values | {"due_days": 400}).status_code == 422


def test_limits_of_roles_are_changed(desk):
    page = desk.get("/billing/setup/limits/").content.decode()
    assert 'value="1000.00"' in page
    amounts = {f"role_{role.pk}": "5,000.00" for role in Role.objects.all()}
    assert desk.post("/billing/setup/limits/", amounts).status_code == 302
    assert set(Limit.objects.values_list("amount", flat=True)) == {Decimal("5000.00")}
    first = next(iter(amounts))
    assert desk.post("/billing/setup/limits/", amounts | {first: "-1"}).status_code == 422


def test_who_may_only_see_changes_nothing():
    see = ("billing.view_series", "billing.view_rules", "billing.view_limit")
    eve, dora = client_of(make_person("Eve", *see)), client_of(make_person("Dora"))
    series = Series.objects.first()
    assert eve.post(f"/billing/setup/series/{series.pk}/", {}).status_code == 403
    eve.post("/billing/setup/rules/", {"due_days": 99})
    assert Rules.objects.get().due_days == 7
    eve.post("/billing/setup/limits/", {f"role_{role.pk}": "9" for role in Role.objects.all()})
    assert not Limit.objects.filter(amount=9).exists()
    for page in ("series", "rules", "limits"):
        assert eve.get(f"/billing/setup/{page}/").status_code == 200
        assert dora.get(f"/billing/setup/{page}/").status_code == 403


def test_reasons_for_adjustments_are_kept_in_setup(desk):
    assert "Bank charges" in desk.get("/setup/adjustment-reasons/?all=1").content.decode()
    desk.post("/setup/adjustment-reasons/new/", {"name": "Goodwill"})
    assert AdjustmentReason.objects.filter(name="Goodwill").exists()
