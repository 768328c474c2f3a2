"""A gateway that stands in, and customers who pay through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from billing.models import BankAccount, CardAttempt, CardGateway
from billing.services import cards
from billing.services.cards import attempts, notices
from customers.models import Customer
from herotill.integrations import http
from herotill.integrations.cards.payfast.standin import KEY, MERCHANT, PASSPHRASE, Paid, PayFastStandIn

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)


@pytest.fixture
def there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PayFastStandIn]:
    """PayFast, standing in; only the demo books what it says."""
    with PayFastStandIn() as found:
        settings.DEMO = True
        settings.OUTBOUND_ALLOW = ["127.0.0.1"]
        settings.PAYFAST_URL = settings.PAYFAST_API_URL = found.url
        settings.PAYFAST_HOSTS = ["127.0.0.1"]
        monkeypatch.setattr(http, "READ_SECONDS", 1.0)
        yield found


def make_gateway(kind: str = "payfast", **fields: Any) -> CardGateway:
    """A gateway in use, with an account of its own."""
    account = BankAccount.objects.get_or_create(
        name=f"Cards by {kind}", defaults={"kind": "gateway", "source": "gateway"}
    )[0]
    row = CardGateway(name=kind, kind=kind, account=account, is_on=True, merchant=MERCHANT, **fields)
    row.key, row.passphrase = KEY, PASSPHRASE
    row.save()
    return row


@pytest.fixture
def payfast(there: PayFastStandIn) -> CardGateway:
    return make_gateway()


class Payer:
    """Somebody at the gateway's page for one payment."""

    def __init__(self, there: PayFastStandIn, attempt: CardAttempt) -> None:
        self.there, self.attempt = there, attempt
        form = dict(attempts.redirect(attempt=attempt).fields)
        found = there.take_form(list(form.items()))
        assert found is not None
        self.paid: Paid = found

    @property
    def path(self) -> str:
        return urlsplit(self.paid.fields["notify_url"]).path

    def notice(self, status: str = "COMPLETE", **other: str) -> bytes:
        return self.there.notice(self.paid, status, **other)

    def post(self, raw: bytes) -> int:
        """The gateway posts; what it is answered with."""
        content = "application/x-www-form-urlencoded"
        return Client().post(self.path, data=raw, content_type=content).status_code

    def pays(self) -> None:
        """The card is charged and the notice comes and is judged."""
        if self.paid.fields.get("subscription_type") == "2":
            self.paid.token = f"dc0521d3-55fe-269b-{self.paid.number:012d}"
            self.there.tokens[self.paid.token] = "paid"
        self.paid.done = "COMPLETE"
        assert self.post(self.notice()) == 200
        judge()


def judge(now: datetime = NOW) -> None:
    """Judge every notice that waits."""
    notices.judge_due(max(now, datetime.now(UTC)))


def start(customer: Customer, amount: str = "454.00", **wanted: Any) -> CardAttempt:
    """A payment that the customer began."""
    given = {"purpose": "pay", "amount": Decimal(amount)} | wanted
    return cards.start(customer=customer, wanted=cards.Wanted(**given), actor=None, now=NOW)
