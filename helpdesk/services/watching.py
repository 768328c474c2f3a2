"""Who follows a ticket is told what happens on it: those who watch, and whom it is given to when the customer writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator

from helpdesk.models import Post, Ticket
from herotill.messages.services import outbox
from herotill.models import Fact
from herotill.users.models import User

TEMPLATE, SUBJECT = "ticket_watched", "ticket-staff"
HAPPENED = {
    "ticket.said": "The customer wrote",
    "ticket.answered": "Answered",
    "ticket.closed": "Closed",
    "ticket.reopened": "Reopened",
}
SHOWN = 400  # characters of what was said


def consume(facts: Sequence[Fact]) -> None:
    """Write the mails that these facts call for, one a person and fact."""
    found = Ticket.objects.select_related("assignee", "customer").prefetch_related("watchers")
    tickets = found.in_bulk([fact.subject_id for fact in facts if fact.subject_id])
    posts = Post.objects.select_related("author").in_bulk([fact.data["post"] for fact in facts])
    for fact in facts:
        ticket, post = tickets.get(fact.subject_id or 0), posts.get(fact.data["post"])
        if ticket and post and not ticket.forgotten_on:
            for person in _followers(ticket, fact, post):
                _tell(person, ticket, fact, post)


def _followers(ticket: Ticket, fact: Fact, post: Post) -> Iterator[User]:
    """Everybody once, but not whoever did it."""
    people = {one.pk: one for one in ticket.watchers.all()}
    if fact.kind == "ticket.said" and ticket.assignee:
        people[ticket.assignee.pk] = ticket.assignee
    for person in people.values():
        if person.is_active and person.email and person.pk != post.author_id:
            yield person


def _tell(person: User, ticket: Ticket, fact: Fact, post: Post) -> None:
    outbox.queue(
        template=TEMPLATE,
        to=person.email,
        context={
            "number": str(ticket.pk),
            "subject": ticket.subject,
            "customer": str(ticket.customer or ticket.requester_name or ticket.requester_email),
            "happened": f"{HAPPENED[fact.kind]}{f' by {post.author}' if post.author else ''}",
            "words": Truncator(post.text).chars(SHOWN),
            "link": settings.SITE_URL.rstrip("/") + reverse("helpdesk:ticket", args=[ticket.pk]),
        },
        subject_kind=SUBJECT,
        subject_id=ticket.pk,
        key=f"{fact.key}-watched-{person.pk}",
        now=fact.at,
    )
