"""PayFast: the form it accepts, the notices we believe, cards charged once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from herotill.integrations.cards import Card, Credentials, Payment, Status, fields_of
from herotill.integrations.cards.payfast import signing
from herotill.integrations.cards.payfast.live import PayFast, Places
from herotill.integrations.cards.payfast.standin import KEY, MERCHANT, PASSPHRASE, PayFastStandIn, form_of
from herotill.integrations.http import NotSent, Uncertain

HERE = "127.0.0.1"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def there() -> Iterator[PayFastStandIn]:
    with PayFastStandIn() as found:
        yield found


def gateway(there: PayFastStandIn, passphrase: str = PASSPHRASE) -> PayFast:
    places = Places(there.url, there.url, [HERE])
    return PayFast(Credentials(MERCHANT, KEY, passphrase), places, now=lambda: NOW)


def payment(**other: object) -> Payment:
    given = {
        "reference": "HTabc123",
        "proof": "word",
        "amount": Decimal("454.00"),
        "text": "Invoice INV00699 ~ Müller's & Sons",
        "return_url": "http://127.0.0.1:1/back/",
        "cancel_url": "http://127.0.0.1:1/cancelled/",
        "notify_url": "http://127.0.0.1:1/notify/",
    }
    return Payment(**given | other)


def begun(there: PayFastStandIn, **other: object) -> None:
    redirect = gateway(there).start(payment(**other))
    assert form_of(redirect.fields, url=redirect.url).status_code == 303


def test_the_form_is_signed_as_payfast_wants_it(there: PayFastStandIn) -> None:
    begun(there)
    assert there.newest().fields["item_name"] == "Invoice INV00699 ~ Müller's & Sons"
    begun(there, amount=Decimal(0), store_card=True)
    assert there.newest().fields["subscription_type"] == "2"


def test_a_form_that_was_changed_on_its_way_is_refused(there: PayFastStandIn) -> None:
    redirect = gateway(there).start(payment())
    cheaper = [(name, "5.00" if name == "amount" else value) for name, value in redirect.fields]
    assert form_of(cheaper, url=redirect.url).status_code == 400
    assert form_of(gateway(there, "wrong").start(payment()).fields, url=redirect.url).status_code == 400
    assert there.payments == {}


def test_a_tilde_is_encoded_as_php_does() -> None:
    assert signing.encoded("~a b/é-_.") == "%7Ea+b%2F%C3%A9-_."


def test_a_notice_is_believed_and_read(there: PayFastStandIn) -> None:
    begun(there)
    raw = there.notice(there.newest())
    assert gateway(there).verify(raw, HERE).stands
    told = gateway(there).parse(raw)
    assert (told.reference, told.status, told.amount, told.fee, told.currency) == (
        "HTabc123",
        Status.PAID,
        Decimal("454.00"),
        Decimal("17.89"),
        "ZAR",
    )


def test_s01_what_anybody_could_have_sent_is_not_believed(there: PayFastStandIn) -> None:
    begun(there)
    raw, bank = there.notice(there.newest()), gateway(there)
    altered = raw.replace(b"454.00", b"554.00")
    moved = b"&".join(reversed(raw.partition(b"&signature=")[0].split(b"&"))) + raw[-43:]
    behind = raw + b"&amount=1.00"
    for bad in (altered, moved, behind, raw[:-2] + b"zz", raw.partition(b"&signature=")[0]):
        assert not bank.verify(bad, HERE).stands
    assert "signature" in bank.verify(altered, HERE).why
    assert "10.9.8.7" in bank.verify(raw, "10.9.8.7").why
    assert not gateway(there, "").verify(raw, HERE).stands
    other = there.notice(there.newest(), merchant_id="10000200")
    assert "another merchant" in bank.verify(other, HERE).why


def test_s01_rightly_signed_but_never_sent_is_not_believed(there: PayFastStandIn) -> None:
    begun(there)
    raw = there.notice(there.newest())
    there.sent.clear()
    verdict = gateway(there).verify(raw, HERE)
    assert (verdict.stands, verdict.why) == (False, "PayFast says that it did not send this.")


def test_while_payfast_cannot_be_asked_nothing_is_decided(there: PayFastStandIn) -> None:
    begun(there)
    raw = there.notice(there.newest())
    there.trouble.append(503)
    with pytest.raises(Uncertain):
        gateway(there).verify(raw, HERE)
    assert gateway(there).verify(raw, HERE).stands


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"payment_status=COMPLETE",
        b"payment_status=COMPLETE&amount_gross=1e3",
        b"payment_status=COMPLETE&amount_gross=-5.00",
        b"payment_status=DONE&amount_gross=5.00",
        b"payment_status=COMPLETE&amount_gross=5.00&amount_gross=6.00",
        b"\xff=1",
    ],
)
def test_what_is_no_notice_is_refused(there: PayFastStandIn, raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        gateway(there).parse(raw)


def test_a_kept_card_is_charged_once_in_cents(there: PayFastStandIn) -> None:
    there.tokens["dc0521d3-good"] = "paid"
    charged = gateway(there).charge("dc0521d3-good", Decimal("1234.50"), "HT7", "Account ALI001")
    assert (charged.paid, charged.gateway_reference) == (True, str(there.newest().number))
    assert '"amount": "123450"' in there.calls[-1][1]
    [found] = gateway(there).came_in(date(2026, 11, 22))
    assert (found.reference, found.amount, found.status, found.fee) == (
        "HT7",
        Decimal("1234.50"),
        Status.PAID,
        Decimal("45.21"),
    )


@pytest.mark.parametrize(
    ("outcome", "code"), [("Card expired", "88"), ("Do not honour", "82"), ("Reported stolen", "84")]
)
def test_a_declined_card_says_why(there: PayFastStandIn, outcome: str, code: str) -> None:
    there.tokens["dc0521d3-poor"] = outcome
    charged = gateway(there).charge("dc0521d3-poor", Decimal("5.00"), "HT7", "x")
    assert (charged.paid, charged.code, charged.says) == (False, code, outcome)
    assert gateway(there).charge("dc0521d3-none", Decimal("5.00"), "HT7", "x").code == "81"


def test_a_dropped_line_leaves_the_end_open_and_the_history_tells(there: PayFastStandIn) -> None:
    there.tokens["dc0521d3-lost"] = "lost"
    with pytest.raises(Uncertain):
        gateway(there).charge("dc0521d3-lost", Decimal("5.00"), "HT9", "x")
    assert [one.reference for one in gateway(there).came_in(date(2026, 11, 22))] == ["HT9"]


def test_who_is_not_known_is_told(there: PayFastStandIn) -> None:
    assert gateway(there).test_connection() == "PayFast knows us."
    with pytest.raises(NotSent, match="does not accept"):
        gateway(there, "wrong").test_connection()
    with pytest.raises(NotSent, match="no token"):
        gateway(there).charge("../../transactions", Decimal("5.00"), "HT9", "x")


def test_only_payfast_itself_is_real(there: PayFastStandIn) -> None:
    real = Places("https://www.payfast.co.za", "https://api.payfast.co.za", [])
    assert PayFast(Credentials(MERCHANT, KEY, "x"), real).real
    assert not PayFast(Credentials(MERCHANT, KEY, "x", test_mode=True), real).real
    assert not gateway(there).real
    assert "https://*.payfast.io" in PayFast(Credentials("1", "2", "x"), real).start(payment()).origins
    assert gateway(there).start(payment()).origins == [there.url]


def test_a_stored_card_shows_nothing() -> None:
    assert "dc05" not in repr(Card("dc0521d3-55fe"))
    assert PASSPHRASE not in repr(Credentials(MERCHANT, KEY, PASSPHRASE))
    with pytest.raises(ValueError, match="twice"):
        fields_of(b"a=1&a=2")
