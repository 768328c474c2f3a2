"""Netcash Pay Now as its own plugin speaks it. https://api.netcash.co.za/inbound-payments/pay-now/"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from herotill.integrations.cards import (
    Can,
    Card,
    Charged,
    Credentials,
    Notification,
    Payment,
    Redirect,
    Status,
    Verdict,
    fields_of,
    plain,
    rand_of,
)
from herotill.integrations.http import NotSent
from herotill.months import Month

BRANDS = {"2": "Mastercard", "4": "Visa", "5": "Mastercard"}  # by the first digit, which is not masked
VENDOR = "24ade73c-98cf-47b3-99be-cc7b867b3080"  # Netcash's key for software that is not registered with it


class PayNow:
    """The gateway. The addresses for its notices are set in the profile at Netcash, not with each payment."""

    kind = "paynow"
    can = frozenset({Can.STORE})
    verify_amount = Decimal("0.01")
    smallest = Decimal("1.00")

    def __init__(self, known_by: Credentials, base: str) -> None:
        self.known_by, self.base = known_by, base.rstrip("/")
        host = urlsplit(self.base).hostname or ""
        self.real = host.endswith(".netcash.co.za") and not known_by.test_mode

    def start(self, payment: Payment) -> Redirect:
        parts = urlsplit(self.base)
        fields = [
            ("m1", self.known_by.key),
            ("m2", self.known_by.merchant or VENDOR),
            ("p2", payment.reference),
            ("p3", plain(payment.text, 50)),
            ("p4", f"{payment.amount:.2f}"),
            ("Budget", "N"),
            ("m4", payment.proof),
            ("m14", "1" if payment.store_card else ""),
        ]
        own = f"{parts.scheme}://{parts.netloc}"
        origins = [own, "https://*.netcash.co.za"] if self.real else [own]
        return Redirect(f"{self.base}/site/paynow.aspx", [one for one in fields if one[1]], origins)

    def parse(self, raw: bytes) -> Notification:
        said = dict(fields_of(raw))
        return Notification(
            reference=said.get("Reference", "")[:25],
            gateway_reference=said.get("RequestTrace", "")[:60],
            status=_status(said.get("TransactionAccepted", ""), said.get("Reason", "")),
            amount=rand_of(_two_places(said.get("Amount", ""))),
            proof=said.get("Extra1", ""),
            card=_card(said),
            says=said.get("Reason", "")[:200],
        )

    def verify(self, raw: bytes, came_from: str) -> Verdict:
        return Verdict(False, "Pay Now signs nothing; the money is there once its statement says so.")

    def came_in(self, day: date) -> Sequence[Notification]:
        return ()

    def charge(self, token: str, amount: Decimal, reference: str, text: str) -> Charged:
        raise NotSent("Pay Now charges stored cards by a debit batch alone.", retry=False)

    def test_connection(self) -> str:
        raise NotSent("Pay Now has nothing that could be asked; make a payment of one rand.", retry=False)


def _status(accepted: str, reason: str) -> Status:
    """TransactionAccepted is text: "false" is a no."""
    word = accepted.strip().lower()
    if word not in ("true", "false"):
        raise ValueError("neither accepted nor declined")
    if word == "true":
        return Status.PAID
    if "pending" in reason.lower():
        return Status.PENDING
    return Status.CANCELLED if "cancel" in reason.lower() else Status.FAILED


def _two_places(text: str) -> str:
    """Pay Now leaves cents out where there are none."""
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents:0<2}"


def _card(said: dict[str, str]) -> Card | None:
    if not said.get("ccToken"):
        return None
    masked = said.get("ccMasked", "")
    return Card(
        said["ccToken"][:60], BRANDS.get(masked[:1], ""), masked[-4:], _expiry(said.get("ccExpiry", ""))
    )


def _expiry(text: str) -> date | None:
    """MMYYYY or MM/YYYY as the last day of that month."""
    digits = text.replace("/", "")
    if len(digits) != 6 or not digits.isdecimal() or not 1 <= int(digits[:2]) <= 12 or digits[2:] < "2000":
        return None
    return Month(int(digits[2:]), int(digits[:2])).last
