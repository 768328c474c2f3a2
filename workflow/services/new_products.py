"""Taking over what an accepted quote holds: data accounts, monthly items and once-off charges of the customer.

All of it waits until its service begins; nothing is billed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import RecurringItem
from billing.services import recurring
from customers.models import Customer
from dataaccounts.models import DataAccount, Package
from dataaccounts.services import accounts
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import Lead, Place, QuoteLine, TakenOver
from workflow.selectors import offered, quotes
from workflow.services import moving
from workflow.services import quotes as selling


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of a quote's line as a person wants it taken over. `price` is one of its own; None: the list's.

    `left` says why it is not taken over at all.
    """

    line: int
    part: int = 1
    username: str = ""
    package: Package | None = None
    price: Decimal | None = None
    left: str = ""


@transaction.atomic
def take_over(
    *, lead: Lead, choices: Sequence[Choice], day: date, actor: User | None, now: datetime
) -> list[TakenOver]:
    """Make what was chosen of the accepted quote the customer's, planned to begin on `day`; what is taken already
    stays as it is. The lead moves on by itself where nothing is missing then.

    Raises DomainError, and takes nothing, where the lead is elsewhere by now or one of them cannot be made.
    """
    held = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if held.place != Place.CUSTOMER_ACTIVE:
        raise DomainError(f"{held} is no longer under Customers, Active.")
    made = _make(held, choices, day, actor, now)
    selling.withdraw_of(leads=[held.pk])  # A later yes to another would come on top.
    moving.settle(now=now, leads=[held.pk])
    return made


def take_over_all(*, lead: Lead, day: date, actor: User | None, now: datetime) -> list[TakenOver]:
    """Take over all that the quote holds, as it was proposed."""
    return take_over(lead=lead, choices=_proposed(lead, day), day=day, actor=actor, now=now)


@transaction.atomic
def make_all(*, lead: Lead, day: date, actor: User | None, now: datetime) -> list[TakenOver]:
    """The same for a lead that is further on, and stays where it is."""
    held = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    return _make(held, _proposed(held, day), day, actor, now)


def _proposed(lead: Lead, day: date) -> list[Choice]:
    return [
        Choice(one.line.pk, one.part, one.username, one.line.package, one.price)
        for one in offered.offers(Lead.objects.get(pk=lead.pk), day)
        if not one.is_taken
    ]


def _make(
    lead: Lead, choices: Sequence[Choice], day: date, actor: User | None, now: datetime
) -> list[TakenOver]:
    lines, done = _lines(lead), offered.taken(lead)
    if lead.customer is None:
        raise DomainError(f"{lead} has no customer yet.")
    wanted = [one for one in choices if one.line in lines and (one.line, one.part) not in done]
    return [_take(lead, lead.customer, lines[one.line], one, day, actor, now) for one in wanted]


def _lines(lead: Lead) -> dict[int, QuoteLine]:
    quote = quotes.accepted(lead)
    if quote is None:
        raise DomainError(f"{lead} has no accepted quote.")
    return {line.pk: line for line in quotes.lines(quote)}


def _take(
    lead: Lead, customer: Customer, line: QuoteLine, one: Choice, day: date, actor: User | None, now: datetime
) -> TakenOver:
    if one.left:
        return TakenOver.objects.create(lead=lead, line=line, part=one.part, left=one.left, at=now, by=actor)
    account = _account(customer, one, day, actor, now) if line.package_id else None
    item = None if account else _item(customer, line, one, day, actor)
    return TakenOver.objects.create(
        lead=lead, line=line, part=one.part, account=account, item=item, at=now, by=actor
    )


def _account(customer: Customer, one: Choice, day: date, actor: User | None, now: datetime) -> DataAccount:
    if one.package is None:
        raise DomainError("Choose a package.")
    home = customer.addresses.filter(kind="physical").first()
    new = accounts.NewAccount(
        customer=customer,
        username=one.username,
        package=one.package,
        starts_on=day,
        price=one.price,
        address=home,
        highsite=customer.highsite,
    )
    return accounts.add(new=[new], actor=actor, now=now)[0]


def _item(customer: Customer, line: QuoteLine, one: Choice, day: date, actor: User | None) -> RecurringItem:
    new = recurring.NewItem(
        product=line.product,
        starts_on=day,
        price=one.price,
        text=line.text if line.text != line.product.invoice_text else "",
        quantity=Decimal(line.quantity),
        discount=line.discount,
        once=not line.monthly,
        waiting=True,
    )
    return recurring.add(customer=customer, new=new, actor=actor)
