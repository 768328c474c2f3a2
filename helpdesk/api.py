"""Tickets, as other programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema, Status

from customers.api import found as customer_of
from helpdesk.models import Department, Ticket
from helpdesk.selectors import tickets as reading_tickets
from helpdesk.services import tickets
from herotill.api.endpoints import asker, read, write
from herotill.api.offers import offer
from herotill.api.paging import Page, Paged, page_of
from herotill.api.scopes import Resource, Scope, resources, scopes
from herotill.api.since import Since, in_reach
from herotill.api.taking import Taken
from herotill.api.words import Line, Number, Text
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.reading import reading

READ, OPEN, ANSWER = "tickets:read", "tickets:open", "tickets:answer"
scopes.register(Scope(READ, "see tickets", "helpdesk.view_ticket", 50))
scopes.register(Scope(OPEN, "open tickets", "helpdesk.add_ticket", 51))
scopes.register(Scope(ANSWER, "answer customers in tickets, and note", "helpdesk.answer_ticket", 52))
router = Router()
resources.register(Resource("Tickets", router, 50))
for _order, (_kind, _label, *_holds) in enumerate(
    (
        ("opened", "A ticket was opened", "origin"),
        ("said", "A customer wrote on a ticket", "reopened"),
        ("answered", "A ticket was answered"),
        ("assigned", "A ticket was given to somebody"),
        ("closed", "A ticket was closed"),
        ("reopened", "A ticket was reopened"),
    )
):
    offer(f"ticket.{_kind}", _label, "post", *_holds, order=50 + _order)
offer("rating.given", "A customer rated us", "stars", "kind", order=58)
State = Literal["open", "pending", "closed"]


class TicketOut(Schema):
    """A ticket; `number` is what stands in the subject of our mails."""

    number: int
    subject: str
    state: State
    origin: str
    department: str
    priority: str
    customer: str | None
    assignee: str | None
    opened_at: datetime
    answered_at: datetime | None
    last_at: datetime
    solve_due_at: datetime | None
    closed_at: datetime | None

    @staticmethod
    def resolve_number(one: Ticket) -> int:
        return one.pk

    @staticmethod
    def resolve_department(one: Ticket) -> str:
        return one.department.name

    @staticmethod
    def resolve_priority(one: Ticket) -> str:
        return one.priority.name

    @staticmethod
    def resolve_customer(one: Ticket) -> str | None:
        return one.customer.code if one.customer else None

    @staticmethod
    def resolve_assignee(one: Ticket) -> str | None:
        return str(one.assignee) if one.assignee else None


class PostOut(Schema):
    """What was said or noted, or what happened; customers see what they said and what we answered."""

    id: int
    kind: Literal["said", "answer", "note", "event"]
    at: datetime
    author: str
    text: str

    @staticmethod
    def resolve_author(one: Any) -> str:
        return str(one.author) if one.author else one.author_name


class Talk(TicketOut):
    """A ticket with its newest sixty posts, oldest first."""

    posts: list[PostOut]

    @staticmethod
    def resolve_posts(one: Ticket) -> Any:
        return reading_tickets.conversation(one).posts


class Filter(Schema):
    """Which tickets; one counts as changed that was opened, spoken on or closed."""

    customer: str = ""
    state: Literal["", "open", "pending", "closed"] = ""
    changed_since: Since = None


class TicketIn(Schema):
    """What a customer said. `department` is its name."""

    customer: Line
    subject: Line
    text: Text
    department: Line


class AnswerIn(Schema):
    """An answer to the customer, after which the ticket waits for them; or a note among ourselves."""

    text: Text
    kind: Literal["answer", "note"] = "answer"


def _found(number: int) -> Ticket:
    one = reading_tickets.find(number)
    if one is None:
        raise Http404
    return one


@read(router, "/tickets", scope=READ, answer=Page[TicketOut], summary="Tickets by their numbers")
def all_tickets(request: HttpRequest, where: Paged, only: Annotated[Filter, Query()]) -> Any:
    known = Ticket.objects.using(reading()).select_related("department", "priority", "customer", "assignee")
    if only.customer:
        known = known.filter(customer=customer_of(only.customer))
    if only.state:
        known = known.filter(state=only.state)
    if only.changed_since:
        since = in_reach(only.changed_since)
        known = known.filter(Q(last_at__gte=since) | Q(opened_at__gte=since) | Q(closed_at__gte=since))
    return page_of(request, known, where, of=Taken("tickets", "helpdesk.export_tickets"))


@read(router, "/tickets/{number}", scope=READ, answer=Talk, summary="One ticket with what was said")
def one_ticket(request: HttpRequest, number: Number) -> Any:
    return _found(number)


@write(router, "/tickets", scope=OPEN, answer=TicketOut, summary="Open a ticket for a customer")
def open_ticket(request: HttpRequest, new: TicketIn) -> Any:
    where = Department.objects.filter(name=new.department, retired=False).first()
    if where is None:
        raise DomainError(f"There is no department “{new.department}”.", field="department")
    made = tickets.open_ticket(
        customer=customer_of(new.customer),
        subject=new.subject,
        text=new.text,
        department=where,
        actor=asker(request),
        now=stamp(),
    )
    return Status(201, _found(made.pk))


@write(
    router, "/tickets/{number}/posts", scope=ANSWER, answer=PostOut, summary="Answer the customer, or note"
)
def add_post(request: HttpRequest, number: Number, said: AnswerIn) -> Any:
    deed = tickets.answer if said.kind == "answer" else tickets.note
    made = deed(ticket=_found(number), text=said.text, actor=asker(request), now=stamp())
    return Status(201, made)
