"""What our own people are told of tickets: one is theirs now, one opened by itself, some are due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from helpdesk.models import Ticket
from helpdesk.selectors import service_levels as reading
from helpdesk.selectors.rules import rules
from helpdesk.selectors.sources import standby_of
from helpdesk.services import tickets as deeds
from herotill.clock import local
from herotill.messages.services import outbox
from herotill.models import Fact
from herotill.users.models import User

MAIL, SMS, OPENED, SOON, LATE = (
    "ticket_assigned",
    "ticket_assigned_sms",
    "ticket_opened_by_itself",
    "tickets_due",
    "tickets_late",
)
SUBJECT = "ticket-staff"
KINDS = frozenset({"ticket.opened", "ticket.assigned"})
AT_ONCE, LISTED = 500, 20


def consume(facts: Sequence[Fact]) -> None:
    """Tell whom these facts concern; a ticket that cannot wait for the morning goes to who stands by."""
    ids = [fact.subject_id for fact in facts if fact.subject_id]
    with_all = Ticket.objects.select_related("department__standby", "assignee", "priority", "customer")
    found = with_all.in_bulk(ids)
    for fact in facts:
        ticket = found.get(fact.subject_id or 0)
        if ticket is None or ticket.state == Ticket.State.CLOSED:
            continue
        if fact.kind == "ticket.assigned":
            _tell_assignee(ticket, fact)
        elif ticket.assignee_id is None:
            _tell_of_opening(ticket, fact)


def _tell_assignee(ticket: Ticket, fact: Fact) -> None:
    """Mail and SMS, as the settings say; at night an SMS in any case. Who took it on themselves knows it."""
    person = ticket.assignee
    if person is None or person.pk != fact.data["assignee"] or person.pk == fact.data["actor"]:
        return
    wanted, context, key = rules(), _facts(ticket), f"{fact.key}-told"
    if wanted.mail_on_assignment and person.email:
        _queue(MAIL, person.email, context | {"link": _address(ticket)}, ticket, f"{key}-mail", fact.at)
    at_night = standby_of(ticket.department, fact.at) == person
    if (wanted.sms_on_assignment or at_night) and person.mobile:
        _queue(SMS, person.mobile, context, ticket, f"{key}-sms", fact.at)


def _tell_of_opening(ticket: Ticket, fact: Fact) -> None:
    by_itself = ticket.origin in Ticket.ABOUT_US
    standby = standby_of(ticket.department, fact.at)
    if standby and (by_itself or ticket.priority.around_the_clock):
        deeds.assign(ticket=ticket, assignee=standby, actor=None, now=fact.at)
    elif by_itself:
        context = _facts(ticket) | {"link": _address(ticket)}
        for person in _people([ticket])[ticket.pk]:
            _queue(OPENED, person.email, context, ticket, f"{fact.key}-{person.pk}", fact.at)


def _facts(ticket: Ticket) -> dict[str, str]:
    return {
        "number": str(ticket.pk),
        "subject": ticket.subject,
        "customer": str(ticket.customer or ticket.requester_name or ticket.requester_email),
        "priority": str(ticket.priority),
        "department": str(ticket.department),
    }


def _address(ticket: Ticket) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("helpdesk:ticket", args=[ticket.pk])


def _queue(
    template: str, to: str, context: Mapping[str, str], ticket: Ticket, key: str, now: datetime
) -> None:
    outbox.queue(
        template=template,
        to=to,
        context=context,
        subject_kind=SUBJECT,
        subject_id=ticket.pk,
        key=key,
        now=now,
    )


def _people(some: Collection[Ticket]) -> dict[int, list[User]]:
    """Whom each of these tickets concerns: who has it, or else its whole department."""
    members = reading.members({one.department_id for one in some if one.assignee_id is None})
    ids = {pk for people in members.values() for pk in people}
    known = User.objects.filter(pk__in=ids).exclude(email="").in_bulk()
    concerned = {}
    for ticket in some:
        if ticket.assignee:
            concerned[ticket.pk] = [ticket.assignee] if ticket.assignee.email else []
        else:
            concerned[ticket.pk] = [known[pk] for pk in members.get(ticket.department_id, []) if pk in known]
    return concerned


def warn(*, now: datetime) -> int:
    """Tell of tickets that are about to be late and of those that are, once for each due time; how many tickets.

    One mail a person names all that concern them.
    """
    near = now + timedelta(minutes=rules().breach_minutes)
    told = 0
    while some := _warn_some(near, now):
        told += some
    return told


@transaction.atomic
def _warn_some(near: datetime, now: datetime) -> int:
    due = reading.to_tell_of(near, now).select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(
        due.select_related("assignee", "customer", "department", "priority").order_by("pk")[:AT_ONCE]
    )
    late, soon = [], []
    for ticket in found:
        ticket.warned_of = _due(ticket)
        if ticket.warned_of <= now:
            ticket.warned_of = ticket.late_of = _last_missed(ticket, now)
            late.append(ticket)
        else:
            soon.append(ticket)
    Ticket.objects.bulk_update(found, ["warned_of", "late_of"])
    _tell_of(SOON, soon, now)
    _tell_of(LATE, late, now)
    return len(found)


def _due(ticket: Ticket) -> datetime:
    """What is told of, as the selector found it."""
    found: datetime = ticket.due  # type: ignore[attr-defined]
    return found


def _last_missed(ticket: Ticket, now: datetime) -> datetime:
    """Where the answer and the solution are both late, they are told of at once."""
    missed = [due for due in (ticket.answer_due_at, ticket.solve_due_at) if due and due <= now]
    return max([_due(ticket), *missed]) if ticket.answered_at is None else _due(ticket)


def _tell_of(template: str, some: Sequence[Ticket], now: datetime) -> None:
    theirs: dict[User, list[Ticket]] = {}
    concerned = _people(some)
    for ticket in some:
        for person in concerned[ticket.pk]:
            theirs.setdefault(person, []).append(ticket)
    for person, tickets in theirs.items():
        last = tickets[-1]
        context = {"count": _count(tickets), "tickets": "\n".join(_lines(tickets)), "link": _list_address()}
        _queue(
            template,
            person.email,
            context,
            last,
            f"{template}-{person.pk}-{last.pk}-{int(now.timestamp())}",
            now,
        )


def _count(tickets: Sequence[Ticket]) -> str:
    return "1 ticket" if len(tickets) == 1 else f"{len(tickets)} tickets"


def _lines(tickets: Sequence[Ticket]) -> Iterable[str]:
    """One for each ticket. Nothing personal: the mail stays when one of them is forgotten."""
    for ticket in tickets[:LISTED]:
        yield f"#{ticket.pk} {ticket.department}, {ticket.priority} ({local(_due(ticket)):%a %H:%M})"
    if len(tickets) > LISTED:
        yield f"and {len(tickets) - LISTED} more"


def _list_address() -> str:
    return settings.SITE_URL.rstrip("/") + reverse("helpdesk:tickets")
