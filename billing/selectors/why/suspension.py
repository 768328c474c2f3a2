"""Why is somebody warned or suspended, or not? Item, document, rule, message, action."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse

from billing.models import Dispute, OpenItem, SuspensionCase, SuspensionRules
from billing.policies.facts import Fact
from billing.policies.suspending import Known
from billing.selectors.suspensions import cases, overdue
from billing.selectors.suspensions.facts import of_one
from billing.selectors.why.answers import SHOWN, Answer
from customers.models import Customer
from herotill.money import ZERO, rand


def of_suspension(customer: Customer, *, day: date, now: datetime) -> Answer:
    """Why a customer is warned or suspended, or is not, and what comes next."""
    found = of_one(customer=customer.pk, day=day, now=now)
    owed = overdue([customer.pk], day).get(customer.pk)
    facts = _late(customer, day)
    amount = owed.amount if owed else ZERO
    facts.append(
        Fact(f"Together, less credit, {rand(amount)} counts as overdue.", tone="bad" if amount else "ok")
    )
    if found:
        facts += [_rule(found.known), Fact(found.why)]
    case = cases.open_case(customer)
    if case:
        facts += _steps(case)
    if found:
        facts.append(Fact(f"Next: {cases.in_words(found.decision, day)}.", tone="warn"))
    return Answer(f"Why is {customer.name} {_word(case)}?", amount, facts)


def _word(case: SuspensionCase | None) -> str:
    return case.get_state_display().lower() if case else "not in collections"


def _late(customer: Customer, day: date) -> list[Fact]:
    """The documents past their day, each with what it rests on."""
    items = OpenItem.objects.filter(customer=customer, open__gt=0, due_date__lt=day).select_related(
        "document"
    )
    disputed = set(
        Dispute.objects.filter(document__customer=customer, answered_at=None).values_list(
            "document", flat=True
        )
    )
    return [_item(one, one.document_id in disputed) for one in items.order_by("due_date", "pk")[:SHOWN]]


def _item(item: OpenItem, disputed: bool) -> Fact:
    document = item.document
    name = document.name if document else "Opening balance"
    text = f"{name}: {rand(item.open)} of {rand(item.amount)} is open; it was due on {item.due_date}."
    if disputed:
        text += " It is disputed and does not count until that is answered."
    return Fact(
        text,
        item.accounting_date,
        url=document.get_absolute_url() if document else "",
        asks=reverse("billing:why-document", args=[document.pk]) if document else "",
        tone="" if disputed else "bad",
    )


def _rule(known: Known) -> Fact:
    minimum = SuspensionRules.objects.get().minimum
    return Fact(
        f"The rules: warned {known.overdue_days} and {known.second_notice_days} days after {known.counts_from or 'the due date'},"
        f" suspended after {known.suspension_days}, from {rand(minimum)} on.",
        url=reverse("billing:suspension-rules"),
    )


def _steps(case: SuspensionCase) -> list[Fact]:
    return [
        Fact(
            f"{one.step.get_kind_display()}. {one.step.why}".strip(),
            one.step.day,
            by=str(one.step.by or ""),
            url=reverse("message", args=[one.message.pk]) if one.message else "",
        )
        for one in cases.history(case)
    ]
