"""Customers who ask to be forgotten. Their data goes by `anonymising`, when nothing keeps it any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Customer, ForgetWish
from herotill import events
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.users.models import User

ASKED = "customer.asked-to-be-forgotten"
TEMPLATE, SUBJECT = "forget-wish-answered", "forget_wish"
OVER = "This was answered or taken back already."
State = ForgetWish.State


@transaction.atomic
def ask(*, customer: Customer, words: str, actor: User | None, now: datetime) -> ForgetWish:
    """Note the wish for somebody to answer; nothing is deleted by it. Raises DomainError where one waits."""
    held = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if ForgetWish.objects.filter(customer=held, state=State.WAITING).exists():
        raise DomainError("You asked us already; somebody will answer you.")
    wish = ForgetWish.objects.create(customer=held, words=words.strip()[:500], asked_at=now, asked_by=actor)
    events.record(
        kind=ASKED, key=f"{ASKED}-{wish.pk}", customer_id=held.pk, subject_kind=SUBJECT, subject_id=wish.pk
    )
    return wish


def _held(customer: Customer) -> ForgetWish:
    wish = ForgetWish.objects.select_for_update().filter(customer=customer, state=State.WAITING).first()
    if wish is None:
        raise DomainError(OVER)
    return wish


@transaction.atomic
def withdraw(*, customer: Customer, actor: User | None, now: datetime) -> ForgetWish:
    """The customer takes it back."""
    wish = _held(customer)
    wish.state, wish.answered_at, wish.answered_by = State.WITHDRAWN, now, actor
    wish.save(update_fields=["state", "answered_at", "answered_by"])
    return wish


@transaction.atomic
def answer(*, customer: Customer, words: str, actor: User, now: datetime) -> ForgetWish:
    """Say what becomes of it, which the customer is told. Raises DomainError without words."""
    if not words.strip():
        raise DomainError("Say what you answer; the customer reads it.", field="words")
    wish = _held(customer)
    wish.state, wish.answer = State.ANSWERED, words.strip()[:500]
    wish.answered_at, wish.answered_by = now, actor
    wish.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    outbox.queue(
        template=TEMPLATE,
        now=now,
        customer_id=customer.pk,
        context={"name": customer.name, "answer": wish.answer},
        subject_kind=SUBJECT,
        subject_id=wish.pk,
        actor_id=actor.pk,
    )
    return wish
