"""Cards that Pay Now keeps as a channel of collections: a debit batch at Netcash, with tokens for account numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from billing.channels.netcash import NetcashFiles, extras, netcash, short
from billing.collecting import OutLine, Problem, ResultRow, channels
from billing.models import CardGateway, StoredCard
from billing.services.cards import gateways
from herotill.errors import DomainError
from herotill.integrations.netcash import MASTERCARD, VISA, CardDebit, Debit
from herotill.secrets import decrypt

BRANDS = {"mastercard": MASTERCARD, "visa": VISA}


class PayNowCards(NetcashFiles):
    """The channel. What became of its lines stands in the statement of the debit-order service."""

    name, title, method, order = "paynow", "Netcash Pay Now, stored cards", "card", 60
    told_by = netcash.name

    def closed(self) -> str:
        row = CardGateway.objects.filter(kind=CardGateway.Kind.PAYNOW).first()
        if row is None or not row.is_on:
            return "Pay Now is not in use; an administrator sets it up."
        if not gateways.may_book(gateways.adapter(row)):
            return "Pay Now is in test mode."
        return super().closed()

    def debits(self, lines: Iterable[OutLine]) -> Iterator[Debit | CardDebit | Problem]:
        going = list(lines)
        kept = StoredCard.objects.select_related("gateway").in_bulk(
            [line.card.card_id for line in going if line.card]
        )
        return (_debit(line, kept.get(line.card.card_id if line.card else 0)) for line in going)

    def parse_results(self, content: bytes) -> list[ResultRow]:
        raise DomainError("What became of these stands in the statement of the debit-order service.")


def _debit(line: OutLine, card: StoredCard | None) -> CardDebit | Problem:
    token: Any = card.token if card else None
    if card is None or card.gateway.kind != CardGateway.Kind.PAYNOW or not token:
        return Problem(line.pk, "The card is not kept by Pay Now.")
    if card.brand.lower() not in BRANDS or card.expires_on is None:
        return Problem(line.pk, "Pay Now told neither brand nor month of this card; have it verified anew.")
    return CardDebit(
        reference=line.reference,
        name=short(line.name),
        holder=short(line.name),
        brand=BRANDS[card.brand.lower()],
        expires_on=card.expires_on,
        token=decrypt(token.token),
        last_four=card.last_four,
        amount=line.amount,
        extras=extras(line),
    )


channels.register(PayNowCards())
