"""What customers are told by mail about their tickets: an answer, that one was opened or closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from billing.selectors.mandates import is_resellers
from customers.models import Customer
from helpdesk.models import Post, Ticket
from helpdesk.services import ticket_links
from herotill.clock import local_day
from herotill.messages.services import outbox
from herotill.models import Fact

ANSWERED, OPENED, CLOSED = "ticket_answer", "ticket_opened", "ticket_closed"
KIND = ticket_links.KIND
FACTS = {"ticket.answered": ANSWERED, "ticket.opened": OPENED, "ticket.closed": CLOSED}
# Mail is answered by whoever takes it in, who knows whether a machine wrote it.
TOLD_OF_OPENING = (Ticket.Origin.PORTAL, Ticket.Origin.STAFF)


def consume(facts: Sequence[Fact]) -> None:
    """Write the mails that these facts call for."""
    ids = [fact.data["post"] for fact in facts]
    found = Post.objects.select_related("ticket__customer", "ticket__close_reason", "author").in_bulk(ids)
    for fact in facts:
        post = found.get(fact.data["post"])
        if post is not None and not post.ticket.forgotten_on and _is_told(fact.kind, post, found.values()):
            queue(FACTS[fact.kind], post=post, now=fact.at)


def _is_told(kind: str, post: Post, others: Iterable[Post]) -> bool:
    """Of a closing they are told where somebody of ours closed, and no answer says it at the same moment."""
    ticket = post.ticket
    if kind == "ticket.answered":
        return True
    if kind == "ticket.opened":
        return post.kind == Post.Kind.SAID and ticket.origin in TOLD_OF_OPENING
    by_us = post.author_id is not None and ticket.state == Ticket.State.CLOSED
    return by_us and _was_heard(ticket) and not _answers_at_once(post)


def _was_heard(ticket: Ticket) -> bool:
    return ticket.posts.filter(kind__in=(Post.Kind.SAID, Post.Kind.ANSWER)).exists()


def _answers_at_once(post: Post) -> bool:
    return post.ticket.posts.filter(kind=Post.Kind.ANSWER, at=post.at).exists()


def queue(template: str, *, post: Post, now: datetime) -> bool:
    """Write the mail about a post to whoever wrote, or else to the contacts for tickets; once for each post.

    False where it was written before, and where nobody is to be told.
    """
    ticket = post.ticket
    if not ticket.requester_email and not _are_ours(ticket.customer, now):
        return False
    return outbox.queue(
        template=template,
        now=now,
        customer_id=ticket.customer_id,
        to=ticket.requester_email,
        context=_context(template, post),
        subject_kind=KIND,
        subject_id=ticket.pk,
        key=f"{template}-{post.pk}",
        actor_id=post.author_id,
    )


def _are_ours(customer: Customer | None, now: datetime) -> bool:
    """Whether its contacts may be written to: a reseller speaks to its own clients (rule 14 of safety)."""
    return customer is not None and not is_resellers(customer, local_day(now))


def _context(template: str, post: Post) -> dict[str, str]:
    ticket = post.ticket
    told = {"name": _name(ticket), "number": str(ticket.pk), "subject": ticket.subject}
    if template == ANSWERED:
        return told | {"answer": post.text, "by": str(post.author or "")}
    if template == CLOSED:
        return told | {"reason": str(ticket.close_reason or "")}
    return told | {"text": post.text}


def _name(ticket: Ticket) -> str:
    return ticket.requester_name or (ticket.customer.name if ticket.customer else ticket.requester_email)
