"""What customers do on their tickets themselves: open one, add to it, say that it is solved.

Nothing they write approves anything: money, accounts and cancellations have pages of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from customers.models import Customer
from dataaccounts.models import DataAccount
from helpdesk.models import Category, CloseReason, Department, Post, Ticket
from helpdesk.policies import tickets as policy
from helpdesk.selectors.rules import rules
from helpdesk.services import tickets
from helpdesk.services.tickets import NewFile
from herotill.errors import DomainError

TWICE, LATELY = timedelta(minutes=2), timedelta(hours=1)
TICKETS, WORDS = 20, 30  # that many a customer, and a ticket, within LATELY; each is mailed and told of
TOO_MUCH = "You wrote to us very often within the last hour. Wait a while, or call us."
SOLVED = "solved"


@transaction.atomic
def open_ticket(
    *,
    customer: Customer,
    subject: str,
    text: str,
    department: Department,
    now: datetime,
    name: str = "",
    category: Category | None = None,
    account: DataAccount | None = None,
    files: Sequence[NewFile] = (),
) -> Ticket:
    """A ticket from the portal; the same again within two minutes is the same ticket.

    `name` says who wrote, where that is not the customer's own log-in.
    Raises DomainError where the portal takes none, for an account of somebody else, for what is no longer
    offered, and after too many within the hour.
    """
    if not rules().portal_tickets:
        raise DomainError("Tickets cannot be opened here at the moment.")
    if account and account.customer_id != customer.pk:
        raise DomainError("This is not one of your connections.", field="account")
    if department.retired or not department.offered:
        raise DomainError("Choose who should help.", field="department")
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if known := _just_opened(customer, subject, text, now):
        return known
    if _opened_since(customer, now - LATELY).count() >= TICKETS:
        raise DomainError(TOO_MUCH)
    return tickets.open_ticket(
        subject=subject,
        text=text,
        department=department,
        category=category,
        account=account,
        customer=customer,
        requester_name=name or customer.name,
        files=files,
        origin=Ticket.Origin.PORTAL,
        actor=None,
        now=now,
    )


def _just_opened(customer: Customer, subject: str, text: str, now: datetime) -> Ticket | None:
    lately = _opened_since(customer, now - TWICE).filter(subject=policy.headline(subject))
    return lately.filter(posts__text=policy.clean(text)).first()


def _opened_since(customer: Customer, moment: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.filter(customer=customer, origin=Ticket.Origin.PORTAL, opened_at__gt=moment)


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    text: str,
    via: str,
    now: datetime,
    name: str,
    email: str = "",
    files: Sequence[NewFile] = (),
) -> Post:
    """Add to a ticket; the same again within two minutes is the same post.

    Raises DomainError for nothing, and after too many words within the hour.
    """
    held = Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    lately = _said_since(held, now - LATELY)
    if known := _just_said(lately.filter(via=via, at__gt=now - TWICE), text, files):
        return known
    if lately.count() >= WORDS:
        raise DomainError(TOO_MUCH)
    return tickets.say(
        ticket=ticket, text=text, via=via, now=now, author_name=name, author_email=email, files=files
    )


def _said_since(ticket: Ticket, moment: datetime) -> QuerySet[Post]:
    """What was typed on our pages, where it counts: on the ticket, where it was merged into, or on one that follows."""
    here = {ticket.pk, ticket.merged_into_id or ticket.pk}
    there = Ticket.objects.filter(Q(pk__in=here) | Q(linked_to__in=here)).values_list("pk", flat=True)
    typed = Post.objects.filter(kind=Post.Kind.SAID, via__in=(Post.Via.PORTAL, Post.Via.LINK))
    return typed.filter(ticket__in=list(there), at__gt=moment)


def _just_said(lately: QuerySet[Post], text: str, files: Sequence[NewFile]) -> Post | None:
    """The same word among these."""
    known = lately.filter(text=policy.clean(text)).select_related("ticket").prefetch_related("files").last()
    if known and {one.sha256 for one in known.files.all()} == {one.sha256 for one in files}:
        return known
    return None


def solved_reason() -> CloseReason | None:
    """The reason that stands when a customer says it is solved; None where Setup offers it no longer."""
    return CloseReason.objects.filter(name_key=SOLVED, retired=False).first()


@transaction.atomic
def solved(*, ticket: Ticket, via: str, now: datetime, name: str = "") -> None:
    """The customer says that it is solved; twice is once. Raises DomainError where this is not offered.

    `name` is who said so, where that is known.
    """
    held = Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    if held.state != Ticket.State.CLOSED:
        words = f"{name or 'The customer'} said so."
        tickets.close(ticket=held, reason=solved_reason(), words=words, actor=None, now=now, via=via)
