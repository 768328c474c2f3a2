"""Stored cards at PayFast as a channel of collections: each line is charged by the interface, with a row of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from billing.collecting import Bill, Carrier, OutLine, Problem, ResultRow, Sent, channels
from billing.models import CardAttempt, CardGateway, CollectionBatch
from billing.services.cards import charging, gateways
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.integrations.cards import Can

State = CollectionBatch.State


def _gateway() -> CardGateway | None:
    return CardGateway.objects.filter(kind=CardGateway.Kind.PAYFAST).first()


class _Carrier:
    """Charges by a job, one line after the other; nothing is authorised apart."""

    def send(self, bill: Bill, lines: Sequence[OutLine], content: bytes, now: datetime) -> Sent:
        charging.charge_lines(lines=lines, now=now)
        return Sent(State.AUTHORISED, bank_reference=bill.name)

    def report(self, bill: Bill, now: datetime) -> Sent | None:
        return Sent(State.AUTHORISED)

    def authorise(self, bill: Bill, now: datetime) -> Sent:
        return Sent(State.AUTHORISED)

    def status(self, bill: Bill, now: datetime) -> Sent | None:
        open_ones = CardAttempt.objects.filter(line__batch=bill.pk, state=CardAttempt.State.STARTED)
        return None if open_ones.exists() else Sent(State.PROCESSED)


class PayFastCards:
    """The channel."""

    name, title, method, extension, order = "payfast", "PayFast, stored cards", "card", "csv", 50
    carrier: Carrier | None = _Carrier()

    def closed(self) -> str:
        row = _gateway()
        if row is None or not row.is_on:
            return "PayFast is not in use; an administrator sets it up."
        return "" if gateways.may_book(gateways.adapter(row)) else "PayFast is in test mode."

    def account_id(self) -> int | None:
        row = _gateway()
        return row.account_id if row else None

    def earliest(self, now: datetime) -> date:
        return local_day(now)

    def takes(self, day: date) -> bool:
        return True

    def problems(self, bill: Bill, lines: Sequence[OutLine], now: datetime) -> Sequence[Problem]:
        row = _gateway()
        if row is None or self.closed():
            return [Problem(None, self.closed())]
        bank = gateways.adapter(row)
        if Can.CHARGE not in bank.can:
            return [Problem(None, f"{row} charges no stored cards.")]
        return list(_problems(row, bill, lines, bank.smallest))

    def write(self, bill: Bill, lines: Iterable[OutLine]) -> bytes:
        """What will be charged, for the record: no token stands in it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["line", "customer", "card", "amount"])
        for line in lines:
            shown = f"{line.card.brand} {line.card.last_four}".strip() if line.card else ""
            writer.writerow([line.line_reference, line.reference, shown, f"{line.amount:.2f}"])
        return out.getvalue().encode()

    def keyed(self, content: bytes) -> bytes:
        return content

    def parse_results(self, content: bytes) -> Sequence[ResultRow]:
        raise DomainError("PayFast tells each result by itself; there is no file of them.")


def _problems(row: CardGateway, bill: Bill, lines: Sequence[OutLine], smallest: Decimal) -> Iterator[Problem]:
    for line in lines:
        if line.card is None or line.card.gateway_id != row.pk:
            yield Problem(line.pk, "The card is not kept by PayFast.")
        elif line.card.expires_on and line.card.expires_on < bill.action_date:
            yield Problem(line.pk, f"The card expires on {line.card.expires_on}.")
        elif line.amount < smallest:
            yield Problem(line.pk, f"PayFast charges R {smallest} at least.")


channels.register(PayFastCards())
