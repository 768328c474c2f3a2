"""What becomes of a card payment: by the gateway's word, by a statement's row, by a person's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import CardAttempt, CardGateway, CardNotice, Receipt
from billing.policies.card_notices import Decision, Deed, Standing, decide
from billing.selectors import cards as reading
from billing.services.cards import attempts, booking, charging, gateways, pay_links, stored
from billing.services.cards.booking import Money, close
from customers.models import Customer
from herotill import links
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.integrations.cards import Can, Card, Gateway, Notification
from herotill.money import rand
from herotill.users.models import User

State, Purpose = CardAttempt.State, CardAttempt.Purpose
TOLD = "Told before."
TEST = "A test payment: nothing is booked."
UNKNOWN = "No payment of ours has this reference."


def apply(
    *, gateway: CardGateway | None, told: Notification, bank: Gateway, believed: bool, now: datetime
) -> tuple[CardAttempt | None, str]:
    """Do what a notice or the gateway's history says; the payment and what was done, in a sentence.

    Runs in the caller's transaction. Unsigned words count only with the proof that we sent along (rule 1).
    """
    pk = CardAttempt.objects.filter(gateway=gateway, reference=told.reference).values_list("pk", flat=True)
    found = pk.first()
    if found is None:
        return None, UNKNOWN
    attempt = booking.held(found)
    if not believed and not links.known(attempt.proof_hash, told.proof):
        return attempt, "Without the word we sent along; anybody could have posted it."
    if not gateways.may_book(bank):
        return attempt, _test(attempt, now)
    return attempt, _do(attempt, told, decide(_standing(attempt), told, believed=believed), now)


def park(*, gateway: CardGateway | None, told: Notification, why: str, now: datetime) -> CardAttempt:
    """Have a person look at money that came in and could not be booked."""
    pk = CardAttempt.objects.values_list("pk", flat=True).get(gateway=gateway, reference=told.reference)
    attempt = booking.held(pk)
    attempt.gateway_reference = attempt.gateway_reference or told.gateway_reference
    close(attempt, State.REVIEW, why, now)
    return attempt


def _test(attempt: CardAttempt, now: datetime) -> str:
    if attempt.state == State.STARTED:
        close(attempt, State.FAILED, TEST, now)
    return TEST


def _standing(attempt: CardAttempt) -> Standing:
    return Standing(
        state=attempt.state,
        amount=attempt.amount,
        gateway_reference=attempt.gateway_reference,
        verifies=attempt.purpose == Purpose.VERIFY,
        keeps_card=attempt.keep_card,
    )


def _do(attempt: CardAttempt, told: Notification, decision: Decision, now: datetime) -> str:
    deed, why = decision.deed, decision.why
    if deed is Deed.BOOK:
        return _booked(attempt, told, now)
    if deed is Deed.VERIFY:
        return _verified(attempt, told, now)
    if deed is Deed.REPORT:
        close(attempt, State.REPORTED, why, now)
    elif deed in (Deed.FAIL, Deed.CANCEL):
        _ended(attempt, told, State.FAILED if deed is Deed.FAIL else State.CANCELLED, now)
    elif deed is Deed.REVERSE:
        _reversed(attempt, told, why, now)
    elif deed is Deed.REVIEW:
        attempt.gateway_reference = attempt.gateway_reference or told.gateway_reference
        close(attempt, State.REVIEW, why, now)
    elif deed is Deed.AGAIN:
        again(attempt=attempt, told=told, why=why, now=now)
    elif deed is Deed.END_CARD:
        _end_card(attempt, told, why, now)
    return why or f"{attempt.get_state_display()}."


def _booked(attempt: CardAttempt, told: Notification, now: datetime) -> str:
    assert told.amount is not None
    if attempt.line_id:
        charging.collected(attempt=attempt, gateway_reference=told.gateway_reference, fee=told.fee, now=now)
        return "Booked to its batch."
    money = Money(told.amount, told.gateway_reference, local_day(now), told.fee)
    booking.book(attempt=attempt, money=money, actor=None, now=now)
    _keep(attempt, told.card, now)
    return "Booked."


def _keep(attempt: CardAttempt, card: Card | None, now: datetime) -> None:
    """Keep the card that was paid with, where the payer wanted it."""
    if card and attempt.keep_card:
        stored.keep(attempt=attempt, card=card, now=now)
        stored.pays_by_card(customer_id=attempt.customer_id, actor=attempt.started_by)


def _verified(attempt: CardAttempt, told: Notification, now: datetime) -> str:
    """A card is verified: kept, and what the customer pays by. No invoice is settled by it."""
    attempt.gateway_reference = told.gateway_reference
    if told.card is None:
        close(attempt, State.REVIEW, "Verified, but no card came with it.", now)
        return attempt.says
    stored.keep(attempt=attempt, card=told.card, now=now)
    stored.pays_by_card(customer_id=attempt.customer_id, actor=attempt.started_by)
    pay_links.end_verification(customer_id=attempt.customer_id, now=now)
    close(attempt, State.VERIFIED, "", now)
    return "The card is verified and kept."


def _ended(attempt: CardAttempt, told: Notification, state: str, now: datetime) -> None:
    booking.end_pause(customer_id=attempt.customer_id, now=now)
    close(attempt, state, told.says or "", now)


def _reversed(attempt: CardAttempt, told: Notification, why: str, now: datetime) -> None:
    if attempt.line_id:
        charging.came_back(attempt=attempt, why=why, now=now)
    else:
        booking.reverse(attempt=attempt, why=why, actor=None, now=now)


def _end_card(attempt: CardAttempt, told: Notification, why: str, now: datetime) -> None:
    card = reading.card_of(customer=attempt.customer)
    if card and card.gateway_id == attempt.gateway_id:
        stored.refuse(card=card, why=why, now=now)


def again(*, attempt: CardAttempt, told: Notification, why: str, now: datetime) -> CardAttempt:
    """Money came once more for a payment that is settled: a payment of its own, for a person to look at."""
    wanted = attempts.Wanted(Purpose.PAY, told.amount or Decimal(0))
    made = attempts.new(
        gateway=attempt.gateway, customer_id=attempt.customer_id, wanted=wanted, actor=None, now=now
    )
    made.state, made.says, made.ended_at = State.REVIEW, f"{why} ({attempt.reference})", now
    made.gateway_reference = told.gateway_reference
    made.save()
    return made


@transaction.atomic
def confirm(
    *, attempt: CardAttempt, amount: Decimal, day: date, reason: str, actor: User, now: datetime
) -> Receipt | None:
    """Book what a person found in the gateway's own statement. Raises DomainError for what needs nobody."""
    locked = booking.held(attempt.pk)
    _waits(locked, reason)
    bank = gateways.adapter(locked.gateway)
    if not gateways.may_book(bank):
        raise DomainError(TEST)
    if locked.purpose == Purpose.VERIFY:
        _confirm_card(locked, bank, now)
        return None
    if locked.line_id:
        _confirm_line(locked, amount, now)
        return None
    locked.amount = amount
    money = Money(amount, locked.gateway_reference, day, locked.fee, f"Confirmed: {reason}")
    return _book_unsigned(locked, bank, money, actor, now)


def _confirm_line(attempt: CardAttempt, amount: Decimal, now: datetime) -> None:
    """What a line of a batch collected is booked as its result, never beside it."""
    if amount != attempt.amount:
        raise DomainError(f"Its line collects {rand(attempt.amount)}.", field="amount")
    charging.collected(attempt=attempt, gateway_reference=attempt.gateway_reference, fee=attempt.fee, now=now)


def _book_unsigned(
    attempt: CardAttempt, bank: Gateway, money: Money, actor: User | None, now: datetime
) -> Receipt:
    """Book what a person or a statement confirms, and keep the card that its notice brought."""
    made = booking.book(attempt=attempt, money=money, actor=actor, now=now)
    told = _card_told(attempt, bank) if attempt.keep_card else None
    _keep(attempt, told.card if told else None, now)
    return made


def _waits(attempt: CardAttempt, reason: str) -> None:
    if attempt.state not in (State.REVIEW, State.REPORTED) or attempt.receipt_id:
        raise DomainError("This payment waits for nobody.")
    if not reason.strip():
        raise DomainError("Say how you know.", field="reason")


def _card_told(attempt: CardAttempt, bank: Gateway) -> Notification | None:
    """The last notice of a payment that carried our word back and brought a card."""
    for notice in CardNotice.objects.filter(attempt=attempt).order_by("-pk"):
        told = bank.parse(gateways.raw_of(notice))
        if told.card and links.known(attempt.proof_hash, told.proof):
            return told
    return None


def _confirm_card(attempt: CardAttempt, bank: Gateway, now: datetime) -> None:
    """Keep the card that an unsigned notice brought, because a person says that it is true."""
    told = _card_told(attempt, bank)
    if told is None:
        raise DomainError("No notice of it brought a card; ask the customer to verify it anew.")
    _verified(attempt, told, now)


@transaction.atomic
def refuse(*, attempt: CardAttempt, reason: str, actor: User, now: datetime) -> None:
    """Nothing came in: a person looked. Raises DomainError for what needs nobody."""
    locked = booking.held(attempt.pk)
    _waits(locked, reason)
    booking.end_pause(customer_id=locked.customer_id, now=now)
    charging.let_go(attempt=locked, why=f"Refused: {reason}")
    close(locked, State.FAILED, f"Refused: {reason}", now)


@transaction.atomic
def keep_receipt(*, attempt: CardAttempt, reason: str, now: datetime) -> None:
    """What was reported as declined stands: a person looked. Raises DomainError where no receipt stands."""
    locked = booking.held(attempt.pk)
    if locked.state != State.REVIEW or not locked.receipt_id:
        raise DomainError("This payment waits for nobody.")
    close(locked, State.PAID, f"Kept: {reason}", now)


@transaction.atomic
def name_payer(*, notice: CardNotice, customer: Customer, now: datetime) -> CardAttempt:
    """Say whose money a notice brought that no payment of ours is known for."""
    locked = CardNotice.objects.select_for_update(of=("self",)).select_related("gateway").get(pk=notice.pk)
    if locked.attempt_id or not locked.verified or locked.gateway is None or not locked.amount:
        raise DomainError("Of this notice nobody need be named.")
    wanted = attempts.Wanted(Purpose.PAY, locked.amount)
    made = attempts.new(gateway=locked.gateway, customer_id=customer.pk, wanted=wanted, actor=None, now=now)
    made.state, made.says, made.ended_at = State.REVIEW, "Named by a person.", now
    made.gateway_reference = locked.gateway_reference
    made.save()
    locked.attempt = made
    locked.save(update_fields=["attempt"])
    return made


@transaction.atomic
def by_statement(
    *, reference: str, amount: Decimal, day: date, told_id: str, actor: User | None, now: datetime
) -> Receipt | None:
    """Book a payment of a gateway that signs nothing, because a statement we fetched has it.

    None where no such payment waits for so much; then the row is for others to name.
    """
    waits = CardAttempt.objects.filter(reference=reference.strip(), receipt=None, amount=amount)
    pk = waits.exclude(state=State.VERIFIED).values_list("pk", flat=True).first()
    if pk is None:
        return None
    attempt = booking.held(pk)
    bank = gateways.adapter(attempt.gateway)
    if attempt.receipt_id or attempt.purpose == Purpose.VERIFY or Can.SIGN in bank.can:
        return None
    attempt.gateway_reference = attempt.gateway_reference or told_id
    money = Money(amount, attempt.gateway_reference, day, None, "By the statement")
    return _book_unsigned(attempt, bank, money, actor, now)
