"""Gateways that sign nothing: what they say is read, and never believed by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from herotill.integrations.cards import Credentials, Payment, Status
from herotill.integrations.cards.paynow.live import PayNow
from herotill.integrations.cards.vcs.live import Vcs
from herotill.integrations.http import NotSent

KNOWN = Credentials("9A00", "b40cf2fe-0000", "md5-key")
ASKED = Payment("HT1", "word", Decimal("454.00"), "Invoice", "https://us/b", "https://us/c", "https://us/n")


def paynow() -> PayNow:
    return PayNow(KNOWN, "https://paynow.netcash.co.za")


@pytest.mark.parametrize(
    ("accepted", "reason", "status"),
    [
        ("true", "", Status.PAID),
        ("True", "", Status.PAID),
        ("false", "Declined", Status.FAILED),
        ("False", "User cancelled", Status.CANCELLED),
        ("false", "Pending EFT", Status.PENDING),
    ],
)
def test_false_is_a_word(accepted: str, reason: str, status: Status) -> None:
    raw = f"TransactionAccepted={accepted}&Reason={reason.replace(' ', '+')}&Amount=454&Reference=HT1&Extra1=word"
    told = paynow().parse(raw.encode())
    assert (told.status, told.amount, told.proof) == (status, Decimal("454.00"), "word")


def test_a_masked_card_comes_with_its_expiry() -> None:
    raw = b"TransactionAccepted=true&Amount=1.00&ccToken=tok-1&ccMasked=4111********1234&ccExpiry=022028"
    card = paynow().parse(raw).card
    assert card is not None
    assert (card.token, card.brand, card.last_four) == ("tok-1", "Visa", "1234")
    assert card.expires_on == date(2028, 2, 29)
    broken = paynow().parse(raw.replace(b"022028", b"992028")).card
    assert broken is not None
    assert broken.expires_on is None


def test_the_form_carries_the_word_that_comes_back() -> None:
    fields = dict(paynow().start(ASKED).fields)
    assert (fields["p2"], fields["p4"], fields["m4"], fields["m1"]) == ("HT1", "454.00", "word", KNOWN.key)


def test_s01_nothing_of_theirs_is_believed() -> None:
    assert not paynow().verify(b"TransactionAccepted=true", "196.25.1.1").stands
    assert not Vcs(KNOWN, "https://www.vcs.co.za").verify(b"p3=123456APPROVED", "196.25.1.1").stands
    for bank in (paynow(), Vcs(KNOWN, "https://www.vcs.co.za")):
        assert list(bank.came_in(date(2026, 11, 22))) == []
        with pytest.raises(NotSent):
            bank.charge("token", Decimal(1), "HT1", "x")
        with pytest.raises(NotSent):
            bank.test_connection()


def test_neither_yes_nor_no_is_no_notice() -> None:
    with pytest.raises(ValueError, match="neither"):
        paynow().parse(b"Amount=454.00&TransactionAccepted=maybe")


def test_vcs_speaks_as_it_did() -> None:
    there = Vcs(KNOWN, "https://www.vcs.co.za")
    fields = dict(there.start(ASKED).fields)
    assert (fields["p1"], fields["m_1"], len(fields["hash"])) == ("9A00", "word", 32)
    good = there.parse(b"p1=9A00&p2=HT1&p3=123456APPROVED&p6=454.00&m_1=word&Uti=77")
    assert (good.status, good.gateway_reference, good.merchant) == (Status.PAID, "77", "9A00")
    assert there.parse(b"p1=9A00&p2=HT1&p3=Card+declined&p6=454.00").status == Status.FAILED
