"""Cards that Pay Now keeps, charged by a debit batch at Netcash: built, released, sent, told, booked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from billing.channels.paynow import PayNowCards
from billing.models import (
    BankAccount,
    BankService,
    CardGateway,
    CollectionBatch,
    CollectionLine,
    CollectionResult,
    LeftOut,
    Receipt,
    ResultStatement,
    StoredCard,
)
from billing.services import batches, collection_results, result_statements
from customers.models import Customer
from herotill.errors import DomainError
from herotill.integrations.http import Uncertain
from herotill.integrations.netcash.standin import NetcashStandIn
from tests.billing.test_netcash import Clock, balances, clock, fetched, loaded, sent, there, worked
from tests.factories.billing import make_invoice
from tests.factories.collecting import NOW, RUN, UPTO, make_batch, make_group, make_payer
from tests.factories.customers import CustomerFactory
from tests.factories.people import make_person

__all__ = ["clock", "there"]
pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def paynow(there: NetcashStandIn) -> CardGateway:
    return make_gateway()


def make_gateway(**given: Any) -> CardGateway:
    account = BankAccount.objects.get(name="Netcash")
    made = CardGateway(name="Pay Now", kind="paynow", account=account, **{"is_on": True} | given)
    made.key = "pay-now-key"
    made.save()
    return made


def pays_by_card(code: str, owes: str, gateway: CardGateway, **other: Any) -> Customer:
    """Somebody who owes an invoice, and whose card is stored there."""
    customer: Any = CustomerFactory(code=code, billing_group=make_group(), payment_method="credit_card")
    given = {"brand": "Visa", "last_four": "1234", "expires_on": date(2028, 2, 29)} | other
    card = StoredCard(customer=customer, gateway=gateway, verified_at=NOW, **given)
    card.token = f"token-of-{code}"
    card.save()
    make_invoice(customer, owes)
    made: Customer = customer
    return made


@pytest.fixture
def batch(paynow: CardGateway) -> CollectionBatch:
    """Alice's 454 and Bob's 100, released by Zoe."""
    pays_by_card("ALI001", "454.00", paynow)
    pays_by_card("BOB001", "100.00", paynow, brand="Mastercard", last_four="9876")
    made = make_batch(make_group(), actor=make_person("Mary"), method="card", channel="paynow")
    assert (made.problems, made.lines) == ([], 2)
    return batches.release(batch=made, actor=make_person("Zoe"), now=NOW)


def test_a_batch_of_cards_goes_the_whole_way(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    there.bureau.tokens = {"token-of-ALI001", "token-of-BOB001"}
    there.bureau.unpaids["BOB001"] = ("84", 2)
    going = batches.authorise(batch=loaded(sent(batch)), actor=make_person("Thandi"), now=NOW)
    assert (going.state, going.trouble) == ("authorised", "")
    assert [(one.detail, one.kind, one.branch) for one in there.bureau.batches[0].debits] == [
        ("2", "2", "02"),
        ("2", "1", "02"),
    ]

    told = fetched("2018-08-27", clock.on("2018-08-28"))
    assert (told.state, CollectionResult.objects.filter(told_type="TDC").count()) == ("booked", 2)
    assert balances() == {"ALI001": "0.00", "BOB001": "0.00"}
    assert set(Receipt.objects.values_list("method", "account__name")) == {("card", "Netcash")}
    fetched("2018-08-29", clock.on("2018-08-30"))
    assert balances() == {"ALI001": "0.00", "BOB001": "100.00"}
    bob = CollectionLine.objects.get(reference="BOB001")
    assert (bob.state, bob.result_code, bob.card.status if bob.card else "") == ("unpaid", "84", "refused")
    going.refresh_from_db()
    assert going.state == "processed"


def test_told_twice_in_parts_and_by_file_it_is_booked_once(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    batches.authorise(batch=loaded(sent(batch)), actor=make_person("Thandi"), now=NOW)
    clock.on("2018-08-28")
    text = there.bureau.statement(RUN)
    first, *others = text.split("\r\n")
    for number, part in enumerate([text, "\r\n".join([first, *others[:1]]), "\r\n".join(others[1:]), text]):
        name = f"part{number}.txt"
        run = result_statements.receive(channel="netcash", name=name, data=part.encode(), actor=None)
        assert worked(run).state == "booked"
    assert (Receipt.objects.count(), balances()) == (2, {"ALI001": "0.00", "BOB001": "0.00"})
    again = make_batch(make_group(), method="card", channel="paynow", action_date=date(2018, 9, 3))
    assert again.lines == 0


def test_s02_a_batch_whose_answer_is_lost_is_not_sent_twice(
    batch: CollectionBatch, there: NetcashStandIn
) -> None:
    upload = there.bureau.take

    def unanswered(text: str) -> str:
        upload(text)
        return "200"

    there.bureau.take = unanswered  # type: ignore[method-assign]
    with pytest.raises(Uncertain):
        sent(batch)
    there.bureau.take = upload  # type: ignore[method-assign]
    with pytest.raises(DomainError, match="It may have reached"):
        sent(batch)
    batch.refresh_from_db()
    batch = batches.ask(batch=batch, actor=None, now=NOW)
    assert (batch.state, len(there.bureau.batches)) == ("loaded", 1)


def test_bank_accounts_and_cards_go_in_batches_of_their_own_and_one_statement_tells_both(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    make_payer("CAR001", make_group(), "77.00")
    other = make_batch(make_group(), actor=make_person("Mary of debits"), channel="netcash")
    other = batches.release(batch=other, actor=make_person("Zoe of debits"), now=NOW)
    for number, one in enumerate((batch, other)):
        batches.authorise(batch=loaded(sent(one)), actor=make_person(f"Thandi {number}"), now=NOW)
    fetched("2018-08-27", clock.on("2018-08-28"))
    told = CollectionResult.objects.exclude(line=None).values_list("told_type", "line__reference")
    assert set(told) == {("TDC", "ALI001"), ("TDC", "BOB001"), ("TDD", "CAR001")}
    assert set(balances().values()) == {"0.00"}


def test_a_result_in_doubt_may_be_said_to_be_of_such_a_line(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    batches.authorise(batch=loaded(sent(batch)), actor=make_person("Thandi"), now=NOW)
    clock.on("2018-08-28")
    nameless = re.sub(r"HT\d+\tALI001", "\t", there.bureau.statement(RUN))
    worked(result_statements.receive(channel="netcash", name="a.txt", data=nameless.encode(), actor=None))
    doubtful = CollectionResult.objects.exclude(trouble="").get()
    line = CollectionLine.objects.get(reference="ALI001")
    collection_results.match(result=doubtful, line=line, actor=make_person("Mary of doubts"), now=NOW)
    assert balances() == {"ALI001": "0.00", "BOB001": "0.00"}


def test_who_has_no_card_there_is_left_out(paynow: CardGateway) -> None:
    payfast = CardGateway.objects.create(name="PayFast", kind="payfast", account=paynow.account)
    pays_by_card("ALI001", "454.00", paynow)
    pays_by_card("BOB001", "100.00", payfast)
    pays_by_card("CAR001", "100.00", paynow, expires_on=date(2018, 8, 26))
    made = make_batch(make_group(), method="card", channel="paynow")
    whys = dict(LeftOut.objects.filter(batch=made).values_list("customer__code", "why"))
    assert (made.lines, whys) == (1, {"BOB001": "other_gateway", "CAR001": "expired"})


def test_a_card_of_which_too_little_was_told_holds_the_release_up(paynow: CardGateway) -> None:
    pays_by_card("ALI001", "454.00", paynow, brand="")
    made = make_batch(make_group(), actor=make_person("Mary"), method="card", channel="paynow")
    assert made.problems == ["1 line would be refused; see their warnings."]
    assert "verified anew" in CollectionLine.objects.get().warnings[-1]["says"]
    with pytest.raises(DomainError, match="cannot be released"):
        batches.release(batch=made, actor=make_person("Zoe"), now=NOW)


def test_s06_nothing_is_charged_while_the_gateway_or_the_service_is_off(paynow: CardGateway) -> None:
    channel = PayNowCards()
    assert (channel.closed(), channel.account_id()) == ("", paynow.account_id)
    BankService.objects.update(is_on=False)
    assert "switched off" in channel.closed()
    CardGateway.objects.update(is_on=False)
    assert channel.closed() == "Pay Now is not in use; an administrator sets it up."


@pytest.mark.usefixtures("there")
def test_s06_nothing_is_charged_in_test_mode(settings: Any) -> None:
    make_gateway(test_mode=True)
    settings.DEMO = False
    assert PayNowCards().closed() == "Pay Now is in test mode."


def test_s25_a_kept_file_holds_no_key_and_no_token_stands_in_the_clear(
    batch: CollectionBatch, settings: Any
) -> None:
    batches.file_of(batch=batch, actor=None, now=NOW)
    kept = batch.files.get()
    with open(f"{settings.MEDIA_ROOT}/{kept.path}", "rb") as stored:
        assert b"token-of-ALI001" not in stored.read()
    content = batches.file_of(batch=batch, actor=None, now=NOW).decode()
    assert "token-of-ALI001\t************1234\t45400" in content


def test_the_statement_of_debit_orders_is_the_only_one_asked_for(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    batches.authorise(batch=loaded(sent(batch)), actor=make_person("Thandi"), now=NOW)
    days = result_statements.missing("netcash", clock.on("2018-08-28"))
    assert days == [RUN]
    result_statements.fetch_missing(clock.now)
    assert ResultStatement.objects.get().channel == "netcash"
    with pytest.raises(DomainError, match="statement of the debit-order service"):
        PayNowCards().parse_results(b"anything")
    assert UPTO > RUN
