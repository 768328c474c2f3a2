"""PayFast as its documentation has it: the form, the four checks of a notice, stored cards, the history."""

from __future__ import annotations

import csv
import io
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from herotill.clock import stamp
from herotill.integrations.cards import (
    ZAR,
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
from herotill.integrations.cards.payfast import signing
from herotill.integrations.http import Answer, Caller, NotSent, Uncertain

WHO = "PayFast"
STATUSES = {
    "COMPLETE": Status.PAID,
    "PENDING": Status.PENDING,
    "FAILED": Status.FAILED,
    "CANCELLED": Status.CANCELLED,
}
OURS = (".payfast.co.za", ".payfast.io")  # after the form PayFast leads the payer on to its own other names
TOKEN = re.compile(r"[A-Za-z0-9-]{8,60}\Z")
BY_TOKEN = "2"  # subscription_type: a card is kept, and we say when it is charged


class Places:
    """Where PayFast is: its pages, its interface, and the names its notices come from."""

    def __init__(self, pages: str, api: str, hosts: Sequence[str]) -> None:
        self.pages, self.api, self.hosts = pages.rstrip("/"), api.rstrip("/"), hosts

    @property
    def real(self) -> bool:
        return all((urlsplit(url).hostname or "").endswith(OURS[0]) for url in (self.pages, self.api))

    @property
    def origins(self) -> list[str]:
        parts = urlsplit(self.pages)
        others = [f"https://*{name}" for name in OURS] if self.real else []
        return [f"{parts.scheme}://{parts.netloc}", *others]


class PayFast:
    """The gateway."""

    kind = "payfast"
    can = frozenset({Can.SIGN, Can.LOOK_UP, Can.STORE, Can.CHARGE})
    verify_amount = Decimal("0.00")
    smallest = Decimal("5.00")

    def __init__(
        self,
        known_by: Credentials,
        places: Places,
        *,
        now: Callable[[], datetime] = stamp,
        addresses: Callable[[str], set[str]] | None = None,
    ) -> None:
        self.known_by, self.places, self.now = known_by, places, now
        self.addresses = addresses or _addresses
        self.real = places.real and not known_by.test_mode

    def start(self, payment: Payment) -> Redirect:
        fields = {
            "merchant_id": self.known_by.merchant,
            "merchant_key": self.known_by.key,
            "return_url": payment.return_url,
            "cancel_url": payment.cancel_url,
            "notify_url": payment.notify_url,
            "m_payment_id": payment.reference,
            "amount": f"{payment.amount:.2f}",
            "item_name": plain(payment.text, 100),
            "subscription_type": BY_TOKEN if payment.store_card else "",
        }
        signature = signing.of_form(fields, self.known_by.passphrase)
        sent = [(name, fields[name].strip()) for name in signing.FORM_ORDER if fields.get(name, "").strip()]
        url = f"{self.places.pages}/eng/process"
        return Redirect(url, [*sent, ("signature", signature)], self.places.origins)

    def parse(self, raw: bytes) -> Notification:
        said = dict(fields_of(raw))
        if said.get("payment_status") not in STATUSES:
            raise ValueError("no status we know")
        token = said.get("token", "")
        return Notification(
            reference=said.get("m_payment_id", "")[:25],
            gateway_reference=said.get("pf_payment_id", "")[:60],
            status=STATUSES[said["payment_status"]],
            amount=rand_of(said.get("amount_gross", "")),
            fee=_fee(said.get("amount_fee", "")),
            merchant=said.get("merchant_id", ""),
            card=Card(token) if TOKEN.match(token) else None,
        )

    def verify(self, raw: bytes, came_from: str) -> Verdict:
        """Signature, sender, merchant, and PayFast's own word; what the amount should be the caller knows."""
        pairs = fields_of(raw)
        if not self.known_by.passphrase:
            return Verdict(False, "Without a passphrase nothing PayFast says can be verified.")
        if pairs[-1][0] != "signature":
            return Verdict(False, "The signature is missing, or something stands after it.")
        if not signing.same(signing.of_notice(pairs[:-1], self.known_by.passphrase), pairs[-1][1]):
            return Verdict(False, "The signature is not PayFast's.")
        if dict(pairs).get("merchant_id") != self.known_by.merchant:
            return Verdict(False, "It is meant for another merchant.")
        if not any(came_from in self.addresses(host) for host in self.places.hosts):
            return Verdict(False, f"It came from {came_from or 'nowhere'}, which is not PayFast.")
        return self._validated(raw)

    def _validated(self, raw: bytes) -> Verdict:
        body = raw.decode("ascii").rpartition("&signature=")[0]
        answer = self._pages().post("/eng/query/validate", data=body, headers=_FORM)
        if not answer.ok:
            raise Uncertain(f"{WHO} answered {answer.status} when it was asked.")
        said = answer.content.decode(errors="replace").strip()
        return Verdict(True) if said == "VALID" else Verdict(False, "PayFast says that it did not send this.")

    def came_in(self, day: date) -> Sequence[Notification]:
        upto = day + timedelta(days=1)
        asked = {"from": day.isoformat(), "to": upto.isoformat()}
        answer = self._api().get(f"/transactions/history{self._query(asked)}", headers=self._signed(asked))
        _refused(answer)
        return _history(answer)

    def charge(self, token: str, amount: Decimal, reference: str, text: str) -> Charged:
        if not TOKEN.match(token):
            raise NotSent("The stored card has no token PayFast could know.", retry=False)
        body = {
            "amount": str(int(amount * 100)),
            "item_name": plain(text, 100),
            "m_payment_id": reference,
        }
        path = f"/subscriptions/{token}/adhoc{self._query({})}"
        answer = self._api().post(path, json=body, headers=self._signed(body))
        return _charged(answer)

    def test_connection(self) -> str:
        answer = self._api().get(f"/ping{self._query({})}", headers=self._signed({}))
        _refused(answer)
        return "PayFast knows us."

    def _pages(self) -> Caller:
        return Caller(WHO, self.places.pages)

    def _api(self) -> Caller:
        return Caller(WHO, self.places.api)

    def _query(self, asked: Mapping[str, str]) -> str:
        given = {**asked, **({"testing": "true"} if self.known_by.test_mode else {})}
        joined = "&".join(f"{name}={value}" for name, value in given.items())
        return f"?{joined}" if joined else ""

    def _signed(self, fields: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "merchant-id": self.known_by.merchant,
            "version": "v1",
            "timestamp": self.now().replace(microsecond=0).isoformat(),
        }
        return headers | {"signature": signing.of_call({**headers, **fields}, self.known_by.passphrase)}


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _addresses(host: str) -> set[str]:
    """The addresses of a name. Raises NotSent where names cannot be looked up now."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise NotSent(f"{host} could not be found.") from None
    return {str(one[4][0]) for one in found}


def _fee(text: str) -> Decimal | None:
    """The fee above zero; PayFast writes it below."""
    return rand_of(text.removeprefix("-")) if text else None


def _refused(answer: Answer) -> None:
    if answer.status in (401, 403):
        raise NotSent("PayFast does not accept our merchant id, or the passphrase.", retry=False)
    if not answer.ok:
        raise Uncertain(f"PayFast answered {answer.status}.")


def _charged(answer: Answer) -> Charged:
    """A clear yes or no; whatever else came, the card may have been charged."""
    if answer.status in (401, 403):
        raise NotSent("PayFast does not accept our merchant id, or the passphrase.", retry=False)
    said = answer.json()
    data = said.get("data") if isinstance(said, dict) else None
    if answer.status >= 500 or not isinstance(data, dict):
        raise Uncertain(f"PayFast answered {answer.status}.")
    words, done = str(data.get("message") or "")[:200], data.get("response")
    if answer.ok and str(done).lower() == "true":
        return Charged(True, str(data.get("pf_payment_id") or "")[:60], says=words)
    return Charged(False, code=_code(words), says=words)


def _code(words: str) -> str:
    """The code of an unpaid that PayFast's words come nearest to."""
    text = words.lower()
    known = (("not found", "81"), ("expired", "88"), ("stolen", "84"), ("lost", "84"), ("closed", "85"))
    return next((code for word, code in known if word in text), "82")


def _history(answer: Answer) -> list[Notification]:
    """Payments that came in, of the history: CSV, by itself or inside JSON."""
    text = answer.content.decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("{"):
        said: Any = answer.json()
        text = str((said.get("data") or {}).get("response") or "") if isinstance(said, dict) else ""
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    came_in = [row for row in rows if (row.get("Type"), row.get("Sign")) == ("FUNDS_RECEIVED", "CREDIT")]
    return [_paid(row) for row in came_in]


def _paid(row: Mapping[str, str]) -> Notification:
    return Notification(
        reference=row.get("M Payment ID") or "",
        gateway_reference=(row.get("PF Payment ID") or "")[:60],
        status=Status.PAID,
        amount=rand_of((row.get("Gross") or "").replace(",", "")),
        currency=row.get("Currency") or ZAR,
        fee=_fee((row.get("Fee") or "").replace(",", "")),
    )
