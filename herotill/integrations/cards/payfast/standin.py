"""A server that keeps PayFast's documented promises: the payer's page, notices, the question back, the interface.

It never reaches a network: it listens on this machine and posts to the address the form names, which must be
on this machine too. Told to, it sends notices twice, late, forged, altered, cut off or in the wrong order.
"""

from __future__ import annotations

import html
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from herotill.clock import stamp
from herotill.integrations.cards.payfast import signing
from herotill.integrations.listening import Answering, Listening
from herotill.network import is_loopback

MERCHANT, KEY, PASSPHRASE = "10000100", "46f0cd694581a", "jt7NOE43FZPn"
SMALLEST = Decimal("5.00")
WAYS = {
    "once": "as it should",
    "twice": "twice",
    "late": "two seconds late",
    "forged": "with a wrong signature",
    "altered": "with another amount",
    "cut": "cut off",
    "never": "not at all",
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PayFast (stand-in)</title><h1>PayFast, standing in</h1><p>{what}: <b>R {amount}</b></p>{said}
<form method="post"><p><label>The notice comes <select name="way">{ways}</select></label></p>
<p><button name="do" value="pay">Pay</button> <button name="do" value="decline">Decline</button>
<button name="do" value="cancel">Cancel</button></p></form>"""


@dataclass
class Paid:
    """A payment under way at the stand-in, and what became of it."""

    fields: dict[str, str]
    number: int
    done: str = ""
    token: str = ""
    at: datetime = field(default_factory=stamp)


class PayFastStandIn(Listening):
    """One server on a port of this machine, in a thread.

    `tokens` says what charging a card comes to: "paid", "lost" (charged, and the line drops), or why not;
    `unknown` what it is for a token that does not stand there. `first` is the number of its first payment.
    """

    def __init__(
        self, port: int = 0, *, passphrase: str = PASSPHRASE, unknown: str = "", first: int = 1_089_250
    ) -> None:
        self.passphrase, self.unknown = passphrase, unknown
        self.payments: dict[int, Paid] = {}
        self.sent: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.answers: list[int] = []
        self.trouble: deque[int] = deque()
        self.calls: list[tuple[str, str]] = []
        self.numbers = count(first)
        self.lock = threading.Lock()
        super().__init__(_handler(self), port)

    def take_form(self, pairs: list[tuple[str, str]]) -> Paid | None:
        """A payer came with our form; none where its signature, merchant or amount is wrong."""
        fields = dict(pairs)
        told = fields.pop("signature", "")
        amount = Decimal(fields.get("amount", "-1"))
        storing = fields.get("subscription_type") == "2"
        wrong = (
            told != signing.of_form(fields, self.passphrase)
            or (fields.get("merchant_id"), fields.get("merchant_key")) != (MERCHANT, KEY)
            or not (amount >= SMALLEST or (storing and amount == 0))
        )
        return None if wrong else self._keep(fields)

    def _keep(self, fields: dict[str, str]) -> Paid:
        with self.lock:
            made = Paid(fields, next(self.numbers))
            self.payments[made.number] = made
        return made

    def newest(self) -> Paid:
        return self.payments[max(self.payments)]

    def notice(self, paid: Paid, status: str = "COMPLETE", **other: str) -> bytes:
        """The notice of a payment, rightly signed and known to the question back. `other` changes fields before."""
        said = self._said(paid, status) | other
        pairs = list(said.items())
        body = "&".join(f"{name}={signing.encoded(value)}" for name, value in pairs)
        self.sent.add(body)
        return f"{body}&signature={signing.of_notice(pairs, self.passphrase)}".encode()

    def _said(self, paid: Paid, status: str) -> dict[str, str]:
        gross = Decimal(paid.fields["amount"])
        fee = (gross * Decimal("0.035") + 2).quantize(Decimal("0.01")) if gross else Decimal("0.00")
        said = {
            "m_payment_id": paid.fields.get("m_payment_id", ""),
            "pf_payment_id": str(paid.number),
            "payment_status": status,
            "item_name": paid.fields.get("item_name", ""),
            "item_description": paid.fields.get("item_description", ""),
            "amount_gross": f"{gross:.2f}",
            "amount_fee": f"{-fee:.2f}",
            "amount_net": f"{gross - fee:.2f}",
            **{f"custom_str{n}": paid.fields.get(f"custom_str{n}", "") for n in range(1, 6)},
            "name_first": paid.fields.get("name_first", ""),
            "name_last": paid.fields.get("name_last", ""),
            "email_address": paid.fields.get("email_address", ""),
            "merchant_id": MERCHANT,
        }
        return said | ({"token": paid.token} if paid.token else {})

    def pay(self, paid: Paid, way: str = "once") -> None:
        """The payer pays; a card that is kept gets its token. The notice goes out as `way` says."""
        if paid.fields.get("subscription_type") == "2":
            paid.token = f"dc0521d3-55fe-269b-fa00-{paid.number:012d}"
            self.tokens.setdefault(paid.token, "paid")
        paid.done = "COMPLETE"
        self._send_as(paid, way)

    def _send_as(self, paid: Paid, way: str) -> None:
        raw, to = self.notice(paid), paid.fields["notify_url"]
        if way == "late":
            threading.Timer(2, self.send, (raw, to)).start()
        elif way != "never":
            self.send(_spoilt(raw, way), to)
            if way == "twice":
                self.send(raw, to)

    def send(self, raw: bytes, to: str) -> int:
        """Post a notice, only to this machine; the status it was answered with."""
        if not is_loopback(urlsplit(to).hostname or "none") and urlsplit(to).hostname != "localhost":
            raise ValueError("A stand-in tells nobody but this machine.")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.post(to, data=raw, headers=headers, timeout=10)
        self.answers.append(answer.status_code)
        return answer.status_code

    def is_ours(self, body: str) -> bool:
        """What /eng/query/validate says."""
        return body in self.sent

    def charge(self, token: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """What charging a card comes to; 0 where the line drops."""
        outcome = self.tokens.get(token, self.unknown)
        if not outcome:
            return 400, _said(400, "failed", response=False, message="Subscription not found")
        if outcome not in ("paid", "lost"):
            return 200, _said(200, "success", response=False, message=outcome)
        paid = self._keep(
            {"amount": f"{int(body['amount']) / 100:.2f}", "m_payment_id": str(body["m_payment_id"])}
        )
        paid.done = "COMPLETE"
        said = {"response": True, "message": "Transaction was successful (00)"}
        return (
            (0, None)
            if outcome == "lost"
            else (200, _said(200, "success", **said, pf_payment_id=paid.number))
        )

    def history(self) -> str:
        """All that came in, as the interface writes it."""
        lines = [
            'Date,Type,Sign,Party,Name,Description,Currency,"Funding Type","Batch ID",Gross,Fee,Net,Balance,'
            '"M Payment ID","PF Payment ID"'
        ]
        for paid in list(self.payments.values()):
            if paid.done == "COMPLETE" and Decimal(paid.fields["amount"]):
                row = self._said(paid, "COMPLETE")
                lines.append(
                    f'"{paid.at:%Y-%m-%d %H:%M:%S}",FUNDS_RECEIVED,CREDIT,"A payer",thing,,ZAR,CC,,'
                    f'"{Decimal(row["amount_gross"]):,.2f}",{row["amount_fee"]},{row["amount_net"]},"1,000.00",'
                    f"{row['m_payment_id']},{row['pf_payment_id']}"
                )
        return "\n".join(lines) + "\n"


def _spoilt(raw: bytes, way: str) -> bytes:
    if way == "forged":
        return raw[:-4] + b"0000"
    if way == "altered":
        return raw.replace(b"amount_gross=", b"amount_gross=9")
    return raw[: len(raw) // 2] if way == "cut" else raw


def _said(code: int, status: str, **data: Any) -> dict[str, Any]:
    return {"code": code, "status": status, "data": data}


def _handler(here: PayFastStandIn) -> type[Answering]:
    class Handler(Answering):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path.startswith("/eng/pay/"):
                self._page(here.payments[int(path.rsplit("/", 1)[1])])
            elif not self._knows_us(dict(parse_qsl(query))):
                self._json(401, _said(401, "failed", response="Merchant authorization failed."))
            elif path == "/transactions/history":
                self.say(200, here.history().encode(), "text/csv")
            else:
                self._json(200, "Payfast API")

        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            raw = self.posted()
            here.calls.append((path, raw.decode(errors="replace")))
            if here.trouble:
                self._json(here.trouble.popleft(), _said(500, "failed"))
            elif path == "/eng/process":
                self._process(parse_qsl(raw.decode()))
            elif path.startswith("/eng/pay/"):
                self._chosen(int(path.rsplit("/", 1)[1]), dict(parse_qsl(raw.decode())))
            elif path == "/eng/query/validate":
                self.say(200, b"VALID" if here.is_ours(raw.decode()) else b"INVALID", "text/plain")
            else:
                self._charge(path, json.loads(raw), dict(parse_qsl(query)))

        def _process(self, pairs: list[tuple[str, str]]) -> None:
            paid = here.take_form(pairs)
            if paid is None:
                self.say(400, b"Generated signature does not match submitted signature", "text/plain")
            else:
                self._go(f"/eng/pay/{paid.number}")

        def _page(self, paid: Paid, said: str = "") -> None:
            ways = "".join(f'<option value="{way}">{words}</option>' for way, words in WAYS.items())
            what = html.escape(paid.fields.get("item_name", ""))
            page = PAGE.format(what=what, amount=html.escape(paid.fields["amount"]), ways=ways, said=said)
            self.say(200, page.encode(), "text/html; charset=utf-8")

        def _chosen(self, number: int, form: dict[str, str]) -> None:
            paid = here.payments[number]
            if form.get("do") == "pay":
                here.pay(paid, form.get("way", "once"))
                self._go(paid.fields["return_url"])
            elif form.get("do") == "decline":
                here.send(here.notice(paid, "FAILED"), paid.fields["notify_url"])
                self._page(paid, "<p><b>The bank declined the card. Try again.</b></p>")
            else:
                here.send(here.notice(paid, "CANCELLED"), paid.fields["notify_url"])
                self._go(paid.fields["cancel_url"])

        def _charge(self, path: str, body: dict[str, Any], query: dict[str, str]) -> None:
            if not self._knows_us({**body, **query}):
                self._json(401, _said(401, "failed", response="Merchant authorization failed."))
                return
            status, said = here.charge(path.split("/")[2], body)
            self._json(status, said)

        def _knows_us(self, fields: dict[str, Any]) -> bool:
            signed = {
                name: str(self.headers.get(name, "")) for name in ("merchant-id", "version", "timestamp")
            }
            others = {name: str(value) for name, value in fields.items() if name != "testing"}
            right = signing.of_call({**signed, **others}, here.passphrase)
            return self.headers.get("signature") == right and signed["merchant-id"] == MERCHANT

        def _go(self, url: str) -> None:
            self.say(303, b"", "text/plain", [("Location", url)])

        def _json(self, status: int, said: Any) -> None:
            self.say(status, json.dumps(said).encode(), "application/json")

    return Handler


def form_of(pairs: Any, post: Callable[..., Any] = requests.post, *, url: str) -> Any:
    """Send a payer's form as a browser would; the answer, redirects not followed."""
    body = urlencode(list(pairs))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return post(url, data=body, headers=headers, allow_redirects=False, timeout=10)
