"""Card payments of the invented office in every state, and the gateway that stands in while the demo runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from billing.demo.items import MANUALS
from billing.demo.suspensions import cases
from billing.models import BankAccount, CardAttempt, CardGateway, CardNotice, Document, OpenItem
from billing.services.cards import attempts, booking, gateways, settling
from customers.models import Customer
from herotill.clock import moment, stamp
from herotill.demo import DemoOrder
from herotill.integrations.cards import Card, Notification, Status
from herotill.integrations.cards.payfast.standin import KEY, MERCHANT, PASSPHRASE, PayFastStandIn

LARGEST = 5_000
CARDS = (("Visa", "1881"), ("Mastercard", "4444"), ("Visa", "0119"))
Purpose = CardAttempt.Purpose


def serve_payfast(port: int) -> AbstractContextManager[object]:
    """PayFast, standing in; cards the demo made before it are known to it."""
    return PayFastStandIn(port, unknown="paid", first=int(stamp().timestamp()))


def payfast_environment(url: str) -> Mapping[str, str]:
    return {"PAYFAST_URL": url, "PAYFAST_API_URL": url, "PAYFAST_HOSTS": "127.0.0.1"}


def make_cards(order: DemoOrder) -> None:
    """A gateway in use, cards on file and payments in every state, once; in the demo alone."""
    if not settings.DEMO or order.customers > LARGEST or CardGateway.objects.exists():
        return
    now = moment(order.today, time(9, 20))
    with transaction.atomic():
        gateway = _gateway()
        for place, customer in enumerate(_payers_by_card()):
            _verified(gateway, customer, place, now - timedelta(days=40 - place))
        for place, customer in enumerate(_owing()):
            _payment(gateway, customer, place, now - timedelta(hours=30 - 3 * place))
    order.say("Cards were verified, and paid with")


def _gateway() -> CardGateway:
    account = BankAccount.objects.create(name="PayFast", kind="gateway", source="gateway")
    row = CardGateway(name="PayFast", kind="payfast", account=account, merchant=MERCHANT, is_on=True)
    row.key, row.passphrase = KEY, PASSPHRASE
    row.save()
    return row


def _payers_by_card() -> Sequence[Customer]:
    found = Customer.objects.filter(payment_method=Customer.PaymentMethod.CREDIT_CARD, status="active")
    return list(found.exclude(code__in=MANUALS).order_by("code")[: len(CARDS)])


def _owing() -> Sequence[Customer]:
    """People who owe an invoice; Alice, who owes nothing, is declined and turns back among them."""
    owing = OpenItem.objects.filter(entry__kind="invoice", open__gt=5, open__lt=2000)
    owing = owing.exclude(customer__in=cases().values("customer"))
    found = Customer.objects.filter(pk__in=owing.values("customer")).exclude(code__in=MANUALS)
    alice = list(Customer.objects.filter(code="ALI001"))
    return [*found.order_by("code")[:1], *alice, *alice, *found.order_by("code")[1:5]]


def _verified(gateway: CardGateway, customer: Customer, place: int, now: datetime) -> None:
    made = _begin(gateway, customer, Purpose.VERIFY, Decimal(0), None, now)
    brand, last_four = CARDS[place]
    until = date(now.year + 1 + place, 3 + place, 28)
    card = Card(f"dc0521d3-demo-{place:012}", brand, last_four, until)
    _tell(made, Status.PAID, place, now, card=card)


def _payment(gateway: CardGateway, customer: Customer, place: int, now: datetime) -> None:
    """One payment; its place says how it ended."""
    document = _owed(customer)
    amount = document.incl if document else Decimal("200.00")
    made = _begin(gateway, customer, Purpose.PAY, amount, document, now)
    ends = ("paid", "failed", "cancelled", "less", "reversed", "started", "paid")
    how = ends[place % len(ends)]
    if how in ("paid", "reversed"):
        _tell(made, Status.PAID, 100 + place, now)
    elif how == "less":
        _tell(made, Status.PAID, 100 + place, now, amount=amount - 1)
    elif how in ("failed", "cancelled"):
        _tell(made, Status(how), 100 + place, now)
    if how == "reversed":
        booking.reverse(
            attempt=made, why="The holder disputes it", actor=None, now=now + timedelta(hours=1), code="86"
        )


def _owed(customer: Customer) -> Document | None:
    item = OpenItem.objects.filter(customer=customer, entry__kind="invoice", open__gt=0).first()
    return Document.objects.filter(pk=item.entry.source_id).first() if item else None


def _begin(
    gateway: CardGateway,
    customer: Customer,
    purpose: str,
    amount: Decimal,
    document: Document | None,
    now: datetime,
) -> CardAttempt:
    wanted = attempts.Wanted(
        purpose, amount, document.pk if document else None, keep_card=purpose == Purpose.VERIFY
    )
    made = attempts.new(gateway=gateway, customer_id=customer.pk, wanted=wanted, actor=None, now=now)
    made.save()
    return made


def _tell(
    attempt: CardAttempt,
    status: Status,
    number: int,
    now: datetime,
    *,
    amount: Decimal | None = None,
    card: Card | None = None,
) -> None:
    """The gateway's word, with the notice that brought it."""
    gross = attempt.amount if amount is None else amount
    told = Notification(attempt.reference, str(1_088_000 + number), status, gross, card=card)
    bank = gateways.adapter(attempt.gateway)
    _, outcome = settling.apply(gateway=attempt.gateway, told=told, bank=bank, believed=True, now=now)
    notice = CardNotice(
        gateway=attempt.gateway,
        attempt=attempt,
        came_at=now,
        came_from="197.97.145.144",
        status=status,
        gateway_reference=told.gateway_reference,
        amount=gross,
        verified=True,
        outcome=outcome[:200],
        decided_at=now,
    )
    notice.raw = f"m_payment_id={attempt.reference}&pf_payment_id={told.gateway_reference}"
    notice.save()
