"""What is read of tickets: one for its page, those of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, QuerySet, When
from django.utils.text import Truncator

from helpdesk.models import CannedAnswer, InboundMail, Post, PostFile, Presence, Ticket
from helpdesk.policies.mail.tickets import STRANGER
from herotill.reference.models import Company
from herotill.users.models import User

State, Kind = Ticket.State, Post.Kind
PRESENT = timedelta(seconds=40)  # who was not heard of for so long is gone
SHOWN = 60  # posts of one ticket at first
JOINED = (
    *("department", "category", "priority", "assignee", "customer", "account", "nas", "outage"),
    *("opened_by", "closed_by", "close_reason", "merged_into", "linked_to"),
)


def find(pk: int) -> Ticket | None:
    """A ticket with all that its page names."""
    return Ticket.objects.select_related(*JOINED).filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said and what happened, oldest first; `earlier` counts what is not shown.

    `strangers` are the ids of posts by people who had one of our mails, but whom nobody knows on the ticket.
    """

    posts: Sequence[Post]
    earlier: int
    strangers: frozenset[int] = frozenset()

    @property
    def newest(self) -> int:
        """The id of the newest post."""
        return max((one.pk for one in self.posts), default=0)


def conversation(ticket: Ticket, *, whole: bool = False) -> Conversation:
    """The newest posts with their files, or all of them."""
    theirs = (
        ticket.posts.select_related("author", "moved_from").prefetch_related("files").order_by("-at", "-id")
    )
    found = list(theirs if whole else theirs[: SHOWN + 1])
    earlier = ticket.posts.count() - SHOWN if not whole and len(found) > SHOWN else 0
    shown = found[:SHOWN][::-1] if earlier else found[::-1]
    return Conversation(shown, earlier, _by_strangers(shown))


def _by_strangers(posts: Sequence[Post]) -> frozenset[int]:
    mailed = [one.pk for one in posts if one.kind == Kind.SAID and one.via == Post.Via.EMAIL]
    if not mailed:
        return frozenset()
    found = InboundMail.objects.filter(post__in=mailed, flags__contains=[STRANGER])
    return frozenset(pk for pk in found.order_by().values_list("post_id", flat=True) if pk)


def presences(ticket: Ticket, besides: User, now: datetime) -> list[Presence]:
    """Who else looks at a ticket now, those who write first."""
    there = ticket.presences.filter(seen_at__gt=now - PRESENT).exclude(user=besides)
    return list(there.select_related("user").order_by("-writes", "user__name"))


def newer(ticket: Ticket, seen: int, besides: User) -> list[Post]:
    """What was said since the post `seen`, by the customer or somebody else of ours."""
    since = ticket.posts.filter(pk__gt=seen, kind__in=(Kind.SAID, Kind.ANSWER)).select_related("author")
    return list(since.exclude(kind=Kind.ANSWER, author=besides))


def of_customer(customer: int, *, limit: int) -> tuple[list[Ticket], int, int]:
    """The newest tickets of a customer, open ones first; how many are open, and how many there are."""
    theirs = Ticket.objects.filter(customer=customer, merged_into=None)
    closed = Case(When(state=State.CLOSED, then=1), default=0, output_field=IntegerField())
    found = theirs.select_related("department", "assignee").order_by(closed, "-pk")[:limit]
    states = list(theirs.order_by().values_list("state", flat=True))
    return list(found), sum(state != State.CLOSED for state in states), len(states)


def likely_to_merge(ticket: Ticket, *, limit: int = 10) -> QuerySet[Ticket]:
    """Other open tickets of the same people, the newest first."""
    if ticket.customer_id:
        same = Ticket.objects.filter(customer=ticket.customer_id)
    elif ticket.requester_email:
        same = Ticket.objects.filter(requester_email=ticket.requester_email)
    else:
        return Ticket.objects.none()
    found = same.exclude(pk=ticket.pk).exclude(state=State.CLOSED).order_by("-pk")
    return Ticket.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:limit])).order_by("-pk")


def canned(ticket: Ticket) -> QuerySet[CannedAnswer]:
    """The canned answers of a ticket's department, and those for all."""
    offered = CannedAnswer.objects.filter(retired=False)
    return offered.filter(department=None) | offered.filter(department=ticket.department_id)


def canned_values(ticket: Ticket, actor: User) -> dict[str, str]:
    """What the fields of canned answers say on this ticket."""
    company = Company.objects.first()
    return {
        "customer": str(ticket.customer.name if ticket.customer else ticket.requester_name),
        "code": ticket.customer.code if ticket.customer else "",
        "ticket": f"#{ticket.pk}",
        "subject": ticket.subject,
        "department": ticket.department.name,
        "me": str(actor),
        "us": company.called if company else "",
    }


def file_of(ticket: int, pk: int) -> PostFile | None:
    """A file that came with a post of this ticket."""
    return PostFile.objects.filter(pk=pk, post__ticket=ticket).first()


def parts(ticket: Ticket) -> list[tuple[int, str]]:
    """What may go to another ticket: the id of each post, and how it begins."""
    posts = ticket.posts.exclude(kind=Kind.EVENT).select_related("author")
    return [(one.pk, f"{_who(one)}: {Truncator(one.text).chars(80) or '(a file)'}") for one in posts]


def _who(post: Post) -> str:
    if post.kind == Kind.SAID:
        return post.author_name or "Customer"
    return f"{post.author} (note)" if post.kind == Kind.NOTE else str(post.author)
