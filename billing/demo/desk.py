"""What lies on the collectors' desk: calls made, promises of every kind, disputes, and one debt handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from billing.demo.items import MANUALS
from billing.demo.runs import LARGEST
from billing.models import BankAccount, DebtorNote, Document, OpenItem
from billing.selectors import suspensions
from billing.services import calls, debtor_notes, disputes, hand_overs, promises, receipts, work_list
from customers.models import Customer
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.errors import DomainError
from herotill.users.models import User

SAID = (
    ("call", "Did not answer; left a message on the voice mail."),
    ("call", "Says the debit was taken from the wrong account. New details come by mail."),
    ("sms", "Asked them to call back about the two open invoices."),
    ("note", "Permission granted to load the debit order accordingly."),
    ("call", "Lost the contract with the school; pays in two parts."),
    ("visit", "Was at the gate; the tenant moved out in June."),
)


def make_desk(order: DemoOrder) -> None:
    """Put calls, promises and disputes on the desk, once, and work the list out."""
    now = moment(order.today, time(9))
    clerk = (
        User.objects.filter(username="collections").first()
        or User.objects.filter(username="accounts").first()
    )
    if clerk and order.customers <= LARGEST and not DebtorNote.objects.exists():
        with transaction.atomic():
            _work(_owing(order), clerk, now)
        order.say("Calls, promises and disputes are on the collectors' desk")
    work_list.renew(now=now)


def _owing(order: DemoOrder) -> Sequence[Customer]:
    """Who owes most of what is overdue; the manuals' customers are left as the manuals show them."""
    owed = suspensions.overdue(None, order.today)
    most = sorted(owed, key=lambda pk: (-owed[pk].amount, pk))
    found = Customer.objects.filter(pk__in=most[:60]).exclude(code__in=MANUALS)
    known = {one.pk: one for one in found}
    return [known[pk] for pk in most if pk in known][:14]


def _work(owing: Sequence[Customer], clerk: User, now: datetime) -> None:
    for place, customer in enumerate(owing):
        way, text = SAID[place % len(SAID)]
        then = now - timedelta(days=2 + 3 * place)
        debtor_notes.add(customer=customer, text=text, way=way, now=then, actor=clerk)
    for deed, customer in zip(
        (_promised, _kept, _broken, _withdrawn, _disputed, _answered, _next, _handed, _tracked),
        owing,
        strict=False,
    ):
        deed(customer, clerk, now)
    work_list.assign(customers=[one.pk for one in owing[:6]], collector=clerk)
    promises.decide(day=now.date())


def _promise(customer: Customer, clerk: User, now: datetime, days: int, amount: str = "200.00") -> None:
    calls.save(
        customer=customer,
        text="Reached them; they know of it and will pay.",
        way=DebtorNote.Way.CALL,
        amount=Decimal(amount),
        by_day=now.date() + timedelta(days=days),
        now=now,
        actor=clerk,
    )


def _promised(customer: Customer, clerk: User, now: datetime) -> None:
    _promise(customer, clerk, now, 5)


def _kept(customer: Customer, clerk: User, now: datetime) -> None:
    _promise(customer, clerk, now, 1)
    account = BankAccount.objects.order_by("pk").first()
    if account is None:
        return
    receipts.capture(
        receipt=receipts.NewReceipt(
            customer_id=customer.pk,
            account_id=account.pk,
            receipt_date=now.date(),
            amount=Decimal("200.00"),
            source_reference=f"promise-{customer.code}",
            reference=customer.code,
        ),
        actor=clerk,
    )


def _broken(customer: Customer, clerk: User, now: datetime) -> None:
    _promise(customer, clerk, now - timedelta(days=16), 5)


def _withdrawn(customer: Customer, clerk: User, now: datetime) -> None:
    _promise(customer, clerk, now - timedelta(days=3), 6)
    open_one = customer.promises.get(state="open")
    promises.withdraw(
        promise=open_one,
        reason="Their bookkeeper agreed to nothing",
        now=now - timedelta(days=1),
        actor=clerk,
    )


def _oldest(customer: Customer) -> Document | None:
    owed = OpenItem.objects.filter(customer=customer, open__gt=0, document__isnull=False)
    found = owed.select_related("document").order_by("due_date", "pk").first()
    return found.document if found else None


def _disputed(customer: Customer, clerk: User, now: datetime) -> None:
    if document := _oldest(customer):
        disputes.add(
            document=document,
            reason="Was without a line for two weeks of that month",
            now=now - timedelta(days=4),
            actor=clerk,
        )


def _answered(customer: Customer, clerk: User, now: datetime) -> None:
    if document := _oldest(customer):
        made = disputes.add(
            document=document, reason="Says it was paid in cash", now=now - timedelta(days=9), actor=clerk
        )
        disputes.answer(
            dispute=made,
            text="The cash book has no such payment; a slip would help.",
            tell=False,
            now=now - timedelta(days=7),
            actor=clerk,
        )


def _next(customer: Customer, clerk: User, now: datetime) -> None:
    calls.save(
        customer=customer,
        text="Asked to be called again when the pension is in.",
        way=DebtorNote.Way.CALL,
        next_on=now.date(),
        now=now - timedelta(days=6),
        actor=clerk,
    )


def _handed(customer: Customer, clerk: User, now: datetime) -> None:
    hand_overs.make(customers=[customer.pk], collector="Botha & Nel Attorneys", now=now, actor=clerk)


def _tracked(customer: Customer, clerk: User, now: datetime) -> None:
    try:
        debtor_notes.add(
            customer=customer, text="Mailed what is open, as asked.", mail=True, now=now, actor=clerk
        )
    except DomainError as no:
        debtor_notes.add(customer=customer, text=f"Not mailed: {no}", now=now, actor=clerk)
