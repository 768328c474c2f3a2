"""What the helpdesk knows of a person, blanked: that there was a ticket, when, of what kind and how it ended stays."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q, QuerySet

from customers.services.anonymising import addresses
from helpdesk.models import InboundMail, Post, PostFile, Presence, Rating, Ticket
from helpdesk.services import notices, telling
from herotill.blanking import drop_files
from herotill.clock import local_day
from herotill.messages.services import blanking as messages
from herotill.models import RetentionRules

GONE = "•••"
AT_ONCE = 500
LEFT = timedelta(days=1)
BLANK_TICKET = {
    "subject": "Former ticket",
    "requester_name": "",
    "requester_email": "",
    "close_words": "",
}
BLANK_POST = {"text": GONE, "html": "", "author_name": "", "author_email": ""}
BLANK_MAIL = {
    **dict.fromkeys(("raw", "message_id", "sender", "sender_name", "subject"), ""),
    "candidates": [],
    "failed_recipients": [],
}


def of_customers(customers: Collection[int], now: datetime) -> None:
    """Tickets, mails and ratings of these customers; called while their contacts are still known.

    Also closed tickets that nobody ever put to a customer, where they alone had the address that asked.
    """
    theirs = addresses(customers)
    nobodys = Ticket.objects.filter(customer=None, requester_email__in=theirs, state=Ticket.State.CLOSED)
    ids = set(Ticket.objects.filter(customer__in=customers).values_list("pk", flat=True))
    ids.update(nobodys.filter(merged_into=None, forgotten_on=None).values_list("pk", flat=True))
    forget(tickets=ids, now=now)
    _mails(InboundMail.objects.filter(Q(customer__in=customers) | Q(ticket=None, sender__in=theirs)))
    Rating.objects.filter(customer__in=customers).update(comment="", by_name="", token_hash=None)


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever still waits for something from us."""
    alive = Ticket.objects.filter(customer__in=customers).exclude(state=Ticket.State.CLOSED)
    return {pk: "A ticket is open." for pk in alive.values_list("customer_id", flat=True) if pk}


@transaction.atomic
def forget(*, tickets: Collection[int], now: datetime) -> None:
    """Blank these tickets, those merged into them and all that was said on them; it cannot be undone.

    They are marked first, so that the guards of the tables let it by.
    """
    wanted = Q(pk__in=tickets) | Q(merged_into__in=tickets)
    held = list(Ticket.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    ids = [ticket.pk for ticket in held]
    wrote = {ticket.requester_email for ticket in held if ticket.requester_email}
    Ticket.objects.filter(pk__in=ids).update(forgotten_on=local_day(now), **BLANK_TICKET)
    files = PostFile.objects.filter(post__ticket__in=ids)
    drop_files([str(name) for name in files.values_list("file", flat=True)])
    files.delete()
    Post.objects.filter(ticket__in=ids).update(**BLANK_POST)
    _mails(_came_to(ids))
    about = Q(kind=Rating.Kind.TICKET, subject_id__in=ids)
    Rating.objects.filter(about).update(comment="", by_name="", token_hash=None)
    wrote -= set(Ticket.objects.filter(requester_email__in=wrote).values_list("requester_email", flat=True))
    messages.messages([], wrote)
    messages.words_about((notices.KIND, telling.SUBJECT), ids)


def _came_to(tickets: Collection[int]) -> QuerySet[InboundMail]:
    """The mails of these tickets, also those whose words were moved here from another."""
    moved = Post.objects.filter(ticket__in=tickets, moved_from__isnull=False)
    origins = {*tickets, *moved.values_list("moved_from", flat=True)}
    return InboundMail.objects.filter(Q(ticket__in=tickets) | Q(post__ticket__in=tickets), ticket__in=origins)


def _mails(found: QuerySet[InboundMail]) -> None:
    """Mails lose their raw message and who sent them; what became of them stays."""
    mails = InboundMail.objects.filter(pk__in=found.values("pk"))
    drop_files([str(name) for name in mails.values_list("raw", flat=True)])
    mails.update(**BLANK_MAIL)


def of_nobody(now: datetime) -> str:
    """Closed tickets of people who are no customers, as long after as former customers are kept. Each night.

    One that was merged goes with the ticket on which its words stand.
    """
    months = RetentionRules.objects.values_list("anonymise_after_months", flat=True).get()
    due = Ticket.objects.filter(
        customer=None,
        merged_into=None,
        forgotten_on=None,
        closed_at__lt=now - relativedelta(months=months),
    ).order_by("pk")
    count = 0
    while ids := list(due.values_list("pk", flat=True)[:AT_ONCE]):
        forget(tickets=ids, now=now)
        count += len(ids)
    return f"{count:,} tickets blanked." if count else ""


def raw_mail(now: datetime) -> str:
    """Mail as it came, after its months; what became nothing goes whole, decided about or not."""
    months = RetentionRules.objects.values_list("raw_mail_months", flat=True).get()
    old = InboundMail.objects.filter(received_at__lt=now - relativedelta(months=months))
    count = _drop(old.filter(ticket=None, post=None)) + _empty(
        old.filter(ticket__isnull=False).exclude(raw="")
    )
    return f"{count:,} mails." if count else ""


def _drop(mails: QuerySet[InboundMail]) -> int:
    return _in_batches(mails, lambda some: some.delete())


def _empty(mails: QuerySet[InboundMail]) -> int:
    return _in_batches(mails, lambda some: some.update(raw="", message_id=""))


def _in_batches(mails: QuerySet[InboundMail], work: Callable[[QuerySet[InboundMail]], object]) -> int:
    """Delete the raw files of these mails and do the work, some at a time; how many."""
    count = 0
    while some := dict(mails.order_by("pk").values_list("pk", "raw")[:AT_ONCE]):
        with transaction.atomic():
            drop_files([str(name) for name in some.values()])
            work(InboundMail.objects.filter(pk__in=some))
        count += len(some)
    return count


def presences(now: datetime) -> str:
    """Who looked at which ticket, once they are gone."""
    count = Presence.objects.filter(seen_at__lt=now - LEFT).delete()[0]
    return f"{count:,} rows." if count else ""
