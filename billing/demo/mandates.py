"""Accounts of debit orders and their mandates in the demo: made-up numbers that pass the banks' rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import transaction

from billing.demo.runs import keeps_to_group
from billing.models import DebitDetail, Mandate, PayerBank
from billing.policies.account_checks import BANKS, check
from billing.services.mandates.electronic import WORKS_FOR
from customers.models import Customer
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.secrets import Secret

AT_ONCE = 1_000
DAYS = (1, 1, 1, 7, 15, 20, 25, 25, 28, 31)
OFTEN = ("FNB / RMB", "Standard Bank", "Absa", "Capitec Bank", "Nedbank")
Status = Mandate.Status
BLOCKS = (
    ("12", "Account closed"),
    ("04", "Payment stopped by the account holder"),
    ("", "Asked on the phone"),
)


def make_mandates(order: DemoOrder) -> None:
    """Give everybody who pays by debit order an account; most have an active mandate."""
    owed = Customer.objects.filter(payment_method="debit_order", debit_details=None)
    owed = owed.exclude(status=Customer.Status.CANCELLED).select_related("billing_group").order_by("pk")
    now = moment(order.today, time(9))
    chance, made = Random(f"{order.seed} mandates"), 0
    banks = list(PayerBank.objects.filter(retired=False))
    with transaction.atomic():
        while some := list(owed[:AT_ONCE]):
            details = [_detail(one, banks, chance, now) for one in some]
            DebitDetail.objects.bulk_create(details)
            Mandate.objects.bulk_create(_mandates(some, details, chance, now))
            made += len(some)
    if made:
        order.say(f"{made:,} debit orders with their mandates")


def _detail(customer: Customer, banks: Sequence[PayerBank], chance: Random, now: datetime) -> DebitDetail:
    often = [bank for bank in banks if bank.name in OFTEN]
    bank = chance.choice(often if chance.random() < 0.9 else banks)
    account_type = chance.choice(("current", "current", "savings"))
    number: Any = Secret.of(number_of(bank, account_type, chance))
    return DebitDetail(
        customer=customer,
        bank=bank,
        branch_name=bank.name,
        branch_code=bank.branch_code,
        holder=customer.name[:50],
        account_type=account_type,
        number=number,
        number_last_four=number.last_four,
        debit_day=_day(customer, chance),
        made_at=now - timedelta(days=chance.randint(40, 900)),
    )


def _day(customer: Customer, chance: Random) -> int:
    """The day on which its group is debited, or one of its own."""
    if customer.billing_group and keeps_to_group(customer.code):
        return customer.billing_group.run_day
    return chance.choice(DAYS)


def number_of(bank: PayerBank, account_type: str, chance: Random) -> str:
    """A number that passes the bank's rule; the next above a random one that does."""
    known = BANKS.get(bank.check_rule)
    length = 10 if known is None or 10 in known.lengths else max(known.lengths - {10})
    start = chance.randrange(10 ** (length - 1), 2 * 10 ** (length - 1))
    tries = (str(n) for n in count(start))
    return next(n for n in tries if check(bank.check_rule, account_type, n, bank.branch_code))


def _mandates(
    customers: Sequence[Customer], details: Sequence[DebitDetail], chance: Random, now: datetime
) -> Iterator[Mandate]:
    for customer, detail in zip(customers, details, strict=True):
        draw = chance.random()
        if draw < 0.03:  # nobody has asked yet
            continue
        mandate = _active(customer, detail, chance)
        if draw < 0.07:
            _ask(mandate, customer, now)
        elif draw < 0.10:
            mandate.status, mandate.blocked_at = Status.BLOCKED, now - timedelta(days=chance.randint(2, 60))
            mandate.block_code, mandate.blocked_why = chance.choice(BLOCKS)
        yield mandate


def _active(customer: Customer, detail: DebitDetail, chance: Random) -> Mandate:
    return Mandate(
        customer=customer,
        detail=detail,
        reference=f"{customer.code}-1",
        kind=Mandate.Kind.PAPER,
        status=Status.ACTIVE,
        debit_day=detail.debit_day,
        holiday=Mandate.Holiday.AFTER if keeps_to_group(customer.code) else Mandate.Holiday.BEFORE,
        maximum=chance.choice((None, None, None, 5000)),
        signed_at=detail.made_at,
        signed_by_name=detail.holder,
        made_at=detail.made_at,
    )


def _ask(mandate: Mandate, customer: Customer, now: datetime) -> None:
    mandate.kind, mandate.status = Mandate.Kind.ELECTRONIC, Status.ASKED
    mandate.signed_at, mandate.signed_by_name = None, ""
    mandate.asked_to, mandate.expires_at = customer.contact_email, now + WORKS_FOR
    mandate.made_at = now
