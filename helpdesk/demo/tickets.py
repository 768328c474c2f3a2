"""Tickets of the demo: a year of questions with their answers, some of them open, late, merged or reopened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from customers.models import Customer
from helpdesk.demo import around
from helpdesk.demo.words import MATTERS, NOT_OURS, Matter
from helpdesk.models import Category, CloseReason, Department, Post, Priority, Ticket, Watching
from helpdesk.services import due_times
from herotill.clock import local
from herotill.demo import DemoOrder
from herotill.users.models import User

State, Kind, Via, Origin = Ticket.State, Post.Kind, Post.Via, Ticket.Origin
A_MONTH, MONTHS, AT_LEAST, LATELY = 25, 12, 40, 45
ORIGINS = (Origin.PORTAL,) * 5 + (Origin.EMAIL,) * 5 + (Origin.STAFF,) * 3
WAYS = {Origin.PORTAL: Via.PORTAL, Origin.EMAIL: Via.EMAIL, Origin.STAFF: Via.DESK}
HOUR = timedelta(hours=1)


def make_tickets(order: DemoOrder) -> None:
    """Some hundred tickets up to now with all that was said on them; does nothing where there are some."""
    if Ticket.objects.exists() or not Customer.objects.exists():
        return
    with transaction.atomic():
        made = _Desk(Random(f"{order.seed} tickets"), order).open()
        due_times.set_due(tickets=[ticket.pk for ticket in made], now=order.moment)
        around.make_around(made, Random(f"{order.seed} around"), order.moment)
    order.say(f"{len(made)} tickets")


class _Desk:
    """The people who answer, and who asks them."""

    def __init__(self, chance: Random, order: DemoOrder) -> None:
        self.chance, self.now = chance, order.moment
        self.months = min(max(order.months, 1), MONTHS)
        self.departments = {one.name: one for one in Department.objects.prefetch_related("members")}
        self.usual = Priority.objects.order_by("-usual", "rank").first() or Priority.objects.earliest("pk")
        self.priorities = {one.name: one for one in Priority.objects.all()}
        self.categories = {one.name: one for one in Category.objects.all()}
        self.reasons = {one.name: one for one in CloseReason.objects.all()}
        self.reason = CloseReason.objects.earliest("pk")
        self.staff = list(User.objects.filter(kind=User.Kind.STAFF, groups__name="support").order_by("pk"))
        asking = Customer.objects.exclude(status=Customer.Status.CANCELLED).filter(anonymised_on=None)
        self.customers = list(asking.order_by("pk")[:400])
        self.alice = asking.filter(code="ALI001").first()
        self.posts: list[Post] = []

    def open(self) -> list[Ticket]:
        plans = list(self.plans())
        Ticket.objects.bulk_create([ticket for ticket, _ in plans])
        for ticket, said in plans:
            for post in said:
                post.ticket = ticket
                self.posts.append(post)
        Post.objects.bulk_create(self.posts)
        made = [ticket for ticket, _ in plans]
        self.merge(made)
        Watching.objects.bulk_create(
            Watching(ticket=ticket, user=self.chance.choice(self.staff))
            for ticket in made[::11]
            if self.staff and ticket.state != State.CLOSED
        )
        return made

    def plans(self) -> Iterator[tuple[Ticket, list[Post]]]:
        """Each ticket with what is said on it, oldest first; the last ones are open."""
        many = max(self.months * A_MONTH, AT_LEAST)
        ends = sorted(self.chance.uniform(0, self.months * 30) for _ in range(many))
        for number, days in enumerate(reversed(ends)):
            left = many - number
            at = self.in_daytime(self.now - timedelta(days=days))
            is_open = self.chance.random() < (0.45 if left <= LATELY else 0.01)
            yield self.ticket(self.matter(), at, is_open, left in (3, 9))
        if self.alice:
            yield self.ticket(MATTERS[0], self.now - 5 * HOUR, True, True)

    def matter(self) -> Matter:
        return self.chance.choices(MATTERS, [one.often for one in MATTERS])[0]

    def in_daytime(self, at: datetime) -> datetime:
        clock = local(at).replace(hour=self.chance.randint(7, 19), minute=self.chance.randint(0, 59))
        return min(clock, self.now - HOUR / 3)

    def ticket(self, matter: Matter, at: datetime, is_open: bool, alices: bool) -> tuple[Ticket, list[Post]]:
        """One ticket: who asks, who answers, how far it came."""
        origin = self.chance.choice(ORIGINS)
        department = self.departments.get(matter.department) or next(iter(self.departments.values()))
        members = list(department.members.all()) or self.staff
        seen_to = self.chance.choice(members) if members else None
        ticket = Ticket(
            token=secrets.token_hex(8),
            subject=matter.subject,
            origin=origin,
            department=department,
            category=self.categories.get(matter.category),
            priority=self.priorities.get(matter.priority, self.usual),
            assignee=None if is_open and self.chance.random() < 0.3 else seen_to,
            opened_at=at,
            opened_by=seen_to if origin == Origin.STAFF else None,
        )
        self.asked_by(ticket, alices)
        said = self.said(ticket, matter, seen_to, is_open)
        return ticket, said

    def asked_by(self, ticket: Ticket, alices: bool) -> None:
        """A customer, or somebody who is none and wrote a mail."""
        if ticket.origin == Origin.EMAIL and not alices and self.chance.random() < 0.06:
            name, address, ticket.subject = self.chance.choice(NOT_OURS)
            ticket.requester_name, ticket.requester_email = name, address
            return
        ticket.customer = self.alice if alices and self.alice else self.chance.choice(self.customers)
        ticket.requester_name = ticket.customer.contact_name or ticket.customer.name
        if ticket.origin == Origin.EMAIL:
            ticket.requester_email = ticket.customer.contact_email.lower()

    def said(self, ticket: Ticket, matter: Matter, answers: User | None, is_open: bool) -> list[Post]:
        """What is said until now; the ticket learns from it how it stands."""
        way = WAYS[Origin(ticket.origin)]
        posts = [self.by_them(ticket, matter.said, ticket.opened_at, way)]
        at = ticket.opened_at + HOUR * self.chance.triangular(
            0.1, 30 if self.chance.random() < 0.15 else 5, 0.5
        )
        steps = self.chance.choice((0, 1, 1, 2)) if is_open else 4
        if answers and steps and at < self.now:
            if matter.note:
                posts.append(Post(kind=Kind.NOTE, at=at - HOUR / 20, author=answers, text=matter.note))
            posts.append(Post(kind=Kind.ANSWER, at=at, author=answers, text=matter.answer))
            ticket.answered_at, ticket.state = at, State.PENDING
            at += HOUR * self.chance.triangular(0.2, 40, 3)
            if matter.reply and steps > 1 and at < self.now:
                posts.append(self.by_them(ticket, matter.reply, at, way))
                ticket.state = State.OPEN
                at += HOUR * self.chance.triangular(0.1, 20, 1)
            if steps == 4 and at < self.now:
                self.end(ticket, matter, posts, at, answers)
        spoken = [one for one in posts if one.kind in (Kind.SAID, Kind.ANSWER)]
        ticket.last_at, ticket.last_by_customer = spoken[-1].at, spoken[-1].kind == Kind.SAID
        return posts

    def by_them(self, ticket: Ticket, text: str, at: datetime, way: str) -> Post:
        names = {"author_name": ticket.requester_name, "author_email": ticket.requester_email}
        taken_down = ticket.opened_by if way == Via.DESK else None
        return Post(kind=Kind.SAID, via=way, at=at, text=text, author=taken_down, **names)

    def end(self, ticket: Ticket, matter: Matter, posts: list[Post], at: datetime, answers: User) -> None:
        posts.append(Post(kind=Kind.ANSWER, at=at, author=answers, text=matter.end))
        reason = self.reasons.get(matter.reason, self.reason)
        posts.append(Post(kind=Kind.EVENT, at=at, author=answers, text=f"Closed: {reason}."))
        ticket.state, ticket.closed_at, ticket.closed_by, ticket.close_reason = (
            State.CLOSED,
            at,
            answers,
            reason,
        )
        ticket.reopened = int(self.chance.random() < 0.05)

    def merge(self, made: list[Ticket]) -> None:
        """Whoever asked twice: the second leads to the first."""
        closed = [one for one in made if one.state == State.CLOSED and one.customer_id]
        for first in closed[5::90]:
            text = f"Asked twice; merged into #{first.pk}."
            second = Ticket.objects.create(
                token=secrets.token_hex(8),
                subject=f"{first.subject}!",
                origin=first.origin,
                department=first.department,
                priority=first.priority,
                customer=first.customer,
                opened_at=first.opened_at + HOUR / 6,
                last_at=first.opened_at + HOUR / 6,
                state=State.CLOSED,
                closed_at=first.opened_at + HOUR,
                closed_by=first.closed_by,
                close_reason=self.reasons.get("Asked twice", self.reason),
                merged_into=first,
            )
            Post.objects.create(ticket=second, kind=Kind.EVENT, at=first.opened_at + HOUR, text=text)
