"""Departments, categories, priorities, reasons and canned answers in Setup."""

from __future__ import annotations

from helpdesk.forms import setup as forms
from helpdesk.models import (
    CannedAnswer,
    Category,
    CloseReason,
    Department,
    Membership,
    OfficeHours,
    Priority,
)
from helpdesk.policies.lengths import in_minutes
from helpdesk.selectors import setup as reading
from helpdesk.services import setup as services
from herotill.lists import Column, cells, keyset
from herotill.lists.columns import Row
from herotill.tables import keep


def _minutes(name: str, heading: str, order: int, *, default: bool = True) -> Column:
    def value(row: Row) -> str:
        return in_minutes(row[name])

    return Column(name=name, heading=heading, fields=(name,), value=value, default=default, order=order)


keep(
    name="departments",
    model=Department,
    title="Departments of the helpdesk",
    noun="department",
    nouns="departments",
    about="Who answers tickets, in which hours, and who stands by outside of them.",
    icon="user-group",
    form=forms.DepartmentForm,
    columns=(
        Column(
            name="people",
            heading="People",
            cell=cells.CLIPPED,
            batch=reading.people_of,
            default=True,
            order=20,
        ),
        Column(
            name="hours",
            heading="Office hours",
            cell=cells.CLIPPED,
            batch=reading.hours_in_words,
            default=True,
            order=30,
        ),
        Column(
            name="standby",
            heading="Stands by",
            fields=("standby__name",),
            default=True,
            order=40,
        ),
        Column(
            name="offered",
            heading="In the portal",
            cell=cells.YES,
            fields=("offered",),
            default=True,
            narrow=False,
            order=50,
        ),
        Column(
            name="ratings",
            heading="Low ratings",
            cell=cells.YES,
            fields=("for_ratings",),
            default=True,
            narrow=False,
            order=60,
        ),
    ),
    fixed=reading.why_department_stays,
    saved=services.keep_department,
    parts=(Membership, OfficeHours),
    order=600,
)
keep(
    name="ticket-categories",
    model=Category,
    title="Categories of tickets",
    noun="category",
    nouns="categories",
    about="What tickets are about: no connection, an invoice, a move.",
    icon="tag",
    form=forms.CategoryForm,
    columns=(
        Column(
            name="offered",
            heading="Customers may choose it",
            cell=cells.YES,
            fields=("offered",),
            default=True,
            order=20,
        ),
    ),
    order=601,
)
keep(
    name="priorities",
    model=Priority,
    title="Priorities and service levels",
    noun="priority",
    nouns="priorities",
    about="How urgent tickets are, and within which time they are answered and solved.",
    icon="flag",
    form=forms.PriorityForm,
    columns=(
        Column(
            name="rank",
            heading="Rank",
            cell=cells.NUMBER,
            fields=("rank",),
            sort=keyset.by_number("rank"),
            default=True,
            order=15,
        ),
        _minutes("answer_minutes", "First answer within", 20),
        _minutes("solve_minutes", "Solved within", 30),
        _minutes("vip_answer_minutes", "VIP: first answer within", 40),
        _minutes("vip_solve_minutes", "VIP: solved within", 50),
        Column(
            name="clock",
            heading="Around the clock",
            cell=cells.YES,
            fields=("around_the_clock",),
            default=True,
            narrow=False,
            order=60,
        ),
        Column(
            name="usual",
            heading="Usual",
            cell=cells.YES,
            fields=("usual",),
            default=True,
            order=70,
        ),
    ),
    fixed=reading.why_priority_stays,
    saved=services.due_anew,
    sort="rank",
    order=602,
)
keep(
    name="close-reasons",
    model=CloseReason,
    title="Reasons for closing tickets",
    noun="reason",
    nouns="reasons",
    about="Why a ticket is closed; one is always chosen.",
    icon="check-circle",
    form=forms.CloseReasonForm,
    order=603,
)
keep(
    name="canned-answers",
    model=CannedAnswer,
    title="Canned answers",
    noun="canned answer",
    nouns="canned answers",
    about="Answers that are given often, with the customer's name put in.",
    icon="chat-bubble-bottom-center-text",
    form=forms.CannedAnswerForm,
    columns=(
        Column(
            name="department",
            heading="Department",
            fields=("department__name",),
            default=True,
            order=20,
        ),
        Column(
            name="text",
            heading="Text",
            cell=cells.CLIPPED,
            fields=("text",),
            default=True,
            narrow=False,
            order=30,
        ),
    ),
    order=604,
)
