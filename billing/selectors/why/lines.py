"""Why is a line what it is: the item, its price, the days, the VAT, and what became of it?"""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from billing.models import Line, RecurringItem
from billing.policies import facts as words
from billing.policies.facts import Fact
from billing.selectors.why import accounts
from billing.selectors.why.answers import SHOWN, Answer, day_of
from billing.selectors.why.prices import priced
from herotill.money import rand
from herotill.reference.selectors.vat import all_rates

ITEM = "item"


def of_line(line: Line) -> Answer:
    """Why a line is what it is: the item, its price, the days, the VAT, and what became of it."""
    facts: list[Fact] = []
    item = _item(line)
    if item:
        facts.append(_ordered(item))
        facts += priced(line, item.prices.all(), item.customer, line.first or line.period or item.starts_on)
    elif account_facts := accounts.facts(line):
        facts += account_facts
    elif line.source:
        facts.append(Fact(f"Charged by “{line.source}”, number {line.item_id}."))
    else:
        facts.append(Fact("Put on the document by hand."))
    facts.append(_reckoned(line))
    facts.append(_taxed(line))
    if line.document:
        made = Fact(
            f"It stands on {line.document}.",
            line.document.document_date,
            url=line.document.get_absolute_url(),
            asks=reverse("billing:why-document", args=[line.document_id]),
        )
        facts.append(made)
    else:
        facts.append(Fact("It waits for an invoice.", tone="warn"))
    facts += _credited(line)
    return Answer(f"Why {rand(line.incl)} for {line.text}?", line.incl, facts)


def _item(line: Line) -> RecurringItem | None:
    if line.source != ITEM or line.item_id is None:
        return None
    found = RecurringItem.objects.filter(pk=line.item_id)
    return found.select_related("product", "created_by", "customer__billing_profile__price_list").first()


def _ordered(item: RecurringItem) -> Fact:
    ends = f", until {item.ends_on}" if item.ends_on else ""
    count = "" if item.quantity == 1 else f"{item.quantity.normalize():f} × "
    return Fact(
        f"{item.customer.name} has {count}{item.product.name} since {item.starts_on}{ends}.",
        day_of(item.created_at),
        str(item.created_by or ""),
        item.customer.get_absolute_url(),
    )


def _reckoned(line: Line) -> Fact:
    given = line.incl if line.includes_vat else line.excl
    basis = "including VAT" if line.includes_vat else "without VAT"
    if line.first and line.last and line.source:
        text = words.share(
            first=line.first,
            last=line.last,
            price=line.unit_price,
            quantity=line.quantity,
            discount=line.discount,
            amount=given,
        )
        return Fact(f"{text[:-1]}, {basis}.", line.first)
    less = f" less {line.discount.normalize():f} %" if line.discount else ""
    return Fact(f"{line.quantity.normalize():f} × {rand(line.unit_price)}{less} is {rand(given)}, {basis}.")


def _taxed(line: Line) -> Fact:
    dated = line.document.document_date if line.document else None
    counts = line.first or dated or line.period or date.min
    since = next(
        (one.starts_on for one in all_rates() if not one.withdrawn and one.starts_on <= counts), None
    )
    if line.credits_id:
        return Fact(
            f"VAT {line.vat_rate.normalize():f} %, the rate of the line it credits: {rand(line.vat)}."
        )
    text = words.vat(
        vat_class=line.vat_class,
        rate=line.vat_rate,
        since=since,
        counts=counts,
        excl=line.excl,
        tax=line.vat,
    )
    return Fact(text)


def _credited(line: Line) -> list[Fact]:
    answers = Line.objects.filter(credits=line).select_related("document__issued_by").order_by("pk")[:SHOWN]
    return [
        Fact(
            f"{rand(answer.incl)} of it was taken back by {answer.document}.",
            answer.document.document_date,
            str(answer.document.issued_by or ""),
            answer.document.get_absolute_url(),
            reverse("billing:why-document", args=[answer.document_id]),
        )
        for answer in answers
        if answer.document
    ]
