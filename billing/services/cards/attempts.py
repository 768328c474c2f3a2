"""Card payments as they begin: the row first, then the payer goes to the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from billing.models import CardAttempt, CardGateway
from billing.services.cards import gateways
from customers.models import Customer
from herotill import links, outward
from herotill.errors import DomainError
from herotill.integrations.cards import Payment, Redirect
from herotill.money import rand
from herotill.reference.selectors.company import company
from herotill.users.models import User

Purpose = CardAttempt.Purpose


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a payer wants to do. `form_key` says which sending of the form: sent twice it is begun once."""

    purpose: str
    amount: Decimal
    document_id: int | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    keep_card: bool = False
    form_key: str | None = None


def proof_of(reference: str) -> str:
    """The word that comes back with the notice: made again from our key, kept as a hash."""
    return salted_hmac("herotill.cards", reference, algorithm="sha256").hexdigest()[:40]


def new(
    *, gateway: CardGateway, customer_id: int, wanted: Wanted, actor: User | None, now: datetime, **more: Any
) -> CardAttempt:
    """An attempt that is not saved yet, with a reference nobody can guess."""
    reference = f"C{secrets.token_hex(9).upper()}"
    return CardAttempt(
        gateway=gateway,
        customer_id=customer_id,
        reference=reference,
        proof_hash=links.hashed(proof_of(reference)),
        purpose=wanted.purpose,
        amount=wanted.amount,
        document_id=wanted.document_id,
        subject=dict(wanted.subject),
        keep_card=wanted.keep_card,
        form_key=wanted.form_key,
        started_by=actor,
        started_at=now,
        **more,
    )


def start(*, customer: Customer, wanted: Wanted, actor: User | None, now: datetime) -> CardAttempt:
    """Begin a payment, or find the one this sending of a form began.

    Raises DomainError where no card can be taken, or the amount is below what the gateway takes.
    """
    gateway = gateways.in_use()
    if gateway is None or not outward.allowed():
        raise DomainError("We take no cards at present.")
    made = new(gateway=gateway, customer_id=customer.pk, wanted=wanted, actor=actor, now=now)
    _refuse_amount(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "card_attempt_of_a_form_once" not in str(error):
            raise
        begun = CardAttempt.objects.filter(form_key=wanted.form_key, customer=customer).first()
        if begun is None:
            raise DomainError("This page was made for another account. Load it again, then pay.") from None
        return begun
    return made


def _refuse_amount(attempt: CardAttempt) -> None:
    adapter = gateways.adapter(attempt.gateway)
    if attempt.purpose == Purpose.VERIFY:
        attempt.amount, attempt.keep_card = adapter.verify_amount, True
    elif attempt.amount < adapter.smallest:
        raise DomainError(f"A card pays {rand(adapter.smallest)} at least.", field="amount")


def redirect(*, attempt: CardAttempt) -> Redirect:
    """The form that takes the payer to the gateway, the same however often it is asked for."""
    proof = proof_of(attempt.reference)
    payment = Payment(
        reference=attempt.reference,
        proof=proof,
        amount=attempt.amount,
        text=f"{company().called}: {said(attempt)}",
        return_url=links.address("card-return", attempt.reference),
        cancel_url=links.address("card-cancelled", attempt.reference),
        notify_url=links.address("card-notify", attempt.gateway.kind, proof),
        store_card=attempt.keep_card,
    )
    return gateways.adapter(attempt.gateway).start(payment)


def said(attempt: CardAttempt) -> str:
    """What it is for, as payer and bank read it."""
    if attempt.purpose == Purpose.VERIFY:
        return f"verification of a card, {attempt.customer.code}"
    if attempt.subject.get("name"):
        return f"{attempt.subject['name']}, {attempt.customer.code}"
    if attempt.document:
        return f"{attempt.document.name}, {attempt.customer.code}"
    return f"account {attempt.customer.code}"
