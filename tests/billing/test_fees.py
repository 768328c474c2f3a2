"""Late fees and fees for unpaid debits: off by default, once for their cause, billed once, waived with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.models import (
    CaseStep,
    CollectionBatch,
    CollectionFee,
    CollectionLine,
    CollectionResult,
    Line,
    SuspensionCase,
    SuspensionRules,
)
from billing.services import disputes, fees, month_end_runs
from customers.models import BillingGroup, Customer
from herotill.errors import DomainError
from herotill.months import Month
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.collecting import make_mandate
from tests.factories.items import make_item, make_month_end, run_step, signed
from tests.factories.people import client_of
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]
TODAY = date(2018, 8, 22)
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)


@pytest.fixture
def rules() -> SuspensionRules:
    """Late payment costs R 75, an unpaid debit R 115."""
    product = make_product("FEE", None, name="Administration fee")
    SuspensionRules.objects.update(
        late_fee=Decimal("75.00"), unpaid_fee=Decimal("115.00"), fee_product=product
    )
    return SuspensionRules.objects.get()


def warned(customer: Customer, amount: str = "454.00", day: date = TODAY) -> SuspensionCase:
    """A customer who got a first warning on `day`."""
    invoice = make_invoice(customer, amount, date(2018, 8, 1))
    case = SuspensionCase.objects.create(
        customer=customer, state="warned", opened_on=day, counts_from=invoice.due_date, overdue=invoice.incl
    )
    CaseStep.objects.create(case=case, kind="warned", day=day)
    return case


def bob(name: str = "Bob Baker", code: str = "BOB001") -> Customer:
    return make_customer(name, code)


def test_no_fee_is_charged_until_the_rules_name_one():
    warned(bob())
    assert (fees.charge_late(day=TODAY), fees.charge_unpaid(results=[1], day=TODAY)) == (0, 0)
    assert not CollectionFee.objects.exists()


def test_a_late_fee_comes_with_the_first_warning_once_for_a_case(rules):
    case = warned(bob())
    assert [fees.charge_late(day=TODAY + timedelta(days=n)) for n in range(3)] == [1, 0, 0]
    fee = CollectionFee.objects.get()
    assert (fee.kind, fee.cause, fee.amount, fee.day) == ("late", f"case/{case.pk}", Decimal("75.00"), TODAY)


def test_who_disputes_owes_little_or_was_warned_long_ago_pays_no_late_fee(rules):
    disputing, little, before = (make_customer(f"Carol {n}", f"CAR00{n}") for n in (1, 2, 3))
    warned(disputing)
    disputes.add(document=disputing.documents.get(), reason="Never had it", now=NOW, actor=None)
    warned(little, "49.99")
    warned(before, day=TODAY - timedelta(days=10))
    assert fees.charge_late(day=TODAY) == 0


def result(customer: Customer, kind: str = "unpaid", amount: str = "454.00", told: str = "1") -> int:
    batch = CollectionBatch.objects.first() or _batch()
    line = CollectionLine.objects.create(
        batch=batch,
        customer=customer,
        mandate=make_mandate(customer),
        reference=customer.code,
        due=Decimal(amount),
        amount=Decimal(amount),
        state="withdrawn",
    )
    return CollectionResult.objects.create(
        channel="test", told_id=told, told_type="U", kind=kind, day=TODAY, amount=Decimal(amount), line=line
    ).pk


def _batch() -> CollectionBatch:
    group = BillingGroup.objects.create(name="Netcash Run 1")
    return CollectionBatch.objects.create(
        billing_group=group,
        name="Run 1",
        method="debit_order",
        channel="test",
        action_date=TODAY,
        due_upto=TODAY,
    )


def test_an_unpaid_debit_costs_its_fee_once_and_a_disputed_one_none(rules):
    unpaid = result(bob())
    disputed = result(make_customer("Dan Dyer", "DAN001"), "disputed", told="2")
    little = result(make_customer("Eva Els", "EVA001"), amount="20.00", told="3")
    told = [unpaid, disputed, little]
    assert [fees.charge_unpaid(results=told, day=TODAY) for _ in range(2)] == [1, 0]
    fee = CollectionFee.objects.get()
    assert (fee.customer.code, fee.kind, fee.amount) == ("BOB001", "unpaid", Decimal("115.00"))


def bill(month: Month) -> None:
    made = signed(make_month_end(month), make_person(f"Boss{month.number}"))
    run_step(made, month_end_runs.CHARGES)


def charged() -> list[tuple[Decimal, Decimal]]:
    return [(line.incl, line.vat) for line in Line.objects.filter(source="fee")]


def test_a_fee_is_on_the_next_invoice_once_with_its_vat(rules):
    customer = bob()
    make_item(customer)
    warned(customer)
    fees.charge_late(day=TODAY)

    bill(Month(2018, 8))
    assert charged() == [(Decimal("75.00"), Decimal("9.78"))]
    assert "late payment of 2018-08-22" in Line.objects.get(source="fee").text
    bill(Month(2018, 9))
    assert len(charged()) == 1


def test_one_charged_after_the_run_is_on_the_invoice_after(rules):
    customer = bob()
    bill(Month(2018, 8))
    warned(customer, day=date(2018, 8, 30))
    fees.charge_late(day=date(2018, 8, 30))
    bill(Month(2018, 9))
    assert [amount for amount, _ in charged()] == [Decimal("75.00")]


def fee_of(customer: Customer) -> CollectionFee:
    warned(customer)
    fees.charge_late(day=TODAY)
    return CollectionFee.objects.get(customer=customer)


def test_a_waived_fee_is_never_billed_and_keeps_its_reason(rules):
    thabo, fee = make_person("Thabo"), fee_of(bob())
    fees.waive(fee=fee, reason="Our bank was slow", now=NOW, actor=thabo)
    bill(Month(2018, 8))
    fee.refresh_from_db()
    assert (charged(), fee.waived_by, fee.waived_why) == ([], thabo, "Our bank was slow")
    with pytest.raises(DomainError, match="waived already"):
        fees.waive(fee=fee, reason="Again", now=NOW, actor=thabo)


def test_a_fee_that_waits_as_a_line_can_be_waived_a_billed_one_cannot(rules):
    thabo, customer = make_person("Thabo"), bob()
    fee = fee_of(customer)
    made = signed(make_month_end(Month(2018, 8)), make_person("Boss"))
    run_step(made, month_end_runs.CHARGES)
    run_step(made, month_end_runs.DRAFTS)
    with pytest.raises(DomainError, match="credit note"):
        fees.waive(fee=fee, reason="Too late", now=NOW, actor=thabo)

    carol = make_customer("Carol Cook", "CAR001")
    waiting = fee_of(carol)
    bill(Month(2018, 9))
    assert Line.objects.filter(source="fee", customer=carol, document=None).exists()
    fees.waive(fee=waiting, reason="Her bank was slow", now=NOW, actor=thabo)
    assert not Line.objects.filter(source="fee", customer=carol).exists()


def test_the_database_lets_no_fee_be_changed_deleted_or_charged_twice(rules):
    fee = fee_of(bob())
    with pytest.raises(IntegrityError, match="waived once and otherwise stays"), transaction.atomic():
        CollectionFee.objects.update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="waived, never deleted"), transaction.atomic():
        fee.delete()
    again = {"customer": fee.customer, "product": fee.product, "amount": fee.amount, "day": fee.day}
    with pytest.raises(IntegrityError, match="fee_once_for_a_cause"), transaction.atomic():
        CollectionFee.objects.create(kind=fee.kind, cause=fee.cause, **again)


def test_fees_are_switched_on_in_setup_with_the_product_they_are_billed_as():
    product = make_product("FEE", None, name="Administration fee")
    rights = "billing.view_suspensionrules", "billing.change_suspensionrules"
    greta, dora = client_of(make_person("Greta", *rights)), client_of(make_person("Dora", rights[0]))
    sent = {"late_fee": "R 75,00", "unpaid_fee": "", "fee_product": product.pk}

    assert greta.post("/billing/setup/fees/", sent | {"fee_product": ""}).status_code == 422
    assert dora.post("/billing/setup/fees/", sent).status_code == 200
    assert SuspensionRules.objects.get().late_fee is None
    assert greta.post("/billing/setup/fees/", sent).status_code == 302
    rules = SuspensionRules.objects.get()
    assert (rules.late_fee, rules.unpaid_fee, rules.fee_product) == (Decimal("75.00"), None, product)


def test_a_fee_is_waived_on_the_profile_with_the_right_and_a_reason(rules):
    fee = fee_of(bob())
    sees = "customers.view_customer", "billing.view_promise", "billing.view_collectionfee"
    card = "/customers/BOB001/widgets/promises/"
    dora, thabo = (
        client_of(make_person(name, *sees, *more))
        for name, more in (("Dora", ()), ("Thabo", ("billing.waive_fee",)))
    )
    assert "R 75.00" in dora.get(card).content.decode()
    assert dora.post(f"{card}waive/{fee.pk}/", {"reason": "Kindness"}).status_code == 403
    assert thabo.post(f"{card}waive/{fee.pk}/", {"reason": ""}).status_code == 422
    assert thabo.post(f"{card}waive/{fee.pk}/", {"reason": "Kindness"}).status_code == 302
    assert "R 75.00" not in thabo.get(card).content.decode()
