"""What somebody decides about mail of a sender whom nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from customers.models import Customer
from helpdesk.models import Department, InboundMail, Ticket
from helpdesk.policies.mail import outcome
from helpdesk.policies.mail.known import Judgement
from helpdesk.selectors import inbound as reading
from helpdesk.services.inbound import acting
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def accept(
    *,
    mail: InboundMail,
    actor: User,
    now: datetime,
    ticket: Ticket | None = None,
    customer: Customer | None = None,
    department: Department | None = None,
) -> Ticket:
    """Put the message on a ticket, or open one for it. Raises DomainError where that was decided before."""
    held = _held(mail)
    content = _content(held)
    if ticket:
        held.post = acting.say(held, ticket, content, now)
        held.ticket = held.post.ticket
    else:
        where = department or held.mailbox.department
        acting.open_ticket(held, content, now, department=where, customer=customer)
    held.customer = held.ticket.customer if held.ticket else None
    _decided(held, actor, now)
    assert held.ticket is not None
    return held.ticket


@transaction.atomic
def discard(*, mail: InboundMail, actor: User, now: datetime) -> None:
    """Leave the message be; it stays in the list of mail. Raises DomainError where that was decided before."""
    _decided(_held(mail), actor, now)


@transaction.atomic
def discard_many(*, mails: Collection[int], actor: User, now: datetime) -> int:
    """Leave messages be, and say how many: what was decided meanwhile stays as it is."""
    waiting = InboundMail.objects.filter(pk__in=mails, outcome=InboundMail.Outcome.TRIAGE, decided_at=None)
    held = list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return InboundMail.objects.filter(pk__in=held).update(decided_at=now, decided_by=actor)


def _held(mail: InboundMail) -> InboundMail:
    held = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if held.outcome != InboundMail.Outcome.TRIAGE:
        raise DomainError("Nothing is to be decided about this message.")
    if held.decided_at:
        raise DomainError("Somebody decided about this message meanwhile.")
    return held


def _content(mail: InboundMail) -> Judgement:
    """What the message says, read anew from how it came. Raises DomainError where that is kept no longer."""
    if not mail.raw:
        raise DomainError("This message is no longer kept.")
    with mail.raw.open() as file:
        raw = file.read()
    house = reading.house()
    read = outcome.read(raw, house)
    if isinstance(read, Judgement):
        raise DomainError("This message is refused now.")
    return outcome.shown_as(read, house=house, now=mail.received_at)


def _decided(mail: InboundMail, actor: User, now: datetime) -> None:
    mail.decided_at, mail.decided_by = now, actor
    mail.save()
