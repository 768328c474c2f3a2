"""Cases as screens show them: counts, histories, what comes next in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, QuerySet

from billing.models import CaseStep, CustomerDown, SuspensionCase, SuspensionTerms, TakenDown
from billing.policies.suspending import WORDS, Decision, Deed
from billing.selectors.suspensions.facts import Planned, plan
from customers.models import Customer
from herotill.messages.models import Message
from herotill.money import ZERO

State = SuspensionCase.State
TONES = {
    State.LISTED: "warn",
    State.APPROVED: "accent",
    State.WARNED: "warn",
    State.WARNED_TWICE: "warn",
    State.SUSPENDED: "bad",
    State.TAKEN_OVER: "bad",
    State.ENDED: "",
}
SUBJECT = "suspension-case"


def counts() -> Counter[str]:
    """How many open cases are in each state."""
    found = SuspensionCase.objects.exclude(state=State.ENDED).order_by().values_list("state")
    return Counter(dict(found.annotate(count=Count("pk"))))


def to_approve() -> int:
    """How many cases wait for a person."""
    return SuspensionCase.objects.filter(state__in=[State.LISTED, State.TAKEN_OVER]).count()


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of a case with the message that told the customer."""

    step: CaseStep
    message: Message | None


def history(case: SuspensionCase) -> list[StepTaken]:
    """What happened in a case, oldest first; two questions."""
    steps = list(case.steps.select_related("by").order_by("pk"))
    told = Message.objects.filter(subject_kind=SUBJECT, subject_id=case.pk, split_from=None).order_by("pk")
    by_key = {one.key: one for one in told if one.key}
    return [
        StepTaken(one, by_key.get(one.message_key or f"suspension-{case.pk}-{one.kind}")) for one in steps
    ]


def open_case(customer: Customer) -> SuspensionCase | None:
    """The customer's open case."""
    return open_cases(customer).first()


def open_cases(customer: Customer) -> QuerySet[SuspensionCase]:
    return SuspensionCase.objects.filter(customer=customer).exclude(state=State.ENDED)


def terms_of(customer: Customer) -> SuspensionTerms:
    """What holds for this customer; not stored where nothing of its own does."""
    return SuspensionTerms.objects.filter(customer=customer).first() or SuspensionTerms(customer=customer)


def down(case: SuspensionCase) -> tuple[list[TakenDown], list[CustomerDown]]:
    """What a case took down: data accounts and customers."""
    accounts = case.taken_down.select_related("account").order_by("account__username")
    customers = case.customers_down.select_related("customer").order_by("customer__code")
    return list(accounts), list(customers)


def in_words(decision: Decision, day: date) -> str:
    """`Second warning on 2026-03-14`, `Waits for approval`, `First warning with the next run`."""
    if decision.deed:
        return f"{WORDS[decision.deed]} with the next run"
    if decision.then and decision.on:
        return (
            f"{WORDS[decision.then]} {'with the next run' if decision.on <= day else f'from {decision.on}'}"
        )
    if decision.then:
        return "Waits for a decision" if decision.then is Deed.RESET else "Waits for approval"
    return "Nothing by itself"


def nexts(customers: Sequence[int], *, day: date, now: datetime) -> dict[int, Planned]:
    """What comes next for each of these customers, by customer."""
    if not customers:
        return {}
    return {one.known.customer_id: one for one in plan(day=day, now=now, customers=customers)}


@dataclass(frozen=True, slots=True)
class Doing:
    """What the next run does of one kind: how many, how much they owe, the first of them."""

    deed: Deed
    count: int
    overdue: Decimal
    rows: list[tuple[Customer, Planned]]

    @property
    def words(self) -> str:
        return WORDS[self.deed]


def preview(*, day: date, now: datetime, shown: int) -> list[Doing]:
    """What the run of a day would do, kind by kind; by the same statement and policy as the run."""
    found = [one for one in plan(day=day, now=now) if one.deed]
    groups = {deed: [one for one in found if one.deed is deed] for deed in Deed}
    first = [one.known.customer_id for some in groups.values() for one in some[:shown]]
    people = Customer.objects.in_bulk(first)
    return [
        Doing(
            deed,
            len(some),
            sum((one.known.overdue for one in some), ZERO),
            [(people[one.known.customer_id], one) for one in some[:shown]],
        )
        for deed, some in groups.items()
        if some
    ]


def everything(*, day: date, now: datetime) -> list[tuple[str, str, str, Decimal, str]]:
    """Rows of the preview for a file: code, name, deed, overdue, why."""
    found = [one for one in plan(day=day, now=now) if one.deed]
    people = Customer.objects.in_bulk([one.known.customer_id for one in found])
    return [
        (
            people[one.known.customer_id].code,
            people[one.known.customer_id].name,
            WORDS[one.deed] if one.deed else "",
            one.known.overdue,
            one.why,
        )
        for one in found
    ]
