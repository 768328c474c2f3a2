"""VCS's form and what it posts back. Its answer carries no signature, so it is reported at most."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from herotill.integrations.cards import (
    ZAR,
    Can,
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


class Vcs:
    """The gateway, as a legacy name."""

    kind = "vcs"
    can: frozenset[Can] = frozenset()
    verify_amount = Decimal("1.00")
    smallest = Decimal("1.00")

    def __init__(self, known_by: Credentials, base: str) -> None:
        self.known_by, self.base = known_by, base.rstrip("/")
        self.real = (urlsplit(self.base).hostname or "").endswith(".vcs.co.za") and not known_by.test_mode

    def start(self, payment: Payment) -> Redirect:
        fields = [
            ("p1", self.known_by.merchant),
            ("p2", payment.reference),
            ("p3", plain(payment.text, 50)),
            ("p4", f"{payment.amount:.2f}"),
            ("p5", ZAR),
            ("p10", payment.cancel_url),
            ("m_1", payment.proof),
        ]
        hashed = "".join(value for _, value in fields) + self.known_by.passphrase
        digest = hashlib.md5(hashed.encode(), usedforsecurity=False).hexdigest()
        parts = urlsplit(self.base)
        origins = [f"{parts.scheme}://{parts.netloc}"]
        return Redirect(f"{self.base}/vvonline/vcspay.aspx", [*fields, ("hash", digest)], origins)

    def parse(self, raw: bytes) -> Notification:
        said = dict(fields_of(raw))
        words = said.get("p3", "")
        return Notification(
            reference=said.get("p2", "")[:25],
            gateway_reference=said.get("Uti", "")[:60],
            status=Status.PAID if words[6:14] == "APPROVED" else Status.FAILED,
            amount=rand_of(said.get("p6", "")),
            merchant=said.get("p1", ""),
            proof=said.get("m_1", ""),
            says=words[:200],
        )

    def verify(self, raw: bytes, came_from: str) -> Verdict:
        return Verdict(False, "VCS signs nothing; a person confirms what came in.")

    def came_in(self, day: date) -> Sequence[Notification]:
        return ()

    def charge(self, token: str, amount: Decimal, reference: str, text: str) -> Charged:
        raise NotSent("Stored cards at VCS are not charged from here.", retry=False)

    def test_connection(self) -> str:
        raise NotSent("VCS has nothing that could be asked.", retry=False)
